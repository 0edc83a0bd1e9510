import GRDB
import MemoryStore

/// One step of the schema. The list only grows at its end: a migration that a release has run is never edited.
struct Migration {
    var name: String
    var sql: String

    static let all = [
        Migration(name: "0001 archive", sql: archiveSchema),
        Migration(name: "0002 session subscriptions", sql: "ALTER TABLE session_records ADD COLUMN subscriptions TEXT NOT NULL DEFAULT ''"),
        Migration(name: "0003 conversations by time", sql: conversationTimeSchema),
        Migration(name: "0004 tokens", sql: tokenSchema),
        Migration(name: "0005 origins and repositories", sql: originSchema),
        Migration(name: "0006 token users", sql: senderSchema),
        Migration(name: "0007 rules", sql: ruleSchema),
        Migration(name: "0008 source health", sql: sourceHealthSchema),
    ]

    /// "MGNT": tells a store from any other SQLite file.
    static let applicationID: Int64 = 0x4D47_4E54

    /// Brings the schema up to date in one transaction. Two processes may start at once: what is missing is read again under
    /// the write lock, which nobody has to wait for where nothing is missing.
    static func run(_ migrations: [Migration] = all, on connection: Database, operation: String) throws {
        let isReady = try isStore(connection) && missing(migrations, on: connection, operation: operation).isEmpty
        if isReady { return }
        // A migration may rebuild a table that others refer to, which SQLite does not allow while it checks references. They are checked
        // as a whole before the commit instead. The setting cannot change inside of a transaction.
        try connection.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? connection.execute(sql: "PRAGMA foreign_keys = ON") }
        try connection.inTransaction(.immediate) {
            if try !isStore(connection) {
                try checkUnused(connection, operation: operation)
                try connection.execute(sql: "PRAGMA application_id = \(applicationID)")
                try connection.execute(sql: "CREATE TABLE migrations(position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
            }
            for (position, migration) in try missing(migrations, on: connection, operation: operation) {
                try connection.execute(sql: migration.sql)
                try SQLStatement(connection, "INSERT INTO migrations(position, name) VALUES (?, ?)")
                    .run(.integer(position + 1), .text(migration.name))
            }
            let isBroken = try SQLStatement(connection, "PRAGMA foreign_key_check").first { _ in true } ?? false
            guard !isBroken else {
                throw StoreError(
                    .corrupt, operation: operation, cause: "rows refer to rows that are missing, so it was not migrated; restore a backup")
            }
            return .commit
        }
    }

    static func missing(
        _ migrations: [Migration], on connection: Database, operation: String
    ) throws -> [(offset: Int, element: Migration)] {
        let applied = try SQLStatement(connection, "SELECT name FROM migrations ORDER BY position").all { $0.text(0) }
        let names = migrations.map(\.name)
        guard applied == Array(names.prefix(applied.count)) else {
            let unknown = applied.first { !names.contains($0) } ?? ""
            throw StoreError(
                .newerSchema, operation: operation, cause: "a newer magenta wrote it (migration \"\(unknown)\"); run that version or newer")
        }
        return Array(migrations.enumerated().dropFirst(applied.count))
    }

    static func isStore(_ connection: Database) throws -> Bool {
        try SQLStatement(connection, "PRAGMA application_id").first { $0.integer(0) } == applicationID
    }

    /// A database without the mark may become a store if it is empty; one that holds anything is somebody else's. One that
    /// another process is just making has its mark in the log already.
    static func checkUnused(_ connection: Database, operation: String) throws {
        let id = try SQLStatement(connection, "PRAGMA application_id").first { $0.integer(0) }
        let tables = try SQLStatement(connection, "SELECT count(*) FROM sqlite_schema").first { $0.integer(0) }
        guard id == applicationID || (id == 0 && tables == 0) else {
            throw StoreError(.unavailable, operation: operation, cause: "it is another program's database; name another file")
        }
    }
}
