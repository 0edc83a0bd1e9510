import JSON

/// How a text that is to be forgotten may stand in other texts: as it is, and as one JSON in another escapes it. Every writer of JSON
/// escapes quotes, backslashes and controls; a tool's output shows what more its own writer escapes.
package enum ErasureForms {
    /// As deep as JSON is looked for in JSON.
    private static let depth = 2

    /// The text itself first, and each form once: 43 at most, and few where it has nothing but letters of ASCII.
    package static func all(of text: String) -> [String] {
        var forms = [text]
        var last = [text]
        for _ in 0..<depth {
            last = distinct(last.flatMap { form in JSONDialect.all.map { $0.escaped(form) } })
            forms += last
        }
        return distinct(forms)
    }

    /// As this project's own JSON has it.
    package static func escaped(_ text: String) -> String { JSONDialect.plain.escaped(text) }

    /// By bytes: a `String` equals another that is spelled with other characters.
    private static func distinct(_ forms: [String]) -> [String] {
        var seen: Set<[UInt8]> = []
        return forms.filter { seen.insert(Array($0.utf8)).inserted }
    }
}

/// What a writer of JSON escapes beyond what it has to (RFC 8259 section 7).
private struct JSONDialect {
    /// How it writes characters outside of ASCII.
    enum Letters { case plain, lowerCase, upperCase }

    var letters = Letters.plain
    var escapesSlash = false
    /// `<`, `>`, `&` and the two line separators of Unicode, which harm in HTML and in JavaScript.
    var escapesHTML = false

    static let plain = JSONDialect()
    /// JSONWriter; Python; Jackson; PHP with and without JSON_UNESCAPED_UNICODE; Go.
    static let all = [
        plain, JSONDialect(letters: .lowerCase), JSONDialect(letters: .upperCase), JSONDialect(escapesSlash: true),
        JSONDialect(letters: .lowerCase, escapesSlash: true), JSONDialect(escapesHTML: true),
    ]

    func escaped(_ text: String) -> String {
        let once = JSONWriter.string(of: .string(text)).dropFirst().dropLast()
        var result = ""
        // No escape that is there already has one of these characters.
        for scalar in once.unicodeScalars {
            if isEscaped(scalar) {
                for unit in String(scalar).utf16 { result += escape(unit) }
            } else if escapesSlash && scalar == "/" {
                result += "\\/"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "&", "\u{2028}", "\u{2029}": escapesHTML || (letters != .plain && !scalar.isASCII)
        default: letters != .plain && !scalar.isASCII
        }
    }

    /// A character above U+FFFF is two of these.
    private func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16, uppercase: letters == .upperCase)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
