/// How much a text looks drawn at random, and how much like words.
enum Likeness {
    /// For each first letter, the letters that follow it in words: those pairs that make up 97.5% of all pairs in the words and
    /// identifiers of technical English and of Swift sources, counted once. Two random letters are such a pair in 38% of cases.
    private static let followers: [UInt32] = [
        0x17E_BD6E, 0x016_4911, 0x01A_4D95, 0x116_4919, 0x1EF_B97F, 0x01A_4931, 0x016_61D1, 0x01A_4111, 0x2AE_F87F, 0x000_0010, 0x004_0110,
        0x11C_4919, 0x014_D113, 0x13C_6D7D, 0x07E_FD6E, 0x11E_C911, 0x010_0000, 0x13E_7D7D, 0x15C_CD95, 0x15E_4995, 0x00E_B95F, 0x000_4111,
        0x006_6191, 0x008_8104, 0x004_0110, 0x000_0010,
    ]

    /// The number of neighbours that no word has: letters that do not follow each other in words, letters beside digits, and marks
    /// beside letters or digits other than those that join words (a capital behind a small letter counts half). Doubled.
    static func surprises(_ text: some Sequence<UInt8>) -> Int {
        var result = 0
        var previous: UInt8 = 0
        var kind = Kind.joint
        for byte in text {
            let next = Kind(byte)
            switch (kind, next) {
            case (.lower, .upper) where isPair(previous, byte): result += 1
            case (.lower, .lower), (.lower, .upper), (.upper, .lower), (.upper, .upper): if !isPair(previous, byte) { result += 2 }
            case (.digit, .lower), (.digit, .upper), (.lower, .digit), (.upper, .digit): result += 2
            case (.mark, .lower), (.mark, .upper), (.mark, .digit), (.lower, .mark), (.upper, .mark), (.digit, .mark): result += 2
            default: break
            }
            previous = byte
            kind = next
        }
        return result
    }

    private enum Kind {
        case lower, upper, digit, mark, joint

        init(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .lower
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .upper
            case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
            case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"),
                UInt8(ascii: "@"), UInt8(ascii: "^"), UInt8(ascii: "~"):
                self = .mark
            default: self = .joint
            }
        }
    }

    private static func isPair(_ first: UInt8, _ second: UInt8) -> Bool {
        followers[Int((first | 0x20) - 0x61)] >> UInt32((second | 0x20) - 0x61) & 1 != 0
    }

    /// How surprising the text is, in hundredths of a surprise a byte. Random base64 has about 70, words have below 15.
    static func surprise(_ text: some Collection<UInt8>) -> Int {
        text.isEmpty ? 0 : surprises(text) * 50 / text.count
    }

    /// 99.9% of random texts of 16 characters pass, and one identifier of technical English in 110, none of 16 characters.
    static func isRandom(_ text: some Collection<UInt8>) -> Bool {
        // Six letters and ten digits meet less often in a way that no word has.
        let least = text.allSatisfy(ByteSet.hex.contains) ? 15 : 30
        return surprise(text) >= least
    }

    /// At least six different characters, or half of them where there are few.
    static func isVaried(_ text: some Collection<UInt8>) -> Bool {
        var seen = ByteSet()
        var count = 0
        for byte in text where !seen.contains(byte) {
            seen.insert(byte)
            count += 1
        }
        return count >= min(6, (text.count + 1) / 2)
    }

    /// Whether the place lies within base64 (an image, a signature), where every short literal stands sooner or later.
    static func isInsideBase64(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard start > 0, bytes[start - 1] == UInt8(ascii: "+") || bytes[start - 1] == UInt8(ascii: "/") else { return false }
        let head = ByteSet.base64.runStart(in: bytes, to: start, limit: 40)
        return start - head == 40 && isRandom(UnsafeRawBufferPointer(rebasing: bytes[head..<start]))
    }
}
