import GRDB
import JSON
package import MemoryStore
package import Redaction

extension SQLiteStore {
    package func source(at path: RedactedText) async throws(StoreError) -> SourceState? {
        let operation = "read how far \(path.value) was read"
        return try await read(operation) { connection in
            try SQLStatement(
                connection,
                """
                SELECT generation, identity, head_hash, head_length, offset, line, reader_state
                FROM sources WHERE path = ? ORDER BY generation DESC LIMIT 1
                """
            ).first(.text(path.value)) { row in
                let state = row.withBytes(6) { bytes in
                    try? JSONReader(maximumDepth: Redactor.maximumDepth, refusesDuplicateKeys: false).read(bytes)
                }
                guard let state else {
                    throw StoreError(.corrupt, operation: operation, cause: "its reader's state is damaged; restore a backup")
                }
                return SourceState(
                    path: path, generation: Int(row.integer(0)), identity: row.text(1), headHash: row.text(2),
                    headLength: Int(row.integer(3)), offset: row.integer(4), line: row.integer(5),
                    readerState: RedactedJSON(readBackFromStore: state))
            }
        }
    }

    package func capture(_ batch: CaptureBatch) async throws(StoreError) -> CaptureCounts {
        let (counts, change) = try await write("store lines of \(batch.source.path.value)") { connection in
            let writer = try BatchWriter(connection, source: batch.source)
            return (try writer.write(batch), writer.change)
        }
        // Behind the commit: whoever hears of it reads what is there.
        feed.announce(change)
        return counts
    }

    package func changes() -> AsyncStream<StoreChange> { feed.changes() }
}
