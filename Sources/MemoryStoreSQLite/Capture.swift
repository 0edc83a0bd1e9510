import GRDB
import JSON
import MemoryModel
package import MemoryStore
import Redaction

extension SQLiteStore {
    package func source(_ key: SourceKey) async throws(StoreError) -> SourceState? {
        let operation = "read how far \(key.path.value) was read"
        return try await read(operation) { connection in
            try SQLStatement(
                connection,
                """
                SELECT generation, identity, head_hash, head_length, offset, line, reader_state, size, read_time
                FROM sources WHERE spool = ? AND path = ? ORDER BY generation DESC LIMIT 1
                """
            ).first(.text(key.spool.value), .text(key.path.value)) { row in
                SourceState(
                    key: key, generation: Int(row.integer(0)), identity: row.text(1), headHash: row.text(2),
                    headLength: Int(row.integer(3)), offset: row.integer(4), line: row.integer(5),
                    size: row.integer(7), readTime: row.optionalInteger(8).map { Timestamp(milliseconds: $0) },
                    readerState: try row.readerState(6, operation: operation))
            }
        }
    }

    package func capture(_ batch: CaptureBatch) async throws(StoreError) -> CaptureCounts {
        let (counts, change) = try await write("store lines of \(batch.source.key.path.value)") { connection in
            let writer = try BatchWriter(connection, source: batch.source, origin: batch.origin)
            return (try writer.write(batch), writer.change)
        }
        // Behind the commit: whoever hears of it reads what is there.
        feed.announce(change)
        return counts
    }

    package func changes() -> AsyncStream<StoreChange> { feed.changes() }
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
