import GRDB
package import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func sessionRecord(_ id: String) async throws(StoreError) -> SessionRecordRow? {
        try await read("read a session") { try Self.sessionRecord(id, $0) }
    }

    package func updateSessionRecord(
        _ id: String, expires: Timestamp, _ change: @escaping @Sendable (inout SessionRecordRow) -> Void
    ) async throws(StoreError) -> SessionRecordRow {
        try await write("keep a session's setting") { connection in
            var record = try Self.sessionRecord(id, connection) ?? SessionRecordRow(id: id, expires: expires)
            change(&record)
            try SQLStatement(
                connection,
                """
                INSERT INTO session_records(id, expires, has_ended, log_level, subscriptions) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET expires = excluded.expires, has_ended = excluded.has_ended, log_level = excluded.log_level,
                    subscriptions = excluded.subscriptions
                """
            ).run(
                .text(id), .integer(record.expires.milliseconds), .flag(record.hasEnded), .text(record.logLevel),
                // A URI holds no line break.
                .text(record.subscriptions.joined(separator: "\n")))
            return record
        }
    }

    private static func sessionRecord(_ id: String, _ connection: Database) throws -> SessionRecordRow? {
        try SQLStatement(connection, "SELECT expires, has_ended, log_level, subscriptions FROM session_records WHERE id = ?")
            .first(.text(id)) { row in
                SessionRecordRow(
                    id: id, expires: Timestamp(milliseconds: row.integer(0)), hasEnded: row.flag(1), logLevel: row.optionalText(2),
                    subscriptions: row.text(3).split(separator: "\n").map(String.init))
            }
    }

    package func removeSessionRecords(expiredBefore instant: Timestamp) async throws(StoreError) {
        try await write("remove expired sessions") { connection in
            try SQLStatement(connection, "DELETE FROM session_records WHERE expires < ?").run(.integer(instant.milliseconds))
        }
    }
}
