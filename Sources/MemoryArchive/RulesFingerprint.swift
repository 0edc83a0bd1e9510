import Crypto

/// Tells rules of redaction from others without giving away what they name.
package enum RulesFingerprint {
    /// - Parameters:
    ///   - key: the store's.
    ///   - parts: everything that the rules are made of, in an order that does not change.
    package static func text(key: [UInt8], parts: [String]) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: key))
        for part in ["magenta redaction rules 1"] + parts {
            code.update(data: Array("\(part.utf8.count):".utf8))
            code.update(data: Array(part.utf8))
        }
        return Hexadecimal.text(Array(code.finalize()))
    }
}
