/// Who a request comes from, as far as the server can prove it.
public struct Principal: Sendable, Hashable {
    /// A stable name: `anonymous`, `token:NAME`, later a subject of an authorization server. Never a secret.
    public var name: String
    public var scopes: Set<Scope>

    public init(name: String, scopes: Set<Scope>) {
        self.name = name
        self.scopes = scopes
    }

    /// Everybody, on a server that asks for no token.
    public static let anonymous = Principal(name: "anonymous", scopes: [.read, .write, .admin])
    /// The one user of a process that speaks over stdin and stdout.
    public static let local = Principal(name: "local", scopes: [.read, .write, .admin])
}

/// What a principal may do.
public struct Scope: RawRepresentable, Sendable, Hashable {
    public var rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let read = Scope(rawValue: "read")
    public static let write = Scope(rawValue: "write")
    public static let admin = Scope(rawValue: "admin")
}
