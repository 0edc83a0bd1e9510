/// Text as a terminal may be given it.
///
/// What is stored, and what strange servers and files say, can hold escape sequences that retitle a terminal, write to the clipboard or hide
/// what follows. Colours are left out, every other control character is shown. A pipe or a file gets the bytes as they are.
enum TerminalText {
    static func shown(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if let end = endOfColour(rest) {
                rest = rest[end...]
                continue
            }
            rest.removeFirst()
            if scalar.value < 0x20, isControl(scalar) || scalar == "\r" {
                // A line of a file from elsewhere ends with both; a carriage return alone would write over what stands there.
                if scalar == "\r", rest.first == "\n" { continue }
                result.append(contentsOf: ["^", Unicode.Scalar(UInt8(scalar.value) + 0x40)])
            } else if isControl(scalar) {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// C0 but tab and line feed, DEL, C1, and what turns the direction of text (Unicode TR 36, "Trojan Source").
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The place behind a "select graphic rendition" (ECMA-48 8.3.117), `nil` where none begins.
    private static func endOfColour(_ text: String.UnicodeScalarView.SubSequence) -> String.Index? {
        guard text.starts(with: ["\u{1B}", "["]) else { return nil }
        let behind = text.dropFirst(2).drop { ("0"..."9").contains($0) || $0 == ";" || $0 == ":" }
        return behind.first == "m" ? text.index(after: behind.startIndex) : nil
    }
}
