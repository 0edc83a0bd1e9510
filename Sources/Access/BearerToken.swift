import Crypto

/// One shared bearer token (RFC 6750 section 2.1), the simple form of access.
///
/// Only the SHA-256 of the token is kept, and two digests are compared in constant time, so neither the length nor a
/// common prefix shows in the time of an answer.
public struct BearerToken: Authenticator {
    private let digest: SHA256.Digest
    private let principal: Principal

    /// - Parameters:
    ///   - token: at least 16 visible ASCII characters.
    ///   - name: what the holder is called in logs.
    /// - Throws: ``BearerTokenError`` where the token is too short or cannot stand in a header.
    public init(_ token: String, name: String = "default") throws(BearerTokenError) {
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .notVisibleASCII }
        guard token.utf8.count >= 16 else { throw .tooShort(minimum: 16) }
        digest = SHA256.hash(data: Array(token.utf8))
        principal = Principal(name: "token:\(name)", scopes: [.read, .write, .admin])
    }

    /// Compares the token behind `Bearer` with the one that was given.
    public func authenticate(authorization: String?) async -> Authentication {
        switch BearerCredentials(authorization: authorization) {
        case .absent: .missing
        case .malformed(let reason): .malformed(reason: reason)
        case .token(let token):
            // A digest against a digest: the comparison of swift-crypto is constant in time.
            SHA256.hash(data: Array(token.utf8)) == digest ? .accepted(principal) : .invalid(reason: "the token is not this server's")
        }
    }
}

extension BearerToken: CustomStringConvertible {
    /// Whom it lets in. A log that describes what a server is made of must not show even the digest: a token that a person thought up could be
    /// guessed from it.
    public var description: String { "BearerToken(\(principal.name))" }
}

/// Why a text is no bearer token.
public enum BearerTokenError: Error, Sendable, Hashable, CustomStringConvertible {
    case tooShort(minimum: Int)
    case notVisibleASCII

    /// One sentence with the command that makes a good one.
    public var description: String {
        switch self {
        case .tooShort(let minimum): "the token is shorter than \(minimum) characters; make one with: openssl rand -hex 32"
        case .notVisibleASCII: "the token holds a character that no HTTP header can carry; make one with: openssl rand -hex 32"
        }
    }
}
