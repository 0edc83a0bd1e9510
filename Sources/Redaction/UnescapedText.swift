/// A text with its escapes read, and where each byte of it stood.
///
/// Patterns are looked for in text as it stands. That is no use where letters, digits or the marks of tokens are themselves escaped.
struct UnescapedText {
    private(set) var bytes: [UInt8] = []
    private var starts: [Int] = []

    init(_ text: EscapedText) {
        bytes.reserveCapacity(text.bytes.count)
        starts.reserveCapacity(text.bytes.count + 1)
        var index = 0
        while let unit = text.unit(at: index) {
            var code = unit.utf8
            for _ in 0..<unit.count {
                bytes.append(UInt8(truncatingIfNeeded: code))
                starts.append(index)
                code >>= 8
            }
            index = unit.end
        }
        starts.append(index)
    }

    func source(of range: Range<Int>) -> Range<Int> { starts[range.lowerBound]..<starts[range.upperBound] }

    private static let tokenBytes = ByteSet.base64URL

    /// Whether `\u00XX` at the place stands for what tokens are made of. Encoders escape marks of HTML and whatever is not ASCII, so in
    /// most texts nothing does.
    static func isEscape(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard start + 6 <= bytes.count, TokenRun.hasPrefix("\\u00", in: bytes, at: start) else { return false }
        guard let unit = EscapedText(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + 6]), level: 1).unit(at: 0) else { return false }
        return unit.count == 1 && unit.end == 6 && tokenBytes.contains(UInt8(truncatingIfNeeded: unit.utf8))
    }
}

extension RedactionPass {
    /// The secrets that hold escapes of what tokens are made of.
    func escapedMatches() -> [Match] {
        var result: [Match] = []
        for level in 1...EscapedText.maximumLevel {
            let text = UnescapedText(EscapedText(bytes: bytes, level: level))
            text.bytes.withUnsafeBytes { unescaped in
                for var match in RedactionPass(bytes: unescaped, vocabulary: vocabulary, readsEscapes: false).matches() {
                    let source = text.source(of: match.found.range)
                    guard source.contains(where: { UnescapedText.isEscape(bytes, at: $0) }) else { continue }
                    match.found.secret = match.found.secret ?? Array(unescaped[match.found.range])
                    match.found.range = source
                    result.append(match)
                }
            }
        }
        return result
    }
}
