#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import GRDB
package import MemoryStore
package import Redaction

/// A spool as one SQLite file, readable by its owner alone, for one process at a time.
///
/// A power cut may undo its last transactions as a whole: then the lines are read again, and the server says that it has them.
package final class LineSpool: SpoolStore {
    package let id: RedactedText
    package let key: [UInt8]
    private let path: String
    private let limit: Int64
    private let queue: DatabaseQueue
    private let lock: CaptureFileLock

    /// "MGSP"
    static let applicationID: Int64 = 0x4D47_5350
    static let version: Int64 = 1
    package static let smallestLimit: Int64 = 1 << 20

    /// Opens the spool at `path`, or makes it with a new id.
    ///
    /// - Parameter limit: bytes of lines that may wait.
    package static func open(path: String, limit: Int64) async throws(StoreError) -> LineSpool {
        try LineSpool(path: path, limit: limit)
    }

    private init(path: String, limit: Int64) throws(StoreError) {
        let operation = "open the spool \(path)"
        self.path = path
        self.limit = max(limit, Self.smallestLimit)
        let files = StoreFiles(store: path)
        try files.prepare(operation: operation) { () throws(StoreError) in
            let file = try StoreFiles.open(path, O_RDONLY, operation: operation)
            let isSpool = StoreFiles.applicationID(in: file) == Self.applicationID
            systemClose(file)
            if isSpool { return }
            var configuration = Configuration()
            configuration.readonly = true
            do {
                try DatabaseQueue(path: path, configuration: configuration).read { try Self.check($0, operation: operation) }
            } catch { throw Self.failure(error, operation, path) }
        }
        guard let lock = try CaptureFileLock(at: files.lock) else {
            throw StoreError(.unavailable, operation: operation, cause: "another magenta watch uses it; stop it, or name another file by --spool")
        }
        self.lock = lock
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { connection in
                try connection.execute(
                    sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216; PRAGMA secure_delete = ON")
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            (id, key) = try queue.writeWithoutTransaction { connection in
                try connection.inTransaction(.immediate) {
                    try Self.prepare(connection, operation: operation)
                    return .commit
                }
                let row = try SQLStatement(connection, "SELECT id, key FROM spool").first { ($0.text(0), $0.bytes(1)) }
                guard let row, row.1.count == 32 else {
                    throw StoreError(.corrupt, operation: operation, cause: "its name is missing; \(Self.advice(path))")
                }
                return (RedactedText(readBackFromStore: row.0), row.1)
            }
        } catch {
            throw Self.failure(error, operation, path)
        }
    }

    package func position(of path: RedactedText) async throws(StoreError) -> SpoolPosition? {
        try await write("read how far \(path.value) was read") { try Self.source(path, $0)?.position }
    }

    package func append(
        _ contents: [[UInt8]], of path: RedactedText, from start: SpoolPosition, to end: SpoolPosition
    ) async throws(StoreError) -> SpoolAppending {
        let operation = "keep lines of \(path.value) in the spool \(self.path)"
        let limit = limit
        return try await write(operation) { connection in
            let known = try Self.source(path, connection)
            if let place = known?.position {
                if (end.generation, end.offset) <= (place.generation, place.offset) { return .known }
                let follows =
                    (start.generation, start.offset) == (place.generation, place.offset)
                    || (start.generation > place.generation && start.offset == 0)
                guard follows else { return .gap(place) }
            } else if start.offset != 0 {
                return .gap(nil)
            }
            let size = contents.reduce(Int64(0)) { $0 + Int64($1.count) }
            let waiting = try SQLStatement(connection, "SELECT bytes FROM spool").first { $0.integer(0) } ?? 0
            // One batch at least, whatever the limit: a spool that takes nothing would wait for ever.
            guard waiting == 0 || waiting + size <= limit else {
                throw StoreError(
                    .full, operation: operation,
                    cause: "\(waiting >> 10) KiB wait in it to be sent, and \(limit >> 10) KiB is its limit (--spool-limit). Nothing is lost while "
                        + "the files are there; it goes on when the server takes what waits")
            }
            let source = try Self.set(end, of: path, known?.id, connection)
            for content in contents {
                try SQLStatement(connection, "INSERT INTO batches(source, generation, is_fresh, content) VALUES (?, ?, 0, ?)")
                    .run(.integer(source), .integer(end.generation), .bytes(content))
            }
            try SQLStatement(connection, "UPDATE spool SET bytes = bytes + ?").run(.integer(size))
            return .kept
        }
    }

    package func next(bytes: Int, count: Int, without held: Set<Int64>) async throws(StoreError) -> [SpooledBatch] {
        let names = held.map(String.init).joined(separator: ",")
        return try await write("read what waits in the spool \(path)") { connection in
            var result: [SpooledBatch] = []
            var size = 0
            try SQLStatement(
                connection,
                """
                SELECT sequence, source, path, batches.generation, is_fresh, content FROM batches JOIN sources ON sources.id = source
                WHERE source NOT IN (\(names)) ORDER BY sequence LIMIT ?
                """
            ).each([.integer(count)]) { row in
                let content = row.bytes(5)
                size += content.count
                guard result.isEmpty || size <= bytes else { return false }
                result.append(
                    SpooledBatch(
                        sequence: row.integer(0), source: row.integer(1), path: RedactedText(readBackFromStore: row.text(2)),
                        generation: Int(row.integer(3)), isFresh: row.flag(4), content: content))
                return true
            }
            return result
        }
    }

    package func acknowledge(_ sequences: [Int64]) async throws(StoreError) {
        try await write("remove what was sent from the spool \(path)") { connection in
            for sequence in sequences {
                try SQLStatement(
                    connection, "UPDATE spool SET bytes = bytes - ifnull((SELECT length(content) FROM batches WHERE sequence = ?), 0)"
                ).run(.integer(sequence))
                try SQLStatement(connection, "DELETE FROM batches WHERE sequence = ?").run(.integer(sequence))
            }
        }
    }

    package func restart(at batch: SpooledBatch, behind generation: Int?) async throws(StoreError) {
        try await write("send \(batch.path.value) again") { connection in
            let shift = max(0, (generation ?? 0) + 1 - batch.generation)
            try SQLStatement(connection, "UPDATE batches SET generation = generation + ? WHERE source = ? AND sequence >= ?")
                .run(.integer(shift), .integer(batch.source), .integer(batch.sequence))
            try SQLStatement(connection, "UPDATE batches SET is_fresh = 1 WHERE sequence = ?").run(.integer(batch.sequence))
            try SQLStatement(
                connection,
                """
                UPDATE sources SET head_hash = '', head_length = 0, offset = 0, line = 0,
                    generation = 1 + max(generation + ?1, (SELECT ifnull(max(generation), 0) FROM batches WHERE source = ?2)) WHERE id = ?2
                """
            ).run(.integer(shift), .integer(batch.source))
        }
    }

    package func fill() async throws(StoreError) -> SpoolFill {
        let limit = limit
        return try await write("measure the spool \(path)") { connection in
            try SQLStatement(connection, "SELECT bytes, (SELECT count(*) FROM batches) FROM spool")
                .first { SpoolFill(batches: Int($0.integer(1)), bytes: $0.integer(0), limit: limit) } ?? SpoolFill(batches: 0, bytes: 0, limit: limit)
        }
    }

    package func tidy() async throws(StoreError) {
        let path = path
        do {
            // Freed pages are zeroed; the log holds the older ones until it is cut.
            try await queue.writeWithoutTransaction { try FileScrub.run($0, indexes: [], vacuums: false, operation: "tidy the spool \(path)") }
        } catch { throw Self.failure(error, "tidy the spool \(path)", path) }
    }

    package func rewrite(_ change: @escaping @Sendable ([UInt8]) throws -> SpoolRewrite?) async throws(StoreError) -> Int {
        let operation = "remove text from the spool \(path)"
        do {
            return try await queue.writeWithoutTransaction { connection in
                var count = 0
                try connection.inTransaction(.immediate) {
                    let sequences = try SQLStatement(connection, "SELECT sequence FROM batches ORDER BY sequence").all { $0.integer(0) }
                    for sequence in sequences {
                        let content = try SQLStatement(connection, "SELECT content FROM batches WHERE sequence = ?")
                            .first(.integer(sequence)) { $0.bytes(0) }
                        guard let content, let changed = try change(content) else { continue }
                        try SQLStatement(connection, "UPDATE batches SET content = ? WHERE sequence = ?").run(
                            .bytes(changed.content), .integer(sequence))
                        count += changed.lines
                    }
                    try connection.execute(sql: "UPDATE spool SET bytes = (SELECT ifnull(sum(length(content)), 0) FROM batches)")
                    return .commit
                }
                try FileScrub.run(connection, indexes: [], vacuums: true, operation: operation)
                return count
            }
        } catch { throw Self.failure(error, operation, path) }
    }

    package func close() throws(StoreError) {
        do { try queue.close() } catch { throw Self.failure(error, "close the spool \(path)", path) }
        lock.release()
    }

    private func write<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        do { return try await queue.write(body) } catch { throw Self.failure(error, operation, path) }
    }

    private static func failure(_ error: any Error, _ operation: String, _ path: String) -> StoreError {
        var failure = StoreError(error, operation: operation)
        // There is no backup of a spool, and no need for one.
        if failure.code == .corrupt, !(error is StoreError) { failure.cause = "the file is damaged or no SQLite database; \(advice(path))" }
        return failure
    }

    private static func advice(_ path: String) -> String {
        "move it away (mv \(path) \(path).old): a new one reads the transcripts again, and the server knows the lines that it has"
    }
}

// The tables.
extension LineSpool {
    private static let schema = """
        CREATE TABLE spool(id TEXT NOT NULL, key BLOB NOT NULL, bytes INTEGER NOT NULL);
        CREATE TABLE sources(
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE,
            generation INTEGER NOT NULL,
            identity TEXT NOT NULL,
            head_hash TEXT NOT NULL,
            head_length INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            line INTEGER NOT NULL
        );
        CREATE TABLE batches(
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            source INTEGER NOT NULL REFERENCES sources(id),
            generation INTEGER NOT NULL,
            is_fresh INTEGER NOT NULL,
            content BLOB NOT NULL
        );
        CREATE INDEX batches_by_source ON batches(source, sequence);
        PRAGMA application_id = 1296520016;
        PRAGMA user_version = 1;
        """

    private static func check(_ connection: Database, operation: String) throws {
        let id = try SQLStatement(connection, "PRAGMA application_id").first { $0.integer(0) }
        let tables = try SQLStatement(connection, "SELECT count(*) FROM sqlite_schema").first { $0.integer(0) }
        guard id == applicationID || (id == 0 && tables == 0) else {
            throw StoreError(.unavailable, operation: operation, cause: "it is no spool, but another database; name another file by --spool")
        }
        let found = try SQLStatement(connection, "PRAGMA user_version").first { $0.integer(0) } ?? 0
        guard found <= version else {
            throw StoreError(.newerSchema, operation: operation, cause: "a newer magenta wrote it (version \(found)); run that version or newer")
        }
    }

    private static func prepare(_ connection: Database, operation: String) throws {
        try check(connection, operation: operation)
        guard try SQLStatement(connection, "PRAGMA application_id").first(read: { $0.integer(0) }) != applicationID else { return }
        try connection.execute(sql: schema)
        var random = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try SQLStatement(connection, "INSERT INTO spool(id, key, bytes) VALUES (?, ?, 0)").run(.text(name(&random)), .bytes(key))
    }

    /// A random UUID (RFC 9562 section 5.4).
    private static func name(_ random: inout SystemRandomNumberGenerator) -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
    }

    private static func source(_ path: RedactedText, _ connection: Database) throws -> (id: Int64, position: SpoolPosition)? {
        try SQLStatement(connection, "SELECT id, generation, identity, head_hash, head_length, offset, line FROM sources WHERE path = ?")
            .first(.text(path.value)) { row in
                (
                    row.integer(0),
                    SpoolPosition(
                        generation: Int(row.integer(1)), identity: row.text(2), headHash: row.text(3), headLength: Int(row.integer(4)),
                        offset: row.integer(5), line: row.integer(6))
                )
            }
    }

    private static func set(_ place: SpoolPosition, of path: RedactedText, _ known: Int64?, _ connection: Database) throws -> Int64 {
        let values: [SQLValue] = [
            .integer(place.generation), .text(place.identity), .text(place.headHash), .integer(place.headLength), .integer(place.offset),
            .integer(place.line),
        ]
        if let known {
            try SQLStatement(
                connection,
                "UPDATE sources SET generation = ?, identity = ?, head_hash = ?, head_length = ?, offset = ?, line = ? WHERE id = ?"
            ).each(values + [.integer(known)]) { _ in true }
            return known
        }
        try SQLStatement(
            connection, "INSERT INTO sources(generation, identity, head_hash, head_length, offset, line, path) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).each(values + [.text(path.value)]) { _ in true }
        return connection.lastInsertedRowID
    }
}

// Outside of the type, whose own `close` would hide the call.
private func systemClose(_ file: Int32) { close(file) }
