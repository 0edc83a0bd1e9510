import GRDB
import MemoryModel
import MemoryStore
import Redaction

/// The rows of sources: how far each file was read.
enum SourceRows {
    /// The row of a source with its new state, and the offset it had before. A source that is read again from its start keeps the state
    /// behind its last line.
    static func row(_ connection: Database, _ state: SourceState, origin: Int64?) throws -> (id: Int64, offset: Int64) {
        let name: [SQLValue] = [.text(state.key.spool.value), .text(state.key.path.value), .integer(state.generation)]
        var before: (id: Int64, offset: Int64)?
        try SQLStatement(connection, "SELECT id, offset FROM sources WHERE spool = ? AND path = ? AND generation = ?").each(name) { row in
            before = (row.integer(0), row.integer(1))
            return false
        }
        if let before, before.offset > state.offset { return before }
        let values: [SQLValue] = [
            .text(state.identity), .text(state.headHash), .integer(state.headLength), .integer(state.offset), .integer(state.line),
            .integer(state.size), .integer(state.readTime?.milliseconds), .text(state.readerState.text.value), .integer(origin),
        ]
        if let before {
            try SQLStatement(
                connection,
                """
                UPDATE sources SET identity = ?, head_hash = ?, head_length = ?, offset = ?, line = ?, size = ?, read_time = ?,
                    reader_state = ?, origin = ifnull(?, origin) WHERE id = ?
                """
            ).each(values + [.integer(before.id)]) { _ in true }
            return before
        }
        try SQLStatement(
            connection,
            """
            INSERT INTO sources(identity, head_hash, head_length, offset, line, size, read_time, reader_state, origin, spool, path, generation)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).each(values + name) { _ in true }
        return (connection.lastInsertedRowID, 0)
    }

    /// Stands for the state of a reader that cannot go on: what comes next is read as a generation of its own.
    static let noState = "null"

    /// An archive's records are in up to here.
    static func advance(_ row: Int64, to end: (offset: Int64, line: Int64), _ connection: Database) throws {
        try SQLStatement(connection, "UPDATE sources SET offset = ?1, line = ?2, reader_state = ?3 WHERE id = ?4 AND offset < ?1")
            .run(.integer(end.offset), .integer(end.line), .text(noState), .integer(row))
    }

    /// All of an archive's records are in: the source stands where the archive's did, unless it had been read further here.
    static func complete(_ row: Int64, as source: ArchivedSource, origin: Int64?, _ connection: Database) throws {
        try SQLStatement(
            connection,
            """
            UPDATE sources SET identity = ?, head_hash = ?, head_length = ?, offset = ?4, line = ?, size = ?, read_time = ?,
                reader_state = ?, origin = ifnull(origin, ?) WHERE id = ? AND (offset < ?4 OR (offset = ?4 AND reader_state = ?))
            """
        ).run(
            .text(source.identity.value), .text(source.headHash.value), .integer(source.headLength), .integer(source.offset),
            .integer(source.line), .integer(source.size), .integer(source.readTime?.milliseconds), .text(source.readerState.text.value),
            .integer(origin), .integer(row), .text(noState))
    }
}
