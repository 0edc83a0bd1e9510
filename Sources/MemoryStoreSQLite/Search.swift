import GRDB
import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func search(_ query: SearchQuery) async throws(StoreError) -> [SearchHit] {
        let operation = "search messages"
        let limit = try Self.bounded(query.limit, operation: operation)
        let offset = try Self.bounded(query.offset, operation: operation)
        let frequencies = frequencies
        return try await read(operation) { connection in
            let filter = try FilterRows(query.filter, connection)
            if filter.matchesNothing || limit == 0 { return [] }
            let search = SearchRows(connection: connection, filter: filter, frequencies: frequencies, limit: limit, offset: offset)
            let ranked =
                switch query.terms {
                case .words(let words): try search.ranked(words)
                case .literal(let text): try search.holding(text)
                }
            let reader = try MessageReader(connection, textLimit: query.textLimit, place: filter.place)
            return try ranked.flatMap { row in try reader.messages([row.id]).map { SearchHit(message: $0, score: row.score) } }
        }
    }
}

/// One search: which messages, best first.
///
/// bm25 over an OR visits every block that holds any of the words, which grows with the store (facts: 240 ms at 490,000
/// passages). So the rare words choose the candidates, as many of them as stay within a budget of postings, and all of the
/// words rank those: `(rare) AND (all)` lets the other lists seek. What that misses are messages that hold frequent
/// words alone; where too few come back, the plain OR answers.
struct SearchRows {
    struct Ranked {
        var id: Int64
        var score: Double
    }

    private struct Hit {
        var id: Int64
        var score: Double
        var time: Int64?
    }

    static let maximumWords = 64
    /// The postings that the rare words of a query may have together.
    static let postingsBudget = 5000
    /// With fewer candidates than this the plain OR answers.
    private static let sameRanking = 100
    /// The newest blocks that a literal is looked for in.
    static let literalBlocks = 50_000

    let connection: Database
    let filter: FilterRows
    let frequencies: WordFrequencies
    let limit: Int
    let offset: Int

    func ranked(_ words: [String]) throws -> [Ranked] {
        let words = Self.distinct(words)
        let newest = try SQLStatement(connection, "SELECT ifnull(max(id), 0) FROM blocks").first { $0.integer(0) } ?? 0
        let counted = try words.map { word in
            (word: word, count: try frequencies.frequency(of: word, newest: newest) { try frequency(of: word) })
        }.filter { $0.count > 0 }
        guard !counted.isEmpty else { return [] }
        var rare: [String] = []
        var postings = 0
        for (word, count) in counted.sorted(by: { $0.count < $1.count }) where postings + count <= Self.postingsBudget {
            postings += count
            rare.append(word)
        }
        let all = Self.expression(counted.map(\.word))
        if !rare.isEmpty, rare.count < counted.count {
            let hits = try hits("(\(Self.expression(rare))) AND (\(all))")
            // The first pages of one query must all come from the same ranking, or a walk by offsets meets messages twice.
            if hits.count >= max(Self.sameRanking, offset + limit) { return try page(of: hits) }
        }
        return try page(of: try hits(all))
    }

    /// The blocks come in the order of their ids, so those of one message stand together. Without a filter no hit is looked up
    /// but those of the page: bm25 says enough about the rest.
    private func hits(_ expression: String) throws -> [Hit] {
        let isOpen = filter.isOpen
        let sql =
            isOpen
            ? "SELECT rowid >> 12, bm25(block_index) FROM block_index WHERE block_index MATCH ?"
            : """
            SELECT block_index.rowid >> 12, bm25(block_index), messages.time
            FROM block_index CROSS JOIN messages ON messages.id = block_index.rowid >> 12 WHERE block_index MATCH ? AND \(filter.sql)
            """
        var hits: [Hit] = []
        try SQLStatement(connection, sql).each([.text(expression)] + (isOpen ? [] : filter.arguments)) { row in
            let (id, score) = (row.integer(0), -row.real(1))
            if let last = hits.indices.last, hits[last].id == id {
                hits[last].score += score
            } else {
                hits.append(Hit(id: id, score: score, time: isOpen ? nil : row.integer(2)))
            }
            return true
        }
        return hits
    }

    private func page(of hits: [Hit]) throws -> [Ranked] {
        guard hits.count > offset else { return [] }
        // Those with the score of the page's last one are all needed, since time decides among them.
        let floor = hits.map(\.score).sorted(by: >)[min(offset + limit, hits.count) - 1]
        let select = try SQLStatement(connection, "SELECT time FROM messages WHERE id = ?")
        var best = hits.filter { $0.score >= floor }
        for index in best.indices where best[index].time == nil {
            best[index].time = try select.first(.integer(best[index].id)) { $0.integer(0) } ?? 0
        }
        best.sort { ($0.score, $0.time ?? 0, $0.id) > ($1.score, $1.time ?? 0, $1.id) }
        return best.dropFirst(offset).prefix(limit).map { Ranked(id: $0.id, score: $0.score) }
    }

    /// Counts up to just over the budget: a word that is more frequent than that is never a rare one.
    private func frequency(of word: String) throws -> Int {
        try SQLStatement(connection, "SELECT count(*) FROM (SELECT 1 FROM block_index WHERE block_index MATCH ? LIMIT ?)")
            .first(.text(Self.quoted(word)), .integer(Self.postingsBudget + 1)) { Int($0.integer(0)) } ?? 0
    }

    /// Messages that hold a text as it stands, newest first; all of them rank alike.
    func holding(_ text: String) throws -> [Ranked] {
        guard !text.isEmpty else { return [] }
        return try SQLStatement(
            connection,
            """
            WITH hits AS MATERIALIZED (SELECT DISTINCT id >> 12 AS message
                FROM (SELECT id, text, kind FROM blocks ORDER BY id DESC LIMIT \(Self.literalBlocks))
                WHERE instr(text, ?) > 0 AND kind NOT IN ('image', 'document', 'redacted_thinking'))
            SELECT messages.id FROM hits CROSS JOIN messages ON messages.id = hits.message
            WHERE \(filter.sql) ORDER BY messages.time DESC, messages.id DESC LIMIT ? OFFSET ?
            """
        ).all([.utf8(text)] + filter.arguments + [.integer(limit), .integer(offset)]) { row in
            Ranked(id: row.integer(0), score: 1)
        }
    }

    private static func distinct(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.prefix(maximumWords).map { $0.lowercased() }.filter { !$0.isEmpty && $0.utf8.count <= 512 && seen.insert($0).inserted }
    }

    private static func expression(_ words: [String]) -> String {
        words.map(quoted).joined(separator: " OR ")
    }

    /// A string of FTS5's query language: in it a quote is doubled, nothing else means anything, and a NUL would end the query.
    private static func quoted(_ word: String) -> String {
        "\"\(word.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"").filter { $0 != "\0" })\""
    }
}
