import JSON

/// One entry of the server's registry: what answers a method, and in which revisions it exists.
struct Method: Sendable {
    typealias Answer = @Sendable (_ params: JSONObject, _ context: RequestContext) async throws -> MethodResult

    let name: String
    let serves: @Sendable (Revision) -> Bool
    /// Whether its answer may be questions to the client (2026-07-28 allows it for three methods).
    let mayAsk: Bool
    let answer: Answer
    private var isOffered: @Sendable () -> Bool = { true }

    init(
        _ name: String, mayAsk: Bool = false, serves: @escaping @Sendable (Revision) -> Bool = { _ in true }, answer: @escaping Answer
    ) {
        self.name = name
        self.mayAsk = mayAsk
        self.serves = serves
        self.answer = answer
    }

    /// The same method, which does not exist while its feature has nothing to offer.
    func offered(while isOffered: @escaping @Sendable () -> Bool) -> Method {
        var method = self
        method.isOffered = isOffered
        return method
    }

    func exists(in revision: Revision) -> Bool { serves(revision) && isOffered() }
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
    /// Whether there is anything to offer now; where not, the methods do not exist and nothing announces them.
    let isOffered: @Sendable () -> Bool
    let methods: [Method]

    init(
        methods: [Method], isOffered: @escaping @Sendable () -> Bool = { true },
        capability: @escaping @Sendable (Revision) -> JSONObject.Member? = { _ in nil }
    ) {
        self.methods = methods
        self.isOffered = isOffered
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
