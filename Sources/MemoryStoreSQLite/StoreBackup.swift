import GRDB
package import MemoryStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension SQLiteStore {
    /// Writes one state of the store to a file of its own, while others read and write it, and the server's key to `path.key`.
    ///
    /// The copy has no free pages and no log, so nothing that was removed is in it. It has its name only once it was checked and is
    /// on disk; a process that is killed leaves `path.partial` behind, which the next backup to that name takes over.
    ///
    /// - Parameters:
    ///   - replaces: whether files that are there are replaced.
    ///   - verifies: whether a store that is damaged is an error; otherwise it is copied as well as it can be read.
    /// - Returns: what the copy holds.
    package func backup(to path: String, replaces: Bool, verifies: Bool = true) async throws(StoreError) -> StoreStatistics {
        let operation = "back the store up to \(path)"
        let draft = path + ".partial"
        _ = try await serverKey()
        let lock = try await Self.blocking(on: queue) { [files] () throws(StoreError) in
            let names = [path, StoreFiles(store: path).key]
            // The drafts too: what is under their names goes.
            for name in names + names.map({ $0 + ".partial" }) { try files.checkTarget(name, operation: operation) }
            for name in names where !replaces && OwnerOnlyCopy.exists(name) { throw OwnerOnlyCopy.isThere(name, operation) }
            // SQLite writes into a file that is there and empty; this one is for its owner alone.
            guard let lock = try CaptureFileLock(at: draft) else {
                throw StoreError(.busy, operation: operation, cause: "another backup is being written there")
            }
            guard truncate(draft, 0) == 0 else { throw StoreError(errno: errno, operation: operation) }
            return lock
        }
        defer { lock.release() }
        do {
            // A reader as any other: writers go on, and what they write meanwhile is not in it.
            try await pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
            return try await Self.blocking(on: queue) { () throws(StoreError) in
                try finish(draft, path: path, replaces: replaces, verifies: verifies, operation: operation)
            }
        } catch {
            unlink(draft)
            throw StoreError(error, operation: operation)
        }
    }

    /// Copies the store to `STORE.before-repair`, or the next number, as well as it can be read.
    ///
    /// - Returns: the copy's name.
    package func backupBeforeRepair() async throws(StoreError) -> String {
        let files = files
        let name = try await Self.blocking(on: queue) { () throws(StoreError) in
            try OwnerOnlyCopy.freeName(files.store + ".before-repair", operation: "back the store up before it is repaired")
        }
        _ = try await backup(to: name, replaces: false, verifies: false)
        return name
    }

    private func finish(
        _ draft: String, path: String, replaces: Bool, verifies: Bool, operation: String
    ) throws(StoreError) -> StoreStatistics {
        let backup = StoreFiles(store: path)
        let statistics = verifies ? try StoreFile(path: draft, operation: operation).verify() : StoreStatistics()
        try OwnerOnlyCopy.sync(draft, operation: operation)
        // The key first: with the backup's name there, all of it is there.
        let key = backup.key + ".partial"
        try OwnerOnlyCopy.copy(files.key, to: key, operation: operation)
        try OwnerOnlyCopy.rename(key, to: backup.key, replaces: replaces, operation: operation)
        try OwnerOnlyCopy.rename(draft, to: path, replaces: replaces, operation: operation)
        return statistics
    }
}

/// A store's file that no process has open: a backup, or one that is about to become the store.
struct StoreFile {
    var path: String
    var operation: String

    /// Whether SQLite's header (https://www.sqlite.org/fileformat.html section 1.3) and the store's mark are there.
    func checkMark() throws(StoreError) {
        let file = try StoreFiles.open(path, O_RDONLY, operation: operation)
        defer { close(file) }
        guard StoreFiles.applicationID(in: file) == Migration.applicationID else {
            throw StoreError(.invalid, operation: operation, cause: "\(path) is no store of magenta; name a file that `magenta backup` wrote")
        }
    }

    /// Checks that the file is whole and a store of this version or an older one, without changing it.
    ///
    /// - Returns: what it holds.
    func verify() throws(StoreError) -> StoreStatistics {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            return try DatabaseQueue(path: path, configuration: configuration).read { connection in
                guard try Migration.isStore(connection) else {
                    throw StoreError(.invalid, operation: operation, cause: "\(path) is no store of magenta")
                }
                _ = try Migration.missing(Migration.all, on: connection, operation: operation)
                let flaws = try SQLStatement(connection, "PRAGMA integrity_check(1)").all { $0.text(0) }
                guard flaws == ["ok"] else {
                    throw StoreError(.corrupt, operation: operation, cause: "\(path) is damaged (\(flaws.first ?? "no answer")); take another backup")
                }
                let isBroken = try SQLStatement(connection, "PRAGMA foreign_key_check").first { _ in true } ?? false
                guard !isBroken else {
                    throw StoreError(.corrupt, operation: operation, cause: "rows of \(path) refer to rows that are missing; take another backup")
                }
                var result = StoreStatistics()
                try SQLStatement(
                    connection,
                    "SELECT (SELECT count(*) FROM messages), (SELECT messages FROM totals), (SELECT count(*) FROM conversations), "
                        + "(SELECT count(*) FROM windows), (SELECT max(position) FROM migrations)"
                ).each([]) { row in
                    guard row.integer(0) == row.integer(1) else {
                        throw StoreError(
                            .corrupt, operation: operation,
                            cause: "\(path) holds \(row.integer(0)) messages and should hold \(row.integer(1)); `magenta check` says more")
                    }
                    result.messages = Int(row.integer(0))
                    result.conversations = Int(row.integer(2))
                    result.windows = Int(row.integer(3))
                    result.schema = Int(row.integer(4))
                    return false
                }
                return result
            }
        } catch { throw StoreError(error, operation: operation) }
    }

    /// Brings its schema up to date, in place, and leaves one file without a log.
    func migrate() throws(StoreError) {
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA journal_mode = DELETE")
                try Migration.run(on: connection, operation: operation)
            }
            try queue.close()
        } catch { throw StoreError(error, operation: operation) }
    }
}
