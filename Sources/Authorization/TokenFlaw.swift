/// Why a token is not accepted. The sentences are shown to whoever sent it, so none holds a part of the token, of the keys, or of what went
/// wrong between this server and the issuer.
enum TokenFlaw: String, Error, Sendable, CustomStringConvertible {
    case notAJWT = "the token is not a JWT"
    case unreadable = "the token is not well-formed"
    case algorithm = "the token is signed with an algorithm that is not accepted"
    case criticalHeader = "the token asks for an extension that is not known"
    case type = "the token is not an access token"
    case issuer = "the token comes from another issuer"
    case unknownKey = "the token is signed with a key that its issuer does not publish"
    case signature = "the token's signature is not valid"
    case noExpiry = "the token has no expiry"
    case expired = "the token has expired"
    case notYetValid = "the token is not valid yet"
    case audience = "the token was made out for another resource"
    case noSubject = "the token names no subject"
    /// Not the token's fault.
    case keysUnavailable = "the keys of the token's issuer cannot be read now"

    var description: String { rawValue }
}
