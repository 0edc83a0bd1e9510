/// One pass of a redactor over one text.
struct RedactionPass {
    let bytes: UnsafeRawBufferPointer
    let vocabulary: RedactionVocabulary
    /// False for a text whose escapes were read already.
    var readsEscapes = true

    /// A stretch of text to be replaced.
    struct Match {
        var found: Found
    }

    /// The matches in their order, none overlapping.
    ///
    /// - Parameter beside: what a key beside the text says of it.
    func matches(beside: Found? = nil) -> [Match] {
        var result: [Match] = []
        if let beside, !isExempt(beside) { result.append(Match(found: beside)) }
        var index = 0
        // Where the last match ended: the placeholder that stands there is a boundary, whatever stood there before.
        var matchEnd = -1
        var hasEscapes = false
        while let candidate = vocabulary.filter.next(in: bytes, from: index) {
            if let end = Placeholder.end(in: bytes, at: candidate) {
                index = end
                continue
            }
            index = candidate + 1
            if readsEscapes, !hasEscapes, bytes[candidate] == UInt8(ascii: "\\") { hasEscapes = UnescapedText.isEscape(bytes, at: candidate) }
            if let (end, value) = vocabulary.exactValues.longestMatch(in: bytes, at: candidate) {
                var found = Found(.exact, candidate..<end, secret: vocabulary.exactValues.bytes(of: value))
                found.knownBy = .value
                result.append(Match(found: found))
                matchEnd = max(matchEnd, end)
            }
            vocabulary.shapes.find(in: bytes, at: candidate, afterMatch: candidate == matchEnd) { found in
                guard !isExempt(found) else { return }
                result.append(Match(found: found))
                if found.range.lowerBound <= candidate { matchEnd = max(matchEnd, found.range.upperBound) }
            }
        }
        if hasEscapes { result += escapedMatches() }
        return result.count < 2 ? result : Self.merged(result)
    }

    /// The text with placeholders, or `nil` where there is nothing to replace.
    func run(beside: Found? = nil, _ counts: inout RedactionCounts) -> String? {
        let matches = matches(beside: beside)
        guard !matches.isEmpty else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var copied = 0
        for match in matches {
            output.append(contentsOf: bytes[copied..<match.found.range.lowerBound])
            output.append(contentsOf: placeholder(match))
            counts.add(match.found.shape)
            copied = match.found.range.upperBound
        }
        output.append(contentsOf: bytes[copied...])
        return String(decoding: output, as: UTF8.self)
    }

    func placeholder(_ match: Match) -> [UInt8] {
        vocabulary.placeholders.placeholder(match.found.shape, for: match.found.secret ?? Array(bytes[match.found.range]))
    }

    private func isExempt(_ found: Found) -> Bool {
        vocabulary.rules.exempts(name: found.name) || vocabulary.rules.exempts(bytes[found.range])
    }

    /// Overlapping matches become one, so that no tail of a second secret is left behind.
    private static func merged(_ matches: [Match]) -> [Match] {
        let sorted = matches.sorted { left, right in
            let (left, right) = (left.found.range, right.found.range)
            return (left.lowerBound, -left.upperBound) < (right.lowerBound, -right.upperBound)
        }
        var result: [Match] = []
        for match in sorted {
            guard var last = result.last, match.found.range.lowerBound < last.found.range.upperBound else {
                result.append(match)
                continue
            }
            if match.found.range == last.found.range {
                if match.found.knownBy > last.found.knownBy { last = match }
            } else if match.found.range.upperBound > last.found.range.upperBound {
                last.found.range = last.found.range.lowerBound..<match.found.range.upperBound
                last.found.secret = nil
                if match.found.knownBy > last.found.knownBy { (last.found.shape, last.found.knownBy) = (match.found.shape, match.found.knownBy) }
            }
            result[result.count - 1] = last
        }
        return result
    }
}
