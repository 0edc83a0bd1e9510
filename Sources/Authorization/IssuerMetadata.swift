import JSON

/// What an authorization server says of itself (RFC 8414, OpenID Connect Discovery 1.0).
enum IssuerMetadata {
    /// Where its document may be, in the order of MCP 2025-11-25 (authorization, authorization server metadata discovery): the well-known
    /// part inserted before the issuer's path, OpenID's likewise, then OpenID's own place behind the path.
    static func addresses(of issuer: WebAddress) -> [WebAddress] {
        let path = issuer.withoutTrailingSlash.path
        var paths = ["/.well-known/oauth-authorization-server" + path, "/.well-known/openid-configuration" + path]
        if !path.isEmpty { paths.append(path + "/.well-known/openid-configuration") }
        return paths.map { issuer.at(path: $0) }
    }

    /// The address of the keys. An issuer on this machine may have them here too, over plain http; no other can point in here with it.
    static func keysAddress(in bytes: [UInt8], issuer: String, at issuerAddress: WebAddress) throws(IssuerMetadataError) -> WebAddress {
        guard let document = try? JSONReader(maximumDepth: 32).read(bytes) else { throw .notJSON }
        // RFC 8414 section 3.3: to the letter, or the document must not be used.
        guard let named = document["issuer"]?.string, named.utf8.elementsEqual(issuer.utf8) else { throw .otherIssuer }
        guard let text = document["jwks_uri"]?.string, let address = try? WebAddress(text) else { throw .noKeysAddress }
        guard address.isSecure || (address.isLoopback && issuerAddress.isLoopback) else { throw .plainHTTP }
        return address
    }
}

/// Why an authorization server's document is of no use.
enum IssuerMetadataError: Error, Sendable, Hashable, CustomStringConvertible {
    case notJSON
    case otherIssuer
    case noKeysAddress
    case plainHTTP

    var description: String {
        switch self {
        case .notJSON: "its metadata is not JSON"
        case .otherIssuer: "its metadata has another \"issuer\" than the one that is configured, and the two must be equal to the letter"
        case .noKeysAddress: "its metadata has no URL as \"jwks_uri\""
        case .plainHTTP: "its \"jwks_uri\" is not https"
        }
    }
}
