/// Base64 (RFC 4648 section 4), with or without its padding.
enum Base64Text {
    /// `nil` where the range holds something else.
    static func decoded(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8]? {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes[range] {
            let value: UInt32
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(byte - UInt8(ascii: "A"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(byte - UInt8(ascii: "a")) + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(byte - UInt8(ascii: "0")) + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="): continue
            default: return nil
            }
            bits = (bits << 6 | value) & 0xFF_FFFF
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }

    /// Whether the range says `name:secret` in printable ASCII, as HTTP's Basic scheme and Docker's settings have it.
    static func saysNameAndSecret(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        guard range.count >= 8, range.count <= 1024, let text = decoded(bytes, range) else { return false }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon < text.count - 1 else { return false }
        return text.allSatisfy { (0x20..<0x7F).contains($0) }
    }
}
