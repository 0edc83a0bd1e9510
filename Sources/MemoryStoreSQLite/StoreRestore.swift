import Dispatch
import GRDB
package import MemoryStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Puts a backup in the place of a store that no process has open.
///
/// The backup is copied beside the store, checked and brought up to this version's schema there. Then the store gets a second name, and
/// the copy takes its first one by a rename: whenever the process is killed, a whole store stands under the store's name, the old one or
/// the new one.
package struct StoreRestore: Sendable {
    package struct Outcome: Sendable {
        package var statistics: StoreStatistics
        /// Where the store that was there is now.
        package var replaced: String?
        /// Whether the backup brought a key along.
        package var hasKey: Bool
    }

    private let backup: String
    private let files: StoreFiles
    private let operation: String

    private init(backup: String, store: String) {
        self.backup = backup
        files = StoreFiles(store: store)
        operation = "restore \(backup)"
    }

    package static func run(backup: String, store: String) async throws(StoreError) -> Outcome {
        let restore = StoreRestore(backup: backup, store: store)
        return try await SQLiteStore.blocking(on: DispatchQueue(label: "magenta.store.restore")) { () throws(StoreError) in try restore.run() }
    }

    private func run() throws(StoreError) -> Outcome {
        guard !OwnerOnlyCopy.isSame(backup, files.store) else {
            throw StoreError(.invalid, operation: operation, cause: "that is the store itself; name a backup")
        }
        guard !OwnerOnlyCopy.exists(backup + "-wal") else {
            throw StoreError(
                .invalid, operation: operation,
                cause: "it has a log beside it (\(backup)-wal), so it is a store and no backup; `magenta backup --store \(backup) FILE` makes one")
        }
        try StoreFile(path: backup, operation: operation).checkMark()
        try StoreFiles.makeDirectories(above: files.store, operation: operation)
        guard let lock = try CaptureFileLock(at: files.lock) else {
            throw inUse("another process captures into it; stop magenta serve, magenta stdio and imports first")
        }
        defer { lock.release() }
        let isThere = OwnerOnlyCopy.exists(files.store)
        if isThere, let owner = try StoreUse.owner(of: files.store, operation: operation) {
            throw inUse("\(owner) has it open; stop it first")
        }
        let draft = files.store + ".restoring"
        defer { unlink(draft) }
        for end in ["-journal", "-wal", "-shm"] { unlink(draft + end) }
        try OwnerOnlyCopy.copy(backup, to: draft, operation: operation)
        let statistics = try prepare(StoreFile(path: draft, operation: operation))
        try OwnerOnlyCopy.sync(draft, operation: operation)
        var replaced: String?
        if isThere {
            let name = try OwnerOnlyCopy.freeName(files.store + ".before-restore", orOf: files.store, operation: operation)
            try swap(draft, keeping: name)
            replaced = name
        } else {
            // A log without its store would be taken for the new one's.
            for name in [files.store + "-wal", files.store + "-shm"] { unlink(name) }
            try OwnerOnlyCopy.rename(draft, to: files.store, replaces: false, operation: operation)
        }
        return Outcome(statistics: statistics, replaced: replaced, hasKey: try restoreKey(keptAs: replaced.map { $0 + ".key" }))
    }

    /// The copy is what is checked: opening the backup itself might leave files beside it.
    private func prepare(_ draft: StoreFile) throws(StoreError) -> StoreStatistics {
        do {
            try draft.migrate()
            return try draft.verify()
        } catch {
            throw StoreError(error.code, operation: operation, cause: error.cause.replacing(draft.path, with: backup))
        }
    }

    /// Nobody else may open the old store while the names change.
    private func swap(_ draft: String, keeping name: String) throws(StoreError) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(2)
        do {
            let queue = try DatabaseQueue(path: files.store, configuration: configuration)
            try queue.writeWithoutTransaction { connection in
                // Leaving WAL takes the file for oneself alone, and brings all of the log into it.
                try connection.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
                let mode = try SQLStatement(connection, "PRAGMA journal_mode = DELETE").first { $0.text(0) }
                guard mode == "delete" else { throw inUse("another process has it open; stop it first") }
                try connection.execute(sql: "BEGIN EXCLUSIVE")
                defer { try? connection.execute(sql: "ROLLBACK") }
                try change(draft, keeping: name)
            }
            try queue.close()
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR].contains(error.resultCode) {
            // A store that cannot even be opened is why people restore. Its log goes with it, so that the new one does not get it.
            for end in ["-wal", "-shm"] where OwnerOnlyCopy.exists(files.store + end) {
                try OwnerOnlyCopy.rename(files.store + end, to: name + end, replaces: true, operation: operation)
            }
            try change(draft, keeping: name)
        } catch {
            let failure = StoreError(error, operation: operation)
            throw failure.code == .busy ? inUse("another process has it open; stop it first") : failure
        }
    }

    private func change(_ draft: String, keeping name: String) throws(StoreError) {
        if !OwnerOnlyCopy.isSame(files.store, name) { try OwnerOnlyCopy.link(files.store, as: name, operation: operation) }
        try OwnerOnlyCopy.rename(draft, to: files.store, replaces: true, operation: operation)
    }

    private func restoreKey(keptAs name: String?) throws(StoreError) -> Bool {
        let key = StoreFiles(store: backup).key
        guard OwnerOnlyCopy.exists(key) else { return false }
        _ = try ServerKeyFile(path: key).readOrMake()
        let draft = files.key + ".restoring"
        try OwnerOnlyCopy.copy(key, to: draft, operation: operation)
        if let name, OwnerOnlyCopy.exists(files.key) {
            unlink(name)
            try OwnerOnlyCopy.link(files.key, as: name, operation: operation)
        }
        try OwnerOnlyCopy.rename(draft, to: files.key, replaces: true, operation: operation)
        return true
    }

    private func inUse(_ cause: String) -> StoreError {
        StoreError(.busy, operation: "\(operation) to \(files.store)", cause: "\(cause); nothing was changed")
    }
}

/// Whether a process has a store open. SQLite holds a read lock on 510 bytes of the file for as long as a connection in WAL mode
/// lives (https://www.sqlite.org/walformat.html section 2.3, os.h PENDING_BYTE).
enum StoreUse {
    /// To be asked before this process opens the file itself: closing any descriptor of it gives the process's own locks back.
    ///
    /// - Returns: who it is, as a person may look it up.
    static func owner(of path: String, operation: String) throws(StoreError) -> String? {
        let file = try StoreFiles.open(path, O_RDWR, operation: operation)
        defer { close(file) }
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = 0x4000_0002
        range.l_len = 510
        guard fcntl(file, F_GETLK, &range) == 0, range.l_type != Int16(F_UNLCK) else { return nil }
        return range.l_pid > 0 ? "the process \(range.l_pid)" : "another process"
    }
}
