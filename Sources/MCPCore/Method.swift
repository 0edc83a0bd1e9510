import JSON

/// One entry of the server's registry: what answers a method, and in which revisions it exists.
struct Method: Sendable {
    typealias Answer = @Sendable (_ params: JSONObject, _ context: RequestContext) async throws -> MethodResult

    let name: String
    let serves: @Sendable (Revision) -> Bool
    let answer: Answer

    init(_ name: String, serves: @escaping @Sendable (Revision) -> Bool = { _ in true }, answer: @escaping Answer) {
        self.name = name
        self.serves = serves
        self.answer = answer
    }
}

/// What a method gives back, before the envelope of the revision goes round it.
struct MethodResult: Sendable {
    var members: JSONObject
    /// Only the operations that 2026-07-28 calls cacheable have one.
    var cacheHint: CacheHint?

    init(_ members: JSONObject = JSONObject(), cacheHint: CacheHint? = nil) {
        self.members = members
        self.cacheHint = cacheHint
    }
}

/// Methods that come together with the capability that announces them.
struct Feature: Sendable {
    /// The member of `capabilities`; `nil` where no capability announces the methods.
    let capability: @Sendable (Revision) -> JSONObject.Member?
    let methods: [Method]

    init(methods: [Method], capability: @escaping @Sendable (Revision) -> JSONObject.Member? = { _ in nil }) {
        self.methods = methods
        self.capability = capability
    }
}

/// How long, and by whom, a list may be kept (2026-07-28).
public struct CacheHint: Sendable, Hashable {
    /// Who may be given the answer that was kept.
    public enum Scope: String, Sendable, Hashable {
        /// Everybody.
        case `public`
        /// Only whoever asked.
        case `private`
    }

    /// How long it stays good; 0 for not at all.
    public var milliseconds: Int
    /// Who may be given it.
    public var scope: Scope

    /// - Parameters:
    ///   - milliseconds: how long it stays good, at least 0.
    ///   - scope: who may be given it.
    public init(milliseconds: Int, scope: Scope) {
        self.milliseconds = max(0, milliseconds)
        self.scope = scope
    }

    /// Ask again each time.
    public static let none = CacheHint(milliseconds: 0, scope: .private)
}
