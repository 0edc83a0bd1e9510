import GRDB
import JSON
import MemoryModel
package import MemoryStore
import Redaction

extension SQLiteStore {
    package func source(_ key: SourceKey) async throws(StoreError) -> SourceState? { try await source(key, upTo: .max) }

    package func source(_ key: SourceKey, generation: Int) async throws(StoreError) -> SourceState? {
        let state = try await source(key, upTo: generation)
        return state?.generation == generation ? state : nil
    }

    private func source(_ key: SourceKey, upTo generation: Int) async throws(StoreError) -> SourceState? {
        let operation = "read how far \(key.path.value) was read"
        return try await read(operation) { connection in
            try SQLStatement(
                connection,
                """
                SELECT generation, identity, head_hash, head_length, offset, line, reader_state, size, read_time
                FROM sources WHERE spool = ? AND path = ? AND generation <= ? ORDER BY generation DESC LIMIT 1
                """
            ).first(.text(key.spool.value), .text(key.path.value), .integer(generation)) { row in
                SourceState(
                    key: key, generation: Int(row.integer(0)), identity: row.text(1), headHash: row.text(2),
                    headLength: Int(row.integer(3)), offset: row.integer(4), line: row.integer(5),
                    size: row.integer(7), readTime: row.optionalInteger(8).map { Timestamp(milliseconds: $0) },
                    readerState: try row.readerState(6, operation: operation))
            }
        }
    }

    package func capture(_ batch: CaptureBatch) async throws(StoreError) -> CaptureCounts {
        let (counts, change) = try await write("store lines of \(batch.source.key.path.value)") { [files] connection in
            let writer = try BatchWriter(connection, source: batch.source, origin: batch.origin, files: files)
            return (try writer.write(batch), writer.change)
        }
        // Behind the commit: whoever hears of it reads what is there.
        feed.announce(change)
        return counts
    }

    package func changes() -> AsyncStream<StoreChange> { feed.changes() }

    package func announceCaptured(since mark: CaptureMark?) async throws(StoreError) -> CaptureMark {
        let (new, change) = try await read("look for what was captured") { connection in
            let newest = try SQLStatement(connection, "SELECT ifnull(max(id), 0) FROM messages").first { $0.integer(0) } ?? 0
            var change = StoreChange()
            if let mark, mark.newest < newest { change = try Self.change(connection, since: mark.newest) }
            return (CaptureMark(newest: newest), change)
        }
        feed.announce(change)
        return new
    }

    /// The windows of the messages behind `mark`. A conversation is new whose windows all begin behind it.
    private static func change(_ connection: Database, since mark: Int64) throws -> StoreChange {
        var change = StoreChange()
        try SQLStatement(
            connection,
            """
            SELECT windows.id, conversations.name, NOT EXISTS (
                SELECT 1 FROM windows AS others JOIN occurrences ON occurrences.window = others.id AND occurrences.position = 1
                WHERE others.conversation = windows.conversation AND occurrences.message <= ?)
            FROM (SELECT DISTINCT window FROM messages WHERE id > ? LIMIT ?) AS new
            JOIN windows ON windows.id = new.window JOIN conversations ON conversations.id = windows.conversation
            """
        ).each([.integer(mark), .integer(mark), .integer(StoreChange.maximumNames)]) { row in
            change.add(row.text(1), WindowID(number: row.integer(0)))
            change.hasNewConversation = change.hasNewConversation || row.integer(2) != 0
            return true
        }
        return change
    }
}

extension SQLRow {
    func readerState(_ column: Int32, operation: String) throws -> RedactedJSON {
        let state = withBytes(column) { bytes in
            try? JSONReader(maximumDepth: Redactor.maximumDepth, refusesDuplicateKeys: false).read(bytes)
        }
        guard let state else { throw StoreError(.corrupt, operation: operation, cause: "its reader's state is damaged; restore a backup") }
        return RedactedJSON(readBackFromStore: state)
    }
}
