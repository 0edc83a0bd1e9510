import GRDB
import MemoryStore

/// Removes what was marked, some rows at a time, each time inside of one transaction that leaves the store consistent.
struct ErasureRows {
    /// A transaction keeps others from writing: some tens of milliseconds.
    private static let messages = 200
    private static let records = 400

    let connection: Database
    let forgotten: ForgottenRows
    let operation: String

    /// - Returns: how many messages went; 0 when none is left.
    func eraseMessages() throws -> Int {
        let ids = try SQLStatement(connection, "SELECT message FROM erasing_messages LIMIT \(Self.messages)").all { $0.integer(0) }
        var windows: Set<Int64> = []
        var count: Int64 = 0
        for id in ids where try erase(id, &windows) { count += 1 }
        try SQLStatement(connection, "UPDATE totals SET messages = messages - ?").run(.integer(count))
        try settle(windows)
        return ids.count
    }

    private func erase(_ message: Int64, _ windows: inout Set<Int64>) throws -> Bool {
        let range: [SQLValue] = [.integer(BlockID.first(of: message)), .integer(BlockID.last(of: message))]
        let uuid = try SQLStatement(connection, "SELECT uuid FROM messages WHERE id = ?").first(.integer(message)) { $0.text(0) }
        if let uuid {
            try SQLStatement(
                connection,
                "INSERT INTO block_index(block_index, rowid, text) SELECT 'delete', id, text FROM indexed_blocks WHERE id BETWEEN ? AND ?"
            ).each(range) { _ in true }
            try SQLStatement(connection, "DELETE FROM blocks WHERE id BETWEEN ? AND ?").each(range) { _ in true }
            try SQLStatement(connection, "SELECT window FROM occurrences WHERE message = ?").each([.integer(message)]) { row in
                windows.insert(row.integer(0))
                return true
            }
            try SQLStatement(connection, "DELETE FROM occurrences WHERE message = ?").run(.integer(message))
            try SQLStatement(connection, "DELETE FROM messages WHERE id = ?").run(.integer(message))
            try forgotten.add(.id, Array(uuid.utf8))
            try SQLStatement(
                connection, "INSERT OR IGNORE INTO erasing_records(source, offset) SELECT source, offset FROM nodes WHERE uuid = ?"
            ).run(.text(uuid))
            try SQLStatement(connection, "INSERT OR IGNORE INTO erasing_titles(title) SELECT id FROM titles WHERE leaf = ?").run(.text(uuid))
            // The record stays in the chain, as one that is no message: what hangs from it keeps its nearest message. An id that may say
            // something (a path, a text) goes.
            if Self.isPlain(uuid) {
                try SQLStatement(connection, "UPDATE nodes SET message = NULL WHERE uuid = ?").run(.text(uuid))
            } else {
                try SQLStatement(connection, "DELETE FROM nodes WHERE uuid = ?").run(.text(uuid))
            }
        }
        try SQLStatement(connection, "DELETE FROM erasing_messages WHERE message = ?").run(.integer(message))
        return uuid != nil
    }

    static func isPlain(_ id: String) -> Bool {
        id.utf8.count <= 64
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    /// - Returns: how many lines went; 0 when none is left.
    func eraseRecords() throws -> Int {
        let places = try SQLStatement(connection, "SELECT source, offset FROM erasing_records LIMIT \(Self.records)")
            .all { ErasureTargets.Place(source: $0.integer(0), offset: $0.integer(1)) }
        let raw = try RawErasure(connection, forgotten: forgotten, operation: operation)
        for (source, places) in Dictionary(grouping: places, by: \.source) {
            try raw.erase(source: source, offsets: places.map(\.offset))
        }
        let delete = try SQLStatement(connection, "DELETE FROM erasing_records WHERE source = ? AND offset = ?")
        for place in places { try delete.run(.integer(place.source), .integer(place.offset)) }
        return places.count
    }

    func eraseTitles() throws {
        let titles = try SQLStatement(
            connection,
            """
            SELECT titles.id, titles.text, titles.leaf, conversations.name FROM erasing_titles JOIN titles ON titles.id = erasing_titles.title
                LEFT JOIN conversations ON conversations.id = titles.conversation
            """
        ).all { (id: $0.integer(0), text: $0.text(1), owner: $0.optionalText(2) ?? $0.optionalText(3) ?? "") }
        for title in titles { try erase(title: title.id, title.text, owner: title.owner) }
        try SQLStatement(connection, "DELETE FROM erasing_titles").run()
    }

    private func erase(title id: Int64, _ text: String, owner: String) throws {
        try forgotten.addTitle(text, owner: owner)
        try SQLStatement(connection, "DELETE FROM titles WHERE id = ?").run(.integer(id))
        // A reader keeps the title of the session that it is in, in its state.
        try SQLStatement(
            connection,
            """
            UPDATE sources SET reader_state = json_remove(reader_state, '$.thread.title')
            WHERE instr(reader_state, ?) AND json_valid(reader_state)
            """
        ).run(.text(String(decoding: ErasureText(text).escaped[0], as: UTF8.self)))
    }

    /// Windows count what is left in them; a conversation without a message goes with all that is said of it.
    private func settle(_ windows: Set<Int64>) throws {
        var conversations: Set<Int64> = []
        for window in windows {
            try SQLStatement(connection, "SELECT conversation FROM windows WHERE id = ?").each([.integer(window)]) { row in
                conversations.insert(row.integer(0))
                return false
            }
            try SQLStatement(
                connection,
                """
                UPDATE windows SET (message_count, first_time, last_time) = (SELECT count(*), min(time), max(time)
                        FROM occurrences JOIN messages ON messages.id = occurrences.message WHERE occurrences.window = ?1),
                    project = (SELECT messages.project FROM occurrences JOIN messages ON messages.id = occurrences.message
                        WHERE occurrences.window = ?1 AND messages.project IS NOT NULL ORDER BY occurrences.position LIMIT 1)
                WHERE id = ?1
                """
            ).run(.integer(window))
        }
        for conversation in conversations { try settle(conversation) }
    }

    private func settle(_ conversation: Int64) throws {
        let hasMessage =
            try SQLStatement(
                connection, "SELECT 1 FROM windows JOIN occurrences ON occurrences.window = windows.id WHERE windows.conversation = ? LIMIT 1"
            ).first(.integer(conversation)) { _ in true } ?? false
        if hasMessage {
            return try SQLStatement(
                connection,
                "UPDATE conversations SET last_time = (SELECT max(last_time) FROM windows WHERE windows.conversation = ?1) WHERE id = ?1"
            ).run(.integer(conversation))
        }
        try EmptyConversation(connection: connection, id: conversation, forgotten: forgotten).remove()
    }
}

/// A conversation of which no message is left, and everything that lines said of it.
struct EmptyConversation {
    let connection: Database
    let id: Int64
    let forgotten: ForgottenRows

    func remove() throws {
        guard let name = try SQLStatement(connection, "SELECT name FROM conversations WHERE id = ?").first(.integer(id), read: { $0.text(0) })
        else { return }
        try forgotten.add(.conversation, Array(name.utf8))
        let titles = try SQLStatement(connection, "SELECT text, leaf FROM titles WHERE conversation = ?").all(.integer(id)) {
            (text: $0.text(0), leaf: $0.optionalText(1))
        }
        for title in titles { try forgotten.addTitle(title.text, owner: title.leaf ?? name) }
        // The greatest count of a hostile transcript must not overflow a sum in SQL: row by row, as they were added.
        let replies = try SQLStatement(connection, "SELECT input, output, cache_creation, cache_read FROM replies WHERE conversation = ?")
            .all(.integer(id)) { row in (0..<4).map { row.integer($0) } }
        let subtract = try SQLStatement(connection, "SELECT input, output, cache_creation, cache_read FROM totals")
        var totals = try subtract.first { row in (0..<4).map { row.integer($0) } } ?? []
        for reply in replies { totals = zip(totals, reply).map { $0 &- $1 } }
        if totals.count == 4 {
            try SQLStatement(connection, "UPDATE totals SET input = ?, output = ?, cache_creation = ?, cache_read = ?")
                .run(.integer(totals[0]), .integer(totals[1]), .integer(totals[2]), .integer(totals[3]))
        }
        for sql in [
            "DELETE FROM titles WHERE conversation = ?", "DELETE FROM replies WHERE conversation = ?",
            "DELETE FROM spawns WHERE conversation = ?",
            "DELETE FROM compactions WHERE window IN (SELECT id FROM windows WHERE conversation = ?)",
            "DELETE FROM windows WHERE conversation = ?", "DELETE FROM conversations WHERE id = ?",
        ] { try SQLStatement(connection, sql).run(.integer(id)) }
        // What sessions of clients wanted to hear of it.
        try SQLStatement(connection, "UPDATE session_records SET subscriptions = '' WHERE instr(subscriptions, ?)").run(.text(name))
    }
}

/// Names that nothing bears any more.
enum UnusedNames {
    static func remove(_ connection: Database) throws {
        for sql in [
            "DELETE FROM projects WHERE id NOT IN (SELECT project FROM messages WHERE project IS NOT NULL)"
                + " AND id NOT IN (SELECT project FROM windows WHERE project IS NOT NULL)",
            "DELETE FROM repositories WHERE id NOT IN (SELECT repository FROM projects WHERE repository IS NOT NULL)",
            "DELETE FROM participants WHERE id NOT IN (SELECT participant FROM messages)",
            "DELETE FROM origins WHERE id NOT IN (SELECT origin FROM messages WHERE origin IS NOT NULL)"
                + " AND id NOT IN (SELECT origin FROM sources WHERE origin IS NOT NULL)",
        ] { try SQLStatement(connection, sql).run() }
    }

    /// Conversations that were forgotten and that an archive named again without a message.
    static func removeForgotten(_ connection: Database, _ forgotten: ForgottenRows) throws {
        let empty = try SQLStatement(
            connection,
            """
            SELECT id, name FROM conversations WHERE NOT EXISTS (SELECT 1 FROM windows JOIN occurrences ON occurrences.window = windows.id
                WHERE windows.conversation = conversations.id)
            """
        ).all { (id: $0.integer(0), name: $0.text(1)) }
        for conversation in empty where try forgotten.contains(.conversation, Array(conversation.name.utf8)) {
            try EmptyConversation(connection: connection, id: conversation.id, forgotten: forgotten).remove()
        }
        // A window that an archive brought without its messages keeps no project.
        try SQLStatement(
            connection,
            "UPDATE windows SET project = NULL WHERE message_count = 0 AND NOT EXISTS (SELECT 1 FROM occurrences WHERE window = windows.id)"
        ).run()
        try remove(connection)
    }

    /// Messages that hung from ones that are gone hang from the nearest that is left.
    static func mendChain(_ connection: Database) throws {
        try SQLStatement(connection, "UPDATE nodes SET ancestor = NULL WHERE ancestor IS NOT NULL AND ancestor NOT IN (SELECT id FROM messages)")
            .run()
        try SQLStatement(connection, "UPDATE messages SET parent = NULL WHERE parent IS NOT NULL AND parent NOT IN (SELECT id FROM messages)").run()
    }
}
