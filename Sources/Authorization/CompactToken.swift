import Access
import JSON

/// A signed JWT taken apart, with nothing in it verified (RFC 7515 section 7.1).
struct CompactToken: Sendable {
    /// Longer tokens are not looked at.
    static let maximumBytes = 16 * 1024

    let algorithm: SigningAlgorithm
    /// `kid`.
    let identifier: String?
    let claims: JSONObject
    /// Header and payload as they were sent: what the signature is over.
    let signedBytes: [UInt8]
    let signature: [UInt8]

    /// Whether a token looks like a JWT: three parts of base64url, and an object as the first. Shared tokens do not.
    static func isShaped(_ token: Substring) -> Bool {
        let parts = token.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        // The base64url of `{` and anything behind it starts with `e`.
        guard parts.count == 3, parts[0].hasPrefix("e"), !parts[1].isEmpty else { return false }
        return parts.allSatisfy { $0.utf8.allSatisfy(isDigit) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
    }

    init(_ token: Substring) throws(TokenFlaw) {
        guard Self.isShaped(token) else { throw .notAJWT }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard let header = Self.object(parts[0]), let claims = Self.object(parts[1]) else { throw .unreadable }
        guard let algorithm = header["alg"]?.string.flatMap(SigningAlgorithm.init(name:)) else { throw .algorithm }
        // Extensions that must be understood (RFC 7515 section 4.1.11); none is.
        guard header["crit"] == nil else { throw .criticalHeader }
        guard Self.isAccessTokenType(header["typ"]) else { throw .type }
        guard let signature = Base64.url.decode(parts[2]) else { throw .unreadable }
        self.algorithm = algorithm
        identifier = header["kid"]?.string
        self.claims = claims
        self.signature = signature
        signedBytes = Array(token[..<parts[1].endIndex].utf8)
    }

    private static func object(_ part: Substring) -> JSONObject? {
        guard let bytes = Base64.url.decode(part) else { return nil }
        // A key that stands twice could be read differently by the one who signed (RFC 7519 section 4).
        return (try? JSONReader(maximumDepth: 16, refusesDuplicateKeys: true).read(bytes))?.object
    }

    /// `at+jwt` is for access tokens (RFC 9068 section 2.1), which many servers call `JWT` or nothing. Other types are other things that the
    /// same issuer signs: proofs, logout tokens, requests (RFC 8725 section 3.11).
    private static func isAccessTokenType(_ type: JSONValue?) -> Bool {
        guard let type else { return true }
        return type.string.map { ["jwt", "at+jwt", "application/jwt", "application/at+jwt"].contains($0.lowercased()) } ?? false
    }
}
