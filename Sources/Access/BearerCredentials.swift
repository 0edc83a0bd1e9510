/// What an `Authorization` header holds of a bearer token (RFC 6750 section 2.1).
public enum BearerCredentials: Sendable, Hashable {
    /// There is no header, or one of another scheme. RFC 6750 section 3.1 treats the two alike: no error code.
    case absent
    /// The scheme is `Bearer`, and what stands behind it cannot be a token.
    case malformed(reason: String)
    /// The token, of visible ASCII characters.
    case token(Substring)

    /// Takes the header's value apart. The scheme is not case-sensitive (RFC 9110 section 11.1).
    ///
    /// RFC 6750 allows fewer characters in a token; a shared token may hold any that is visible, as it always could here.
    public init(authorization: String?) {
        guard let authorization else {
            self = .absent
            return
        }
        let end = authorization.utf8.firstIndex { $0 == 0x20 || $0 == 0x09 } ?? authorization.endIndex
        guard authorization[..<end].lowercased() == "bearer" else {
            self = .absent
            return
        }
        let token = authorization[end...].drop { $0 == " " || $0 == "\t" }
        if token.isEmpty {
            self = .malformed(reason: "no token stands behind \"Bearer\"")
        } else if !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            self = .malformed(reason: "what stands behind \"Bearer\" is not one token of visible ASCII characters")
        } else {
            self = .token(token)
        }
    }
}
