public import Access

/// Which scopes stand for others: whoever holds a broad one need not hold the narrow ones too. MCP 2026-07-28 wants a server to honour this
/// (authorization, scope challenge handling).
public struct ScopeHierarchy: Sendable, Hashable {
    /// For each scope the ones that it stands for directly.
    private let narrower: [Scope: Set<Scope>]

    /// - Parameter narrower: for each scope the ones that it stands for directly; what those stand for is included.
    public init(_ narrower: [Scope: Set<Scope>]) {
        self.narrower = narrower
    }

    /// One line of scopes, each of which stands for all behind it.
    public init(broadestFirst scopes: [Scope]) {
        narrower = Dictionary(zip(scopes, scopes.dropFirst()).map { ($0, [$1]) }) { $0.union($1) }
    }

    /// `admin`, which includes `write`, which includes `read`.
    public static let standard = ScopeHierarchy(broadestFirst: [.admin, .write, .read])
    /// Every scope stands for itself alone.
    public static let flat = ScopeHierarchy([:])

    /// The scopes together with all that they stand for.
    public func expanded(_ held: Set<Scope>) -> Set<Scope> {
        var result = held
        var open = Array(held)
        // Each scope enters `open` once, so a circle ends too.
        while let scope = open.popLast() {
            for next in narrower[scope] ?? [] where result.insert(next).inserted { open.append(next) }
        }
        return result
    }

    /// Whether somebody who holds the one set may do what needs the other.
    public func satisfies(_ held: Set<Scope>, _ needed: Set<Scope>) -> Bool {
        missing(held, needed).isEmpty
    }

    /// What is needed and not held, by itself or within a broader scope.
    public func missing(_ held: Set<Scope>, _ needed: Set<Scope>) -> Set<Scope> {
        needed.subtracting(expanded(held))
    }
}
