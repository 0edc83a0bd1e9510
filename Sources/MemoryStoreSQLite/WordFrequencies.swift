import Synchronization

/// How many blocks hold a word, as counted up to a bound; remembered, since the same words are asked for again.
final class WordFrequencies: Sendable {
    private struct Counts {
        var atBlock: Int64 = 0
        var words: [String: Int] = [:]
    }

    private static let maximumCount = 10_000
    private let counts = Mutex(Counts())

    /// - Parameter newest: the id of the newest block: the counts are dropped when a tenth has come since.
    func frequency(of word: String, newest: Int64, count: () throws -> Int) rethrows -> Int {
        let known = counts.withLock { counts in
            if newest > counts.atBlock + counts.atBlock / 10 || newest < counts.atBlock || counts.words.count >= Self.maximumCount {
                counts = Counts(atBlock: newest)
            }
            return counts.words[word]
        }
        if let known { return known }
        let frequency = try count()
        // A word of nobody is counted again each time, which costs one look into the index: the next message may hold it, and a search that
        // believed the count would pass it over.
        guard frequency > 0 else { return 0 }
        counts.withLock { counts in counts.words[word] = frequency }
        return frequency
    }
}
