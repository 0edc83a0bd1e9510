import Access
import Crypto

/// A token that this server's owner made, of which the server keeps the hash alone.
///
/// Plain SHA-256 is enough here: the token is 256 bits drawn at random, so there is nothing to guess that a slow hash would have to protect
/// as it does passwords, and every request pays for the hash.
package struct IssuedToken: Sendable {
    /// By it a scanner, and magenta's own redactor, knows the token where it was pasted by mistake.
    package static let prefix = "mgt_"
    package let text: String

    private init(text: String) {
        self.text = text
    }

    /// A new one: the prefix and 32 random bytes in base64url.
    package static func random() -> IssuedToken {
        var random = SystemRandomNumberGenerator()
        return IssuedToken(text: prefix + Base64.url.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    package var hash: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
