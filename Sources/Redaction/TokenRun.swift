/// A run of bytes of one class, and what it holds.
struct TokenRun {
    enum Alphabet {
        case upperAlphanumeric
        case alphanumeric
        /// With `-`.
        case kebab
        /// With `-` and `_`: base64url and most tokens.
        case url

        func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "a")...UInt8(ascii: "z"): self != .upperAlphanumeric
            case UInt8(ascii: "-"): self == .kebab || self == .url
            case UInt8(ascii: "_"): self == .url
            default: false
            }
        }
    }

    let start: Int
    private(set) var end: Int
    private(set) var hasDigit = false
    private(set) var hasUpper = false
    private(set) var hasLower = false

    var count: Int { end - start }

    init(_ alphabet: Alphabet, in bytes: UnsafeRawBufferPointer, from start: Int) {
        self.start = start
        end = start
        while end < bytes.count, alphabet.contains(bytes[end]) {
            switch bytes[end] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasUpper = true
            case UInt8(ascii: "a")...UInt8(ascii: "z"): hasLower = true
            default: break
            }
            end += 1
        }
    }

    static func hasPrefix(_ prefix: StaticString, in bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard start + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[start + offset] != prefix.utf8Start[offset] { return false }
        return true
    }
}
