import Crypto

/// What stands in place of a secret: `[redacted:SHAPE:xxxxxxxx]`.
enum Placeholder {
    static let prefix: StaticString = "[redacted:"
    private static let digits = Array("0123456789abcdef".utf8)

    static func bytes(_ shape: RedactionShape, digest: some Sequence<UInt8>) -> [UInt8] {
        var result = Array(prefix.description.utf8)
        result.append(contentsOf: shape.rawValue.utf8)
        result.append(UInt8(ascii: ":"))
        for byte in digest.prefix(4) {
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        result.append(UInt8(ascii: "]"))
        return result
    }

    /// The end of the placeholder that stands at `start`, of any version's shapes.
    static func end(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
        guard TokenRun.hasPrefix(prefix, in: bytes, at: start) else { return nil }
        let name = start + prefix.utf8CodeUnitCount
        var index = name
        while index < bytes.count, index - name < 32, Self.isNameByte(bytes[index]) { index += 1 }
        guard index > name, index + 10 <= bytes.count, bytes[index] == UInt8(ascii: ":"), bytes[index + 9] == UInt8(ascii: "]") else {
            return nil
        }
        guard bytes[index + 1..<index + 9].allSatisfy({ digits.contains($0) }) else { return nil }
        return index + 10
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

/// The key of the placeholders. It never shows in a description.
struct PlaceholderKey: Sendable, CustomStringConvertible {
    private let key: SymmetricKey

    init(_ bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
    }

    func placeholder(_ shape: RedactionShape, for secret: [UInt8]) -> [UInt8] {
        Placeholder.bytes(shape, digest: HMAC<SHA256>.authenticationCode(for: secret, using: key))
    }

    func fingerprint() -> Fingerprint { Fingerprint(key) }

    var description: String { "PlaceholderKey" }
}
