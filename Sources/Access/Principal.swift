/// Who a request comes from, as far as the server can prove it.
public struct Principal: Sendable, Hashable {
    /// A stable name: `anonymous`, `token:NAME`, later a subject of an authorization server. Never a secret.
    public var name: String
    /// What it may do.
    public var scopes: Set<Scope>

    /// A principal with its parts.
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
    /// The name on the wire.
    public var rawValue: String

    /// A scope by its name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Look things up.
    public static let read = Scope(rawValue: "read")
    /// Store.
    public static let write = Scope(rawValue: "write")
    /// Erase, export, change who may come.
    public static let admin = Scope(rawValue: "admin")
}
