/// Reads the notation of a ``TokenPattern``.
struct TokenPatternParser {
    static let maximumLength = 256
    static let maximumElements = 32

    private let source: [UInt8]
    private var index = 0

    init(_ source: String) {
        self.source = Array(source.utf8)
    }

    mutating func elements() throws(PatternFlaw) -> [TokenPattern.Element] {
        guard source.count <= Self.maximumLength else { throw PatternFlaw("is longer than \(Self.maximumLength) bytes") }
        guard source.allSatisfy({ (0x20..<0x7F).contains($0) }) else { throw PatternFlaw("holds something else than printable ASCII") }
        let result = try sequence(isPart: false)
        guard !result.isEmpty else { throw PatternFlaw("is empty") }
        return result
    }

    private mutating func sequence(isPart: Bool) throws(PatternFlaw) -> [TokenPattern.Element] {
        var result: [TokenPattern.Element] = []
        var literal: [UInt8] = []
        while index < source.count {
            let byte = source[index]
            if isPart, byte == UInt8(ascii: ")") { break }
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "("):
                if !literal.isEmpty { result.append(.literal(literal)) }
                literal = []
                result.append(byte == UInt8(ascii: "[") ? .run(try run()) : try optional(isPart: isPart))
            case UInt8(ascii: "\\"):
                guard index + 1 < source.count else { throw PatternFlaw("ends in a backslash") }
                guard !ByteSet.alphanumeric.contains(source[index + 1]) else {
                    throw PatternFlaw("holds an escape of a letter or digit, which has no meaning here; write a class such as [0-9]")
                }
                literal.append(source[index + 1])
                index += 2
            case UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "$"),
                UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"):
                let character = String(UnicodeScalar(byte))
                throw PatternFlaw(
                    "holds \(character), which is not supported here; there are literal text, [classes], {counts} behind a class, and (parts)?; "
                        + "write \\\(character) for the character")
            default:
                literal.append(byte)
                index += 1
            }
        }
        if !literal.isEmpty { result.append(.literal(literal)) }
        guard result.count <= Self.maximumElements else { throw PatternFlaw("has more than \(Self.maximumElements) parts") }
        return result
    }

    private mutating func optional(isPart: Bool) throws(PatternFlaw) -> TokenPattern.Element {
        guard !isPart else { throw PatternFlaw("holds a part within a part") }
        index += 1
        let part = try sequence(isPart: true)
        guard !part.isEmpty, index + 1 < source.count, source[index] == UInt8(ascii: ")"), source[index + 1] == UInt8(ascii: "?") else {
            throw PatternFlaw("holds a ( that is not closed by )?")
        }
        index += 2
        return .optional(part)
    }

    private mutating func run() throws(PatternFlaw) -> TokenPattern.Run {
        index += 1
        var set = ByteSet()
        guard index < source.count, source[index] != UInt8(ascii: "]"), source[index] != UInt8(ascii: "^") else {
            throw PatternFlaw("holds an empty or negated class; list the characters")
        }
        while index < source.count, source[index] != UInt8(ascii: "]") {
            let first = try member()
            var last = first
            if index + 1 < source.count, source[index] == UInt8(ascii: "-"), source[index + 1] != UInt8(ascii: "]") {
                index += 1
                last = try member()
            }
            guard first <= last else { throw PatternFlaw("holds a range that runs backwards") }
            for byte in first...last { set.insert(byte) }
        }
        guard index < source.count else { throw PatternFlaw("holds a [ that is not closed") }
        index += 1
        return TokenPattern.Run(set: set, counts: try counts())
    }

    private mutating func member() throws(PatternFlaw) -> UInt8 {
        if source[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < source.count else { throw PatternFlaw("holds a [ that is not closed") }
        defer { index += 1 }
        return source[index]
    }

    private mutating func counts() throws(PatternFlaw) -> ClosedRange<Int> {
        guard index < source.count, source[index] == UInt8(ascii: "{") else { return 1...1 }
        index += 1
        guard let minimum = number() else { throw PatternFlaw("holds a { without a number") }
        var maximum = minimum
        if index < source.count, source[index] == UInt8(ascii: ",") {
            index += 1
            maximum = number() ?? TokenPattern.maximumRun
        }
        guard index < source.count, source[index] == UInt8(ascii: "}") else { throw PatternFlaw("holds a { that is not closed") }
        index += 1
        guard minimum <= maximum, (1...TokenPattern.maximumRun).contains(maximum) else {
            throw PatternFlaw("holds a count that is not between 1 and \(TokenPattern.maximumRun)")
        }
        return minimum...maximum
    }

    private mutating func number() -> Int? {
        var value: Int?
        while index < source.count, ByteSet.digits.contains(source[index]), value ?? 0 < 100_000 {
            value = (value ?? 0) * 10 + Int(source[index] - UInt8(ascii: "0"))
            index += 1
        }
        return value
    }
}
