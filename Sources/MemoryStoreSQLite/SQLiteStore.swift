import Dispatch
import GRDB
import MemoryModel
package import MemoryStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The embedded store: one SQLite file in WAL mode, one writer, many readers, any number of processes.
///
/// Rows are read and written on the queues of GRDB's connections, files beside the store on a queue of its own.
package struct SQLiteStore: MemoryStore {
    let pool: DatabasePool
    let files: StoreFiles
    let frequencies = WordFrequencies()
    let feed = StoreChangeFeed()
    let queue: DispatchQueue

    /// Opens the store at `path`, makes it where there is none and brings an older one up to date.
    ///
    /// - Parameter busyTimeout: seconds that a write waits for another process.
    package static func open(path: String, busyTimeout: Double = 5) async throws(StoreError) -> SQLiteStore {
        let queue = DispatchQueue(label: "magenta.store.files")
        return try await blocking(on: queue) { () throws(StoreError) in
            try SQLiteStore(files: StoreFiles(store: path), busyTimeout: busyTimeout, migrations: Migration.all, queue: queue)
        }
    }

    init(files: StoreFiles, busyTimeout: Double, migrations: [Migration], queue: DispatchQueue) throws(StoreError) {
        let operation = "open the store \(files.store)"
        self.files = files
        self.queue = queue
        try files.prepare(operation: operation) { () throws(StoreError) in
            // Read-only and without WAL, so that a file that is none of ours stays as it is.
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(busyTimeout)
            do {
                try DatabaseQueue(path: files.store, configuration: configuration).read { connection in
                    try Migration.checkUnused(connection, operation: operation)
                }
            } catch { throw StoreError(error, operation: operation) }
        }
        do {
            pool = try Self.retrying(for: busyTimeout) {
                let pool = try DatabasePool(path: files.store, configuration: Self.configuration(busyTimeout: busyTimeout))
                try pool.writeWithoutTransaction { try Migration.run(migrations, on: $0, operation: operation) }
                return pool
            }
        } catch {
            throw StoreError(error, operation: operation)
        }
    }

    /// The change to WAL does not wait as writes do: SQLite answers BUSY at once where several processes open a new file together.
    private static func retrying<T>(for seconds: Double, _ open: () throws -> T) throws -> T {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            do { return try open() } catch let error as DatabaseError
                where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline
            {
                usleep(10_000)
            }
        }
    }

    private static func configuration(busyTimeout: Double) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { connection in
            // With WAL, NORMAL survives the death of any process; a power cut may undo the last transactions as a whole,
            // and the offset in them with them, so that the next import reads those lines again.
            // An import rewrites the same index pages in each batch: with a longer log fewer of them are copied back twice.
            try connection.execute(
                sql: """
                    PRAGMA synchronous = NORMAL;
                    PRAGMA cache_size = -8000;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA journal_size_limit = 67108864;
                    PRAGMA wal_autocheckpoint = 4000;
                    PRAGMA secure_delete = ON;
                    """)
        }
        return configuration
    }

    /// Ends all connections; what is under way is waited for.
    package func close() async throws(StoreError) {
        let operation = "close the store \(files.store)"
        try await Self.blocking(on: queue) { () throws(StoreError) in
            do { try pool.close() } catch { throw StoreError(error, operation: operation) }
        }
    }

    package func captureLock() async throws(StoreError) -> (any CaptureLock)? {
        let path = files.lock
        return try await Self.blocking(on: queue) { () throws(StoreError) in try CaptureFileLock(at: path) }
    }

    package func isCaptured() async throws(StoreError) -> Bool {
        let path = files.lock
        return try await Self.blocking(on: queue) { () throws(StoreError) in try CaptureFileLock.isHeld(at: path) }
    }

    package func serverKey() async throws(StoreError) -> [UInt8] {
        let file = ServerKeyFile(path: files.key)
        return try await Self.blocking(on: queue) { () throws(StoreError) in try file.readOrMake() }
    }

    package func statistics() async throws(StoreError) -> StoreStatistics {
        try await read("count what the store holds") { connection in
            var result = StoreStatistics()
            let counts =
                "(SELECT count(DISTINCT conversation) FROM windows), (SELECT count(*) FROM windows), "
                + "(SELECT count(*) FROM compactions), (SELECT count(*) FROM (SELECT DISTINCT spool, path FROM sources)), "
                + "(SELECT max(position) FROM migrations)"
            try SQLStatement(connection, "SELECT messages, input, output, cache_creation, cache_read, \(counts) FROM totals").each([]) { row in
                result.messages = Int(row.integer(0))
                result.tokens = TokenUsage(
                    input: row.integer(1), output: row.integer(2), cacheCreation: row.integer(3), cacheRead: row.integer(4))
                result.conversations = Int(row.integer(5))
                result.windows = Int(row.integer(6))
                result.compactions = Int(row.integer(7))
                result.sources = Int(row.integer(8))
                result.schema = Int(row.integer(9))
                return false
            }
            result.newestMessage = try SQLStatement(
                connection, "SELECT time FROM messages WHERE is_own_echo = 0 ORDER BY time DESC, id DESC LIMIT 1"
            ).first { Timestamp(milliseconds: $0.integer(0)) }
            return result
        }
    }

    /// Reads one state of the store; `operation` is what was attempted, for the error.
    func read<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        do { return try await pool.read(body) } catch { throw StoreError(error, operation: operation) }
    }

    /// Writes in one transaction, which takes the write lock at once: a reader that turns writer could not wait for it.
    func write<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        do {
            return try await pool.writeWithoutTransaction { connection in
                var result: T?
                try connection.inTransaction(.immediate) {
                    result = try body(connection)
                    return .commit
                }
                guard let result else { throw StoreError(.failed, operation: operation, cause: "the transaction did not run") }
                return result
            }
        } catch {
            throw StoreError(error, operation: operation)
        }
    }

    static func blocking<T: Sendable>(
        on queue: DispatchQueue, _ work: @escaping @Sendable () throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(StoreError) { continuation.resume(returning: .success(try work())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
