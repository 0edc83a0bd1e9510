/// Reads text as the inside of a JSON string (RFC 8259 section 7), of a JSON string inside of a JSON string, and so on,
/// without building what it says: tools print JSON, and transcripts hold transcripts.
struct EscapedText {
    static let maximumLevel = 3

    let bytes: UnsafeRawBufferPointer
    /// How often the text was escaped; 0 reads bytes as they are.
    let level: Int

    /// One byte, or one escaped character in UTF-8 with its first byte in the low bits.
    struct Unit {
        var utf8: UInt32
        var count: Int
        var end: Int
    }

    func unit(at index: Int) -> Unit? { unit(at: index, level) }

    private func unit(at index: Int, _ level: Int) -> Unit? {
        guard level > 0 else {
            guard index < bytes.count else { return nil }
            return Unit(utf8: UInt32(bytes[index]), count: 1, end: index + 1)
        }
        guard let unit = unit(at: index, level - 1) else { return nil }
        guard unit.count == 1, unit.utf8 == 0x5C, let escape = self.unit(at: unit.end, level - 1), escape.count == 1 else { return unit }
        switch UInt8(truncatingIfNeeded: escape.utf8) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return escape
        case UInt8(ascii: "n"): return Unit(utf8: 0x0A, count: 1, end: escape.end)
        case UInt8(ascii: "r"): return Unit(utf8: 0x0D, count: 1, end: escape.end)
        case UInt8(ascii: "t"): return Unit(utf8: 0x09, count: 1, end: escape.end)
        case UInt8(ascii: "b"): return Unit(utf8: 0x08, count: 1, end: escape.end)
        case UInt8(ascii: "f"): return Unit(utf8: 0x0C, count: 1, end: escape.end)
        case UInt8(ascii: "u"): return unicode(behind: escape.end, level) ?? unit
        default: return unit
        }
    }

    private func unicode(behind index: Int, _ level: Int) -> Unit? {
        guard let (first, end) = hexUnit(at: index, level - 1) else { return nil }
        if (0xD800...0xDBFF).contains(first), let backslash = unit(at: end, level - 1), backslash.utf8 == 0x5C,
            let letter = unit(at: backslash.end, level - 1), letter.utf8 == UInt32(UInt8(ascii: "u")),
            let (second, secondEnd) = hexUnit(at: letter.end, level - 1), (0xDC00...0xDFFF).contains(second)
        {
            return encode(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), end: secondEnd)
        }
        return encode(first, end: end)
    }

    private func hexUnit(at start: Int, _ level: Int) -> (UInt32, Int)? {
        var value: UInt32 = 0
        var index = start
        for _ in 0..<4 {
            guard let unit = unit(at: index, level), unit.count == 1 else { return nil }
            let byte = UInt8(truncatingIfNeeded: unit.utf8)
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
            index = unit.end
        }
        return (value, index)
    }

    private func encode(_ code: UInt32, end: Int) -> Unit? {
        guard let scalar = Unicode.Scalar(code) else { return nil }
        var packed: UInt32 = 0
        var count = 0
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            packed |= UInt32(byte) << (8 * UInt32(count))
            count += 1
        }
        return Unit(utf8: packed, count: count, end: end)
    }
}
