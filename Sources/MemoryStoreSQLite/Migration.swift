import GRDB
import MemoryStore

/// One step of the schema. The list only grows at its end: a migration that a release has run is never edited.
struct Migration {
    var name: String
    var sql: String

    static let all = [Migration(name: "0001 archive", sql: archiveSchema)]

    /// "MGNT": tells a store from any other SQLite file.
    private static let applicationID: Int64 = 0x4D47_4E54

    /// Brings the schema up to date in one transaction. Two processes may start at once: what is missing is read under the
    /// write lock.
    static func run(_ migrations: [Migration] = all, on connection: Database, operation: String) throws {
        try connection.inTransaction(.immediate) {
            let applied = try applied(on: connection, operation: operation)
            let names = migrations.map(\.name)
            guard applied == Array(names.prefix(applied.count)) else {
                let unknown = applied.first { !names.contains($0) } ?? ""
                throw StoreError(
                    .newerSchema, operation: operation, cause: "a newer magenta wrote it (migration \"\(unknown)\"); run that version or newer")
            }
            for (position, migration) in migrations.enumerated().dropFirst(applied.count) {
                try connection.execute(sql: migration.sql)
                try SQLStatement(connection, "INSERT INTO migrations(position, name) VALUES (?, ?)")
                    .run(.integer(position + 1), .text(migration.name))
            }
            return .commit
        }
    }

    private static func applied(on connection: Database, operation: String) throws -> [String] {
        let id = try SQLStatement(connection, "PRAGMA application_id").first { $0.integer(0) }
        if id == applicationID {
            return try SQLStatement(connection, "SELECT name FROM migrations ORDER BY position").all { $0.text(0) }
        }
        let tables = try SQLStatement(connection, "SELECT count(*) FROM sqlite_schema").first { $0.integer(0) }
        guard id == 0, tables == 0 else {
            throw StoreError(.unavailable, operation: operation, cause: "it is another program's database; name another file")
        }
        try connection.execute(sql: "PRAGMA application_id = \(applicationID)")
        try connection.execute(sql: "CREATE TABLE migrations(position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
        return []
    }
}
