import GRDB
package import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func sessionRecord(_ id: String) async throws(StoreError) -> SessionRecordRow? {
        try await read("read a session") { connection in
            try SQLStatement(connection, "SELECT expires, has_ended, log_level, subscriptions FROM session_records WHERE id = ?")
                .first(.text(id)) { row in
                    SessionRecordRow(
                        id: id, expires: Timestamp(milliseconds: row.integer(0)), hasEnded: row.flag(1), logLevel: row.optionalText(2),
                        subscriptions: row.text(3).split(separator: "\n").map(String.init))
                }
        }
    }

    package func save(_ record: SessionRecordRow) async throws(StoreError) {
        try await write("save a session") { connection in
            try SQLStatement(
                connection,
                """
                INSERT INTO session_records(id, expires, has_ended, log_level, subscriptions) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET expires = excluded.expires, has_ended = excluded.has_ended, log_level = excluded.log_level,
                    subscriptions = excluded.subscriptions
                """
            ).run(
                .text(record.id), .integer(record.expires.milliseconds), .flag(record.hasEnded), .text(record.logLevel),
                // A URI holds no line break.
                .text(record.subscriptions.joined(separator: "\n")))
        }
    }

    package func removeSessionRecords(expiredBefore instant: Timestamp) async throws(StoreError) {
        try await write("remove expired sessions") { connection in
            try SQLStatement(connection, "DELETE FROM session_records WHERE expires < ?").run(.integer(instant.milliseconds))
        }
    }
}
