/// Whether a token can begin at a place: `sk-` in `task-` is none, and neither is `AKIA` within base64.
enum TokenBoundary {
    /// - Parameter hyphenJoins: `-` before the place belongs to a longer word, as for tokens that hold hyphens themselves.
    static func begins(in bytes: UnsafeRawBufferPointer, at index: Int, hyphenJoins: Bool) -> Bool {
        guard index > 0 else { return true }
        let previous = bytes[index - 1]
        switch previous {
        case UInt8(ascii: "_"): return false
        case UInt8(ascii: "-"): return !hyphenJoins
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            return endsEscape(in: bytes, at: index)
        default: return true
        }
    }

    /// A letter before the place that is not text but the end of `\n`, `\u003d`, `%3D` or of a terminal's colour.
    private static func endsEscape(in bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
        func byte(_ back: Int) -> UInt8? { index >= back ? bytes[index - back] : nil }
        switch byte(1) {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            if byte(2) == UInt8(ascii: "\\") { return true }
        case UInt8(ascii: "m"):
            // ECMA-48 section 8.3.117: ESC [ parameters m
            var back = 2
            while back < 20, let parameter = byte(back), parameter == UInt8(ascii: ";") || (0x30...0x39).contains(parameter) { back += 1 }
            if byte(back) == UInt8(ascii: "["), let escape = byte(back + 1) {
                return escape == 0x1B || escape == UInt8(ascii: "b") || escape == UInt8(ascii: "3") || escape == UInt8(ascii: "e")
            }
        default: break
        }
        if byte(3) == UInt8(ascii: "%"), isHex(byte(1)), isHex(byte(2)) { return true }
        return byte(6) == UInt8(ascii: "\\") && byte(5) == UInt8(ascii: "u") && (1...4).allSatisfy { isHex(byte($0)) }
    }

    private static func isHex(_ byte: UInt8?) -> Bool {
        switch byte {
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), .some(UInt8(ascii: "A")...UInt8(ascii: "F")),
            .some(UInt8(ascii: "a")...UInt8(ascii: "f")):
            true
        default: false
        }
    }
}
