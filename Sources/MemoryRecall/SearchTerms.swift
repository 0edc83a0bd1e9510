package import MemoryStore

/// Turns what a person or a model typed into what the store looks for.
///
/// Every word counts by itself (OR): a natural question almost never has all its words in one message, and an implicit
/// AND finds nothing for 99 of 100 questions. Stop words go, unless nothing else is left. Signs, quotes and operators of
/// any query language are separators and nothing more, so no input can be malformed.
package enum SearchTerms {
    /// Words beyond this many are left out; the rank of a message hardly changes and the work stays bounded.
    package static let maximumWords = 32

    /// - Returns: `nil` for a query without a visible character.
    package static func terms(in query: String) -> SearchQuery.Terms? {
        var seen: Set<String> = []
        let words = words(in: query).filter { seen.insert($0).inserted }
        let telling = words.filter { !stopWords.contains($0) }
        if !words.isEmpty { return .words(Array((telling.isEmpty ? words : telling).prefix(maximumWords))) }
        let literal = query.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return literal.isEmpty ? nil : .literal(String(literal.prefix(200)))
    }

    /// The runs of letters, digits and marks, lower case: what the index splits a text into.
    private static func words(in query: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in query.unicodeScalars {
            if isWordScalar(scalar) {
                if word.count < 100 { word.append(scalar) }
            } else if !word.isEmpty {
                words.append(String(word).lowercased())
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word).lowercased()) }
        return words
    }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .privateUse:
            true
        default: false
        }
    }

    private static let stopWords: Set<String> = [
        "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does",
        "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my",
        "no", "not", "of", "on", "or", "our", "out", "s", "she", "so", "some", "t", "than", "that", "the", "their", "them", "then",
        "there", "these", "they", "this", "to", "up", "us", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will",
        "with", "would", "you", "your",
    ]
}
