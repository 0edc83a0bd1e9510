/// Text that a ``Redactor`` has passed: the only text that a store accepts.
///
/// Outside of this module it comes from a redactor, from a literal of the program, from a number, or from other redacted
/// text; no initialiser takes an arbitrary string.
package struct RedactedText: Sendable, Hashable {
    package let value: String

    init(passed value: String) {
        self.value = value
    }

    package init(literal: StaticString) {
        self.init(passed: literal.description)
    }

    package init(number: some BinaryInteger) {
        self.init(passed: String(number))
    }

    package static let empty = RedactedText(passed: "")

    package var isEmpty: Bool { value.isEmpty }
    /// The length in UTF-8 bytes.
    package var length: Int { value.utf8.count }
}

extension RedactedText: Comparable {
    package static func < (left: RedactedText, right: RedactedText) -> Bool { left.value < right.value }
}

extension RedactedText: CustomStringConvertible {
    package var description: String { value }
}

/// Literals alone: a `StaticString` cannot be made at run time.
extension RedactedText: ExpressibleByStringLiteral {
    package init(stringLiteral literal: StaticString) {
        self.init(literal: literal)
    }
}

extension RedactedText {
    package static func + (left: RedactedText, right: RedactedText) -> RedactedText {
        RedactedText(passed: left.value + right.value)
    }

    package static func += (left: inout RedactedText, right: RedactedText) {
        left = left + right
    }

    /// The head of at most `bytes` UTF-8 bytes, cut between characters; the text itself where it fits.
    package func prefix(bytes: Int) -> RedactedText {
        guard length > bytes else { return self }
        return RedactedText(passed: String(value[..<scalarIndex(atOrBefore: bytes)]))
    }

    /// What is left behind the first `bytes` UTF-8 bytes; the cut moves forward to the next character.
    package func dropping(bytes: Int) -> RedactedText {
        guard bytes > 0 else { return self }
        guard length > bytes else { return .empty }
        var index = scalarIndex(atOrBefore: bytes)
        if value.utf8.distance(from: value.startIndex, to: index) < bytes { value.unicodeScalars.formIndex(after: &index) }
        return RedactedText(passed: String(value[index...]))
    }

    /// Without white space at either end.
    package var trimmed: RedactedText {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let first = value.utf8.first, let last = value.utf8.last, isSpace(first) || isSpace(last) else { return self }
        let utf8 = value.utf8
        guard let start = utf8.firstIndex(where: { !isSpace($0) }), let end = utf8.lastIndex(where: { !isSpace($0) }) else { return .empty }
        return RedactedText(passed: String(value[start..<utf8.index(after: end)]))
    }

    /// The part between two offsets in UTF-8 bytes, both of which must lie between characters; `nil` where they do not.
    package func part(_ range: Range<Int>) -> RedactedText? {
        guard range.lowerBound >= 0, range.upperBound <= length else { return nil }
        let utf8 = value.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        let end = utf8.index(utf8.startIndex, offsetBy: range.upperBound)
        return String(utf8[start..<end]).map { RedactedText(passed: $0) }
    }

    private func scalarIndex(atOrBefore bytes: Int) -> String.Index {
        let utf8 = value.utf8
        var index = utf8.index(utf8.startIndex, offsetBy: max(0, bytes))
        while index > utf8.startIndex, index < utf8.endIndex, utf8[index] & 0xC0 == 0x80 { index = utf8.index(before: index) }
        return index
    }
}

extension Sequence<RedactedText> {
    package func joined(separator: RedactedText = .empty) -> RedactedText {
        RedactedText(passed: map(\.value).joined(separator: separator.value))
    }
}
