import Access
import Crypto
import JSON

/// What tokens for this server must say (RFC 9068 section 4).
struct ClaimRule: Sendable {
    let issuer: String
    let issuerAddress: WebAddress
    let resource: WebAddress
    let otherAudiences: [String]
    let leeway: Double

    /// Whether a token claims to be from the issuer, which decides whose keys it is checked with. The comparison is one of bytes
    /// (RFC 8414 section 3.3), which that of strings is not.
    func isFromIssuer(_ claims: JSONObject) -> Bool {
        claims["iss"]?.string.map { $0.utf8.elementsEqual(issuer.utf8) } ?? false
    }

    /// - Parameter now: seconds since 1970.
    func check(_ claims: JSONObject, now: Double) throws(TokenFlaw) {
        guard let expiry = claims["exp"]?.double else { throw .noExpiry }
        guard now < expiry + leeway else { throw .expired }
        if let start = claims["nbf"] {
            guard let start = start.double else { throw .unreadable }
            guard now + leeway >= start else { throw .notYetValid }
        }
        let audiences = Self.strings(claims["aud"])
        guard audiences.contains(where: isThisServer) else { throw .audience }
    }

    private func isThisServer(_ audience: String) -> Bool {
        if otherAudiences.contains(where: { $0.utf8.elementsEqual(audience.utf8) }) { return true }
        return (try? WebAddress(audience))?.withoutTrailingSlash == resource
    }

    /// A string, or a list of strings.
    private static func strings(_ value: JSONValue?) -> [String] {
        value?.string.map { [$0] } ?? value?.array?.compactMap(\.string) ?? []
    }

    /// `scope` is one string (RFC 8693 section 4.2); others write a list, or call it `scp`.
    func scopes(_ claims: JSONObject) -> Set<Scope> {
        let texts = Self.strings(claims["scope"]) + Self.strings(claims["scp"])
        return Set(texts.flatMap { $0.split(separator: " ") }.map(String.init).filter(Scope.isValid).map(Scope.init(rawValue:)))
    }

    /// `sub:HOST:SUBJECT`. Two subjects never share a name, since sessions belong to one: whatever was left out of a subject, because it has
    /// no place in a log line, comes back as a digest.
    func name(_ claims: JSONObject) throws(TokenFlaw) -> String {
        // A client that acts for itself may have no subject of its own (RFC 9068 section 2.2).
        guard let subject = claims["sub"]?.string ?? claims["client_id"]?.string, !subject.isEmpty else { throw .noSubject }
        let place = issuerAddress.withoutTrailingSlash
        let issuerName = (place.authority + place.path).split(separator: ":", omittingEmptySubsequences: false).joined(separator: "%3A")
        var shown = String(subject.unicodeScalars.filter { (0x21...0x7E).contains($0.value) && $0 != "#" }.map(Character.init).prefix(100))
        if !shown.utf8.elementsEqual(subject.utf8) {
            let digits = SHA256.hash(data: Array(subject.utf8)).prefix(16).map { byte in
                let text = String(byte, radix: 16)
                return text.utf8.count == 1 ? "0" + text : text
            }
            shown += "#" + digits.joined()
        }
        return "sub:\(issuerName):\(shown)"
    }
}
