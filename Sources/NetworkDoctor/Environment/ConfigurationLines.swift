/// The lines of a configuration file as words, without comments and empty lines; at most 10,000 lines of 1,000 bytes.
struct ConfigurationLines: Sequence {
    private let lines: [[Substring]]

    /// - Parameter comments: what begins a comment, wherever it stands in a line.
    init(_ text: String, comments: Set<Character> = ["#"]) {
        lines = text.split(maxSplits: 10_000, omittingEmptySubsequences: true) { $0.isNewline }.prefix(10_000).compactMap { line in
            let words = line.prefix(1000).prefix { !comments.contains($0) }.split { $0 == " " || $0 == "\t" }
            return words.isEmpty ? nil : words
        }
    }

    func makeIterator() -> IndexingIterator<[[Substring]]> { lines.makeIterator() }
}
