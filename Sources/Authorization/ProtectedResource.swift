public import Access
public import JSON

/// This server as OAuth 2.0 clients see it: which URL tokens must be made out for, and which authorization servers make them (RFC 9728).
///
/// ```swift
/// let resource = try ProtectedResource(url: "https://mcp.example.com/mcp", authorizationServers: ["https://auth.example.com"])
/// ```
///
/// Clients ask for a token for this URL (RFC 8707) and refuse metadata whose URL is not theirs or above it. Where clients are configured
/// with several paths of one server, name the origin alone: `https://mcp.example.com`.
public struct ProtectedResource: Sendable, Hashable {
    /// The URL in canonical form: scheme and host in lower case, no fragment, no slash at the end.
    public var url: String { address.text }
    /// The issuers whose tokens are taken, as they write themselves.
    public let authorizationServers: [String]
    /// What there is to ask for, in the order in which it is told.
    public let scopes: [Scope]
    /// What a client that has no token yet is told to ask for.
    public let initialScopes: [Scope]
    /// A name for people.
    public let name: String?

    let address: WebAddress

    /// - Parameters:
    ///   - url: where clients reach the server, never taken from a request's Host.
    ///   - authorizationServers: at least one issuer.
    ///   - scopes: what there is to ask for. `offline_access` is left out: it is between a client and its authorization server.
    ///   - initialScopes: what a client is told to ask for at first; without it everything but `admin`, which a client asks for when it
    ///     meets a 403.
    ///   - name: a name for people.
    public init(
        url: String, authorizationServers: [String], scopes: [Scope] = [.read, .write, .admin], initialScopes: [Scope]? = nil, name: String? = nil
    ) throws(AuthorizationSettingError) {
        address = try WebAddress.resource(url)
        for server in authorizationServers { _ = try WebAddress.issuer(server) }
        guard !authorizationServers.isEmpty else {
            throw AuthorizationSettingError(
                setting: "the list of authorization servers", value: "", reason: "it is empty", fix: "name the issuer of the tokens")
        }
        self.authorizationServers = authorizationServers
        // MCP 2025-11-25, authorization: SHOULD NOT stand in challenges or scopes_supported.
        self.scopes = scopes.filter { $0.rawValue != "offline_access" && Scope.isValid($0.rawValue) }
        self.initialScopes = (initialScopes ?? self.scopes.filter { $0 != .admin }).filter { $0.rawValue != "offline_access" }
        self.name = name
    }

    /// The metadata document (RFC 9728 section 2).
    public var json: JSONValue {
        var members = JSONObject()
        members["resource"] = .string(url)
        members["authorization_servers"] = .array(authorizationServers.map { .string($0) })
        if !scopes.isEmpty { members["scopes_supported"] = .array(scopes.map { .string($0.rawValue) }) }
        members["bearer_methods_supported"] = ["header"]
        if let name { members["resource_name"] = .string(name) }
        return .object(members)
    }

    private static let wellKnown = "/.well-known/oauth-protected-resource"

    /// Where the document is served: for the URL's own path, for each path of the endpoint, since clients insert the one they were
    /// configured with (RFC 9728 section 3.1), and at the root, where they look last.
    public func wellKnownPaths(endpointPaths: [String]) -> [String] {
        var paths: [String] = []
        for path in [address.path] + endpointPaths + [""] {
            let whole = Self.wellKnown + (path == "/" ? "" : path)
            if !paths.contains(whole) { paths.append(whole) }
        }
        return paths
    }

    /// The URL of the document, from which RFC 9728 section 3.3 lets a client find ``url`` again.
    public var metadataURL: String { address.at(path: Self.wellKnown + address.path).text }

    /// The value of `WWW-Authenticate` for a request that is not let through.
    public func challenge(_ failure: AccessFailure) -> String {
        BearerChallenge(failure, resourceMetadata: metadataURL, scopes: initialScopes).text
    }
}

extension WebAddress {
    /// A resource indicator (RFC 8707 section 2), in canonical form.
    static func resource(_ text: String) throws(AuthorizationSettingError) -> WebAddress {
        try setting("the resource", text, fix: "write the URL that clients use, such as https://mcp.example.com/mcp").withoutTrailingSlash
    }
}
