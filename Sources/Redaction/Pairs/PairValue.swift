/// The value beside a name: `NAME=value`, `"name": "value"`, `--name value`, `<name>value</name>`, and each of them escaped.
struct PairValue {
    enum Form {
        case quoted
        /// Without quotes and close to its name: `NAME=value`.
        case tight
        /// Without quotes behind `:` and a space, as in YAML, headers and prose.
        case colon
        /// Without quotes and with spaces round `=`: an INI file, or code.
        case spaced
        /// Behind an option of a command line.
        case argument
        case element
    }

    let range: Range<Int>
    let form: Form
    /// How often the text round it is escaped.
    let level: Int
    /// Whether code follows: a call or an index.
    let isCode: Bool
    /// Whether its line, or its quotes, end with it.
    let endsLine: Bool

    static let maximumLength = 4096
    private static let maximumGap = 16
    private static let blanks = ByteSet(" \t")
    private static let quotes = ByteSet("\"'`")
    /// Where a value without quotes ends.
    private static let stops = ByteSet(" \t\n\r\"'`,;&()[]{}<>|\\")

    /// The value of the name that ends before `end`.
    init?(behind name: TellingName, endingAt end: Int, in bytes: UnsafeRawBufferPointer) {
        var index = end
        let closing = Self.quote(in: bytes, at: index)
        if let closing {
            index = closing.end
            if index < bytes.count, bytes[index] == UInt8(ascii: "]") || bytes[index] == UInt8(ascii: ")") { index += 1 }
        } else if index < bytes.count, bytes[index] == UInt8(ascii: ">") {
            self.init(element: name, at: index + 1, in: bytes)
            return
        } else if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "*") {
            // Bold in Markdown.
            index += 2
        }
        let gap = Self.blanks.runEnd(in: bytes, from: index, limit: Self.maximumGap)
        guard gap < bytes.count else { return nil }
        var form: Form
        switch bytes[gap] {
        case UInt8(ascii: "="):
            form = gap > index ? .spaced : .tight
            index = gap + 1
            if index < bytes.count, bytes[index] == UInt8(ascii: ">") || bytes[index] == UInt8(ascii: "=") { index += 1 }
        case UInt8(ascii: ":"):
            form = .colon
            index = gap + 1
            // `token::Kind` is a path in code.
            guard index < bytes.count, bytes[index] != UInt8(ascii: ":") else { return nil }
            if bytes[index] == UInt8(ascii: "=") { index += 1 }
            if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "*") { index += 2 }
        case _ where gap > index && name.isFlag && closing == nil:
            form = .argument
            index = gap
        case _ where gap > index && name.kind == .password && Self.isLogin(before: name.start, in: bytes):
            form = .argument
            index = gap
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "\\"):
            // SQL: `IDENTIFIED BY PASSWORD 'value'`; prose: the password `value`.
            guard gap > index, name.compact.hasSuffix("word"), closing == nil, Self.quote(in: bytes, at: gap) != nil else { return nil }
            form = .quoted
            index = gap
        default: return nil
        }
        let start = Self.blanks.runEnd(in: bytes, from: index, limit: Self.maximumGap)
        if form == .tight, start > index { form = .spaced }
        if form == .colon, start == index, closing == nil { form = .tight }
        self.init(at: start, form: form, in: bytes, isTyped: form == .colon)
    }

    /// netrc: `machine HOST login NAME password VALUE`.
    private static func isLogin(before start: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        var index = start
        while index > 0, start - index < 200 {
            index -= 1
            if TokenRun.hasPrefix("login ", in: bytes, at: index) { return true }
        }
        return false
    }

    private init?(element name: TellingName, at start: Int, in bytes: UnsafeRawBufferPointer) {
        guard name.start > 0, bytes[name.start - 1] == UInt8(ascii: "<") || bytes[name.start - 1] == UInt8(ascii: ":") else { return nil }
        let limit = min(bytes.count, start + Self.maximumLength)
        guard let end = bytes[start..<limit].firstIndex(of: UInt8(ascii: "<")) else { return nil }
        (range, form, level, isCode, endsLine) = (start..<end, .element, 0, false, true)
    }

    private init?(at start: Int, form: Form, in bytes: UnsafeRawBufferPointer, isTyped: Bool = false) {
        guard start < bytes.count else { return nil }
        var open = start
        // `f"..."`, `b'...'`, `@"..."`
        if start + 1 < bytes.count, Self.prefixes.contains(bytes[start]), Self.quotes.contains(bytes[start + 1]) { open += 1 }
        if let quote = Self.quote(in: bytes, at: open) {
            guard let end = Self.closing(quote, in: bytes) else { return nil }
            (range, self.form, level, isCode, endsLine) = (quote.end..<end, .quoted, quote.level, false, true)
            return
        }
        var end = start
        let limit = min(bytes.count, start + Self.maximumLength)
        while end < limit, !Self.stops.contains(bytes[end]) { end += 1 }
        // The end of a sentence.
        while end > start, bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: ":") { end -= 1 }
        guard end > start else { return nil }
        if isTyped, let value = Self.assigned(behind: end, in: bytes) {
            guard let typed = PairValue(at: value, form: .spaced, in: bytes) else { return nil }
            self = typed
            return
        }
        let next = end < bytes.count ? bytes[end] : 0x0A
        isCode = [UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{")].contains(next)
        endsLine = next == 0x0A || next == 0x0D || next == UInt8(ascii: "\\")
        (range, self.form, level) = (start..<end, form, 0)
    }

    private static let prefixes = ByteSet("fbrufBRU@L")

    /// `password: str = "..."`: behind the type of a parameter or member.
    private static func assigned(behind end: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        let gap = blanks.runEnd(in: bytes, from: end, limit: maximumGap)
        guard gap > end, gap + 1 < bytes.count, bytes[gap] == UInt8(ascii: "=") else { return nil }
        return blanks.runEnd(in: bytes, from: gap + 1, limit: maximumGap)
    }

    struct Quote {
        var byte: UInt8
        /// Backslashes before it.
        var slashes: Int
        var end: Int

        /// One escape doubles the backslashes and adds one: 0, 1, 3, 7.
        var level: Int { slashes == 0 ? 0 : slashes == 1 ? 1 : slashes == 3 ? 2 : 3 }
    }

    private static func quote(in bytes: UnsafeRawBufferPointer, at start: Int) -> Quote? {
        var index = start
        while index < bytes.count, bytes[index] == UInt8(ascii: "\\"), index - start < 7 { index += 1 }
        guard index < bytes.count, quotes.contains(bytes[index]) else { return nil }
        return Quote(byte: bytes[index], slashes: index - start, end: index + 1)
    }

    /// Where the backslashes before the closing quote begin; a quote behind more of them is part of the value.
    private static func closing(_ quote: Quote, in bytes: UnsafeRawBufferPointer) -> Int? {
        let limit = min(bytes.count, quote.end + maximumLength)
        var index = quote.end
        var slashes = 0
        while index < limit {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\\") {
                slashes += 1
            } else if byte == quote.byte, slashes <= quote.slashes || quote.slashes == 0 && slashes % 2 == 0 {
                return index - min(slashes, quote.slashes)
            } else if byte == 0x0A, quote.byte != UInt8(ascii: "`") {
                return nil
            } else {
                slashes = 0
            }
            index += 1
        }
        return nil
    }

    /// What the value is once its escapes are read.
    func secret(in bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let raw = UnsafeRawBufferPointer(rebasing: bytes[range])
        guard level > 0, raw.contains(UInt8(ascii: "\\")) else { return Array(raw) }
        let text = EscapedText(bytes: raw, level: level)
        var result: [UInt8] = []
        var index = 0
        while let unit = text.unit(at: index) {
            var code = unit.utf8
            for _ in 0..<unit.count {
                result.append(UInt8(truncatingIfNeeded: code))
                code >>= 8
            }
            index = unit.end
        }
        return result
    }
}
