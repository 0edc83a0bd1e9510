import GRDB
import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func conversations(limit: Int, matching text: String?) async throws(StoreError) -> [ConversationSummary] {
        let operation = "list conversations"
        let limit = try Self.bounded(limit, operation: operation)
        let match = text.flatMap(ConversationMatch.init)
        return try await read(operation) { connection in
            let list = ConversationRows(connection: connection)
            guard let match else { return try list.summaries(of: try list.newest(limit)) }
            return try list.summaries(of: try list.matching(match, limit: limit))
        }
    }
}

/// What was typed to find a conversation; `nil` where that is nothing.
struct ConversationMatch: Sendable {
    let prefix: String
    private let words: [String]

    init?(_ text: String) {
        words = text.lowercased().split(whereSeparator: \.isWhitespace).prefix(16).map(String.init)
        guard !words.isEmpty else { return nil }
        prefix = text
    }

    func fits(id: String, title: String?) -> Bool {
        if id.lowercased().hasPrefix(prefix.lowercased()) { return true }
        guard let title = title?.lowercased() else { return false }
        return words.allSatisfy { title.contains($0) }
    }
}

struct ConversationRows {
    /// A title is looked for in so many of the newest conversations: a person who types it means one of late.
    private static let searched = 5000
    static let newestFirst = "FROM conversations WHERE last_time IS NOT NULL ORDER BY last_time DESC, id DESC LIMIT ?"

    let connection: Database

    func newest(_ limit: Int) throws -> [Int64] {
        try SQLStatement(connection, "SELECT id \(Self.newestFirst)").all(.integer(limit)) { $0.integer(0) }
    }

    func matching(_ match: ConversationMatch, limit: Int) throws -> [Int64] {
        var found: [Int64] = []
        guard limit > 0 else { return found }
        try SQLStatement(connection, "SELECT id, name, \(SQLiteStore.title(of: "conversations.id")) \(Self.newestFirst)")
            .each([.integer(Self.searched)]) { row in
                if match.fits(id: row.text(1), title: row.optionalText(2)) { found.append(row.integer(0)) }
                return found.count < limit
            }
        guard found.count < limit else { return found }
        // An older one, by its id. Those of late are found already, so one of them less is needed for each.
        let known = Set(found)
        let older = try SQLStatement(
            connection,
            """
            SELECT id, last_time FROM conversations WHERE name >= ? AND name < ? AND last_time IS NOT NULL ORDER BY name LIMIT ?
            """
        ).all(.text(match.prefix), .text(IndexRange.end(of: match.prefix)), .integer(limit + known.count)) {
            (id: $0.integer(0), time: $0.integer(1))
        }
        let rest = older.filter { !known.contains($0.id) }.sorted { ($0.time, $0.id) > ($1.time, $1.id) }
        return found + rest.prefix(limit - found.count).map(\.id)
    }

    func summaries(of ids: [Int64]) throws -> [ConversationSummary] {
        let select = try SQLStatement(
            connection,
            """
            SELECT name, last_time, \(SQLiteStore.title(of: "conversations.id")),
                (SELECT projects.path FROM windows JOIN projects ON projects.id = windows.project
                    WHERE windows.conversation = conversations.id ORDER BY windows.last_time DESC, windows.id DESC LIMIT 1)
            FROM conversations WHERE id = ?
            """)
        return try ids.compactMap { id in
            try select.first(.integer(id)) { row in
                ConversationSummary(
                    id: row.text(0), title: row.optionalText(2), project: row.optionalText(3),
                    lastTime: Timestamp(milliseconds: row.integer(1)))
            }
        }
    }
}

/// The texts that begin with a prefix, as a range of an index in the order of bytes.
enum IndexRange {
    /// No text that begins with the prefix comes behind this one, but for such as go on with the last of all characters.
    static func end(of prefix: String) -> String { prefix + "\u{10FFFF}" }
}
