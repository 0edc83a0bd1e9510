import GRDB
import MemoryStore

/// Makes sure that what was deleted from a SQLite file is in none of its bytes. For any file in WAL mode whose connections have
/// `secure_delete` on, which zeroes what is freed.
///
/// FTS5 keeps deleted terms in its segments until they are merged: SQLite before 3.42 has no secure delete for them, so the index is merged
/// into one segment first (`optimize`). VACUUM then writes every page anew, which also leaves behind the copies that pages keep of cells
/// that moved; the checkpoint brings that into the file and cuts the log, where the old pages stood.
enum FileScrub {
    /// - Parameters:
    ///   - indexes: the FTS5 tables.
    ///   - vacuums: whether the file is written anew: about twice its size in free space (a copy and the log), and time by its size.
    /// - Throws: `busy` where others hold the file; what was done by then stays done.
    static func run(_ connection: Database, indexes: [String], vacuums: Bool, operation: String) throws {
        for index in indexes { try connection.execute(sql: "INSERT INTO \(index)(\(index)) VALUES ('optimize')") }
        if vacuums {
            // The copy that VACUUM makes would stand in memory otherwise. It is a file without a name, gone when this ends.
            try connection.execute(sql: "PRAGMA temp_store = FILE")
            defer { try? connection.execute(sql: "PRAGMA temp_store = MEMORY") }
            try connection.execute(sql: "VACUUM")
        }
        // Readers that began before hold the log; they end when their answer is out.
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let isBusy = try SQLStatement(connection, "PRAGMA wal_checkpoint(TRUNCATE)").first { $0.integer(0) != 0 } ?? false
            if !isBusy { return }
            guard ContinuousClock.now < deadline else {
                throw StoreError(
                    .busy, operation: operation,
                    cause: "the rows are gone, but another process holds the file's log open, so old bytes may still be in it. Stop it, or wait "
                        + "until it is done, then run `magenta forget --finish`; `magenta serve` finishes it by itself")
            }
        }
    }

    static func isWorthwhile(_ connection: Database) throws -> Bool {
        let free = try SQLStatement(connection, "PRAGMA freelist_count").first { $0.integer(0) } ?? 0
        let all = try SQLStatement(connection, "PRAGMA page_count").first { $0.integer(0) } ?? 0
        return free * 4 >= all
    }
}
