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

extension SQLiteStore {
    package func previewErasure(_ selection: ErasureSelection) async throws(StoreError) -> ErasurePreview {
        let operation = "look for what to forget"
        return try await read(operation) { connection in
            try ErasureSearch(connection, selection, operation: operation).run().preview(connection)
        }
    }

    package func beginErasure(_ selection: ErasureSelection) async throws(StoreError) -> ErasurePreview {
        let operation = "forget"
        // The hashes need the key before anything is gone.
        _ = try await serverKey()
        let (targets, preview) = try await read(operation) { connection in
            let targets = try ErasureSearch(connection, selection, operation: operation).run()
            return (targets, try targets.preview(connection))
        }
        if preview.isEmpty { return preview }
        let now = Self.now
        try await write(operation) { try targets.mark($0, at: now) }
        return preview
    }

    package func pendingErasure() async throws(StoreError) -> PendingErasure? {
        try await read("look for an erasure that is not finished") { try Self.pending($0) }
    }

    static func pending(_ connection: Database) throws -> PendingErasure? {
        try SQLStatement(
            connection,
            """
            SELECT (SELECT count(*) FROM erasing_messages) + (SELECT count(*) FROM erasing_records) + (SELECT count(*) FROM erasing_titles)
            FROM erasure
            """
        ).first { PendingErasure(rows: Int($0.integer(0))) }
    }

    package func finishErasure(
        _ extent: ErasureExtent, progress: @escaping @Sendable (String) -> Void
    ) async throws(StoreError) {
        let operation = "forget"
        var isFirst = true
        // What another process began after the last look at the rows is done in another round: that process was told that this one does it.
        while try await pendingErasure() != nil {
            let lock: any CaptureLock
            do throws(StoreError) {
                lock = try await erasureLock(operation)
            } catch {
                // Everything of this call is done; who has the lock by now does what came since.
                guard !isFirst, error.code == .busy else { throw error }
                return
            }
            isFirst = false
            defer { lock.release() }
            try await eraseRows(operation: operation, progress)
            try await scrub(extent, operation: operation, progress)
        }
    }

    private func eraseRows(operation: String, _ progress: @escaping @Sendable (String) -> Void) async throws(StoreError) {
        let key = try await serverKey()
        var done = 0
        while true {
            let count = try await write(operation) { connection in
                let forgotten = ForgottenRows(connection, serverKey: key)
                let rows = ErasureRows(connection: connection, forgotten: forgotten, operation: operation)
                let messages = try rows.eraseMessages()
                if messages > 0 { return messages }
                let records = try rows.eraseRecords()
                if records == 0 { try rows.eraseTitles() }
                return records
            }
            if count == 0 { break }
            done += count
            progress("\(done) messages and records removed")
        }
        progress("removing what nothing refers to any more")
        let used = try await read(operation) { try BlobErasure.used($0) }
        try await write(operation) { connection in
            if let used { try BlobErasure.remove(unusedBut: used, connection) }
            try UnusedNames.mendChain(connection)
            try UnusedNames.remove(connection)
        }
    }

    private func scrub(
        _ extent: ErasureExtent, operation: String, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(StoreError) {
        do {
            try await pool.writeWithoutTransaction { connection in
                let vacuums = try extent == .wholeFile || FileScrub.isWorthwhile(connection)
                progress(vacuums ? "writing the file anew" : "merging the index")
                try FileScrub.run(connection, indexes: ["block_index"], vacuums: vacuums, operation: operation)
                // What was begun meanwhile is still to do. One statement, so that nothing is begun between the look and the end.
                try connection.execute(
                    sql: """
                        DELETE FROM erasure WHERE NOT EXISTS (SELECT 1 FROM erasing_messages) AND NOT EXISTS (SELECT 1 FROM erasing_records)
                            AND NOT EXISTS (SELECT 1 FROM erasing_titles) AND NOT EXISTS (SELECT 1 FROM erasing_blobs)
                        """)
            }
        } catch {
            let failure = StoreError(error, operation: operation)
            guard failure.code == .busy || failure.code == .full else { throw failure }
            throw StoreError(
                failure.code, operation: operation,
                cause: failure.cause.hasPrefix("the rows are gone")
                    ? failure.cause
                    : "the rows are gone, but the file could not be written anew (\(failure.cause)), so old bytes may still be in it. "
                        + "Run `magenta forget --finish` when that is mended; `magenta serve` tries by itself")
        }
    }

    /// One process erases at a time.
    func erasureLock(_ operation: String) async throws(StoreError) -> any CaptureLock {
        let path = files.store + ".erasing"
        let lock = try await Self.blocking(on: queue) { () throws(StoreError) in try CaptureFileLock(at: path) }
        guard let lock else {
            throw StoreError(
                .busy, operation: operation,
                cause:
                    "another process is erasing in this store; it finishes this too. `magenta forget --finish` waits for nothing and says what is left"
            )
        }
        return lock
    }

    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
