/// One pass of a redactor over one text.
struct RedactionPass {
    let bytes: UnsafeRawBufferPointer
    let redactor: Redactor

    /// A stretch of text to be replaced.
    struct Match {
        var shape: RedactionShape
        var end: Int
        /// The exact value, which names the placeholder: an escaped occurrence has other bytes and is the same secret.
        var value: Int?
    }

    /// The text with placeholders, or `nil` where there is nothing to replace.
    mutating func run(_ counts: inout RedactionCounts) -> String? {
        var output: [UInt8] = []
        var copied = 0
        var index = 0
        // Where the last match ended: the placeholder that stands there is a boundary, whatever stood there before.
        var matchEnd = -1
        while let candidate = redactor.filter.next(in: bytes, from: index) {
            if let end = Placeholder.end(in: bytes, at: candidate) {
                index = end
                continue
            }
            guard var match = match(at: candidate, afterMatch: candidate == matchEnd) else {
                index = candidate + 1
                continue
            }
            extend(&match, from: candidate)
            output.append(contentsOf: bytes[copied..<candidate])
            let key = redactor.placeholders
            let placeholder =
                match.value.map { key.placeholder(match.shape, for: redactor.exactValues.bytes(of: $0)) }
                ?? key.placeholder(match.shape, for: Array(bytes[candidate..<match.end]))
            output.append(contentsOf: placeholder)
            counts.add(match.shape)
            copied = match.end
            index = match.end
            matchEnd = match.end
        }
        guard matchEnd >= 0 else { return nil }
        output.append(contentsOf: bytes[copied...])
        return String(decoding: output, as: UTF8.self)
    }

    /// The longest match that begins at `start`.
    private func match(at start: Int, afterMatch: Bool) -> Match? {
        let exact = redactor.exactValues.longestMatch(in: bytes, at: start)
        let token = TokenShapes.match(in: bytes, at: start, afterMatch: afterMatch)
        if let exact, exact.end >= token?.end ?? 0 { return Match(shape: .exact, end: exact.end, value: exact.value) }
        return token.map { Match(shape: $0.shape, end: $0.end, value: nil) }
    }

    /// Takes in every match that begins inside and ends outside, so that no tail of a second secret is left behind.
    private func extend(_ match: inout Match, from start: Int) {
        var index = start + 1
        while index < match.end, let candidate = redactor.filter.next(in: bytes, from: index), candidate < match.end {
            if let other = self.match(at: candidate, afterMatch: false), other.end > match.end {
                match.end = other.end
                match.value = nil
            }
            index = candidate + 1
        }
    }
}
