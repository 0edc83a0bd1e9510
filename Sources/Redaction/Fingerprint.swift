import Crypto

/// Tells bytes that were not redacted from others, without giving any of them away: whoever has a plain hash and all of a text but the
/// secret in it can test guesses. HMAC-SHA-256 under the redactor's key.
package struct Fingerprint {
    private var code: HMAC<SHA256>

    init(_ key: SymmetricKey) {
        code = HMAC(key: key)
        // Apart from the placeholders, which are made of the same key.
        code.update(data: Array("magenta fingerprint\u{0}".utf8))
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { code.update(data: bytes) }

    /// 64 hexadecimal digits.
    package func text() -> String { Self.hexadecimal(code.finalize()) }

    /// Two digits a byte, in small letters.
    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

extension Redactor {
    /// For bytes that come piece by piece.
    package func fingerprint() -> Fingerprint { vocabulary.placeholders.fingerprint() }

    package func fingerprint(of bytes: UnsafeRawBufferPointer) -> String {
        var fingerprint = fingerprint()
        fingerprint.update(bytes)
        return fingerprint.text()
    }

    package func fingerprint(of bytes: [UInt8]) -> String { bytes.withUnsafeBytes { fingerprint(of: $0) } }
}
