import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import GRDB
import MemoryModel
import MemoryStore
import MemoryStoreTesting
import Testing

@testable import MemoryStoreSQLite

@Suite struct `Opening a store` {
    @Test func `its files and new directories are for their owner alone`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/share/magenta/memory.sqlite"
            let store = try await SQLiteStore.open(path: path)
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "hello", in: .start("c"))
            _ = try await store.capture(script.batch())
            _ = try await store.serverKey()
            let lock = try #require(try await store.captureLock())
            #expect(
                names(in: directory + "/share/magenta")
                    == ["memory.sqlite", "memory.sqlite-shm", "memory.sqlite-wal", "memory.sqlite.key", "memory.sqlite.lock"])
            for suffix in ["", "-shm", "-wal", ".key", ".lock"] { #expect(try mode(of: path + suffix) == 0o600, "\(suffix)") }
            #expect(try mode(of: directory + "/share") == 0o700)
            #expect(try mode(of: directory + "/share/magenta") == 0o700)
            #expect(try mode(of: directory) == 0o755, "a directory that was there stays as it was")
            lock.release()
        }
    }

    @Test func `a store that others could read is closed to them`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/memory.sqlite"
            try await SQLiteStore.open(path: path).close()
            try #require(chmod(path, 0o644) == 0)
            _ = try await SQLiteStore.open(path: path)
            #expect(try mode(of: path) == 0o600)
        }
    }

    @Test func `a file that is no database is refused and left alone`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/notes.txt"
            let text = Array(String(repeating: "these are notes\n", count: 300).utf8)
            try write(text, to: path)
            await #expect(throws: StoreError(.corrupt, operation: "", cause: "")) { try await SQLiteStore.open(path: path) }
            #expect(names(in: directory) == ["notes.txt"])
        }
    }

    @Test func `another program's database is refused and left alone`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/other.sqlite"
            let other = try DatabaseQueue(path: path)
            try await other.write { try $0.execute(sql: "CREATE TABLE cookies(name TEXT)") }
            try other.close()
            try #require(chmod(path, 0o644) == 0)
            let before = try read(path)
            await #expect(throws: StoreError(.unavailable, operation: "", cause: "")) { try await SQLiteStore.open(path: path) }
            #expect(try read(path) == before)
            #expect(try mode(of: path) == 0o644)
            #expect(names(in: directory) == ["other.sqlite"])
        }
    }

    @Test func `a directory or a name that is none is refused`() async throws {
        try await withTemporaryDirectory { directory in
            for path in [directory, "", directory + "/", directory + "/a\0b", "/dev/null/store", "/dev/null"] {
                let error = await #expect(throws: StoreError.self) { try await SQLiteStore.open(path: path) }
                #expect([.unavailable, .invalid].contains(error?.code), "\(path): \(String(describing: error))")
            }
        }
    }

    @Test func `a store of a newer schema is refused and left alone`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/memory.sqlite"
            try await SQLiteStore.open(path: path).close()
            let newer = try DatabaseQueue(path: path)
            try await newer.write { try $0.execute(sql: "INSERT INTO migrations VALUES (9, '0009 not yet written')") }
            try newer.close()
            let error = await #expect(throws: StoreError.self) { try await SQLiteStore.open(path: path) }
            #expect(error?.code == .newerSchema)
            #expect(error?.description.contains("0009 not yet written") == true)
        }
    }

    @Test func `a migration that fails leaves the store at its old schema`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/memory.sqlite"
            let store = try await SQLiteStore.open(path: path)
            let broken = Migration.all + [Migration(name: "0004 broken", sql: "CREATE TABLE half(id); CREATE TABLE half(id);")]
            await #expect(throws: (any Error).self) {
                try await store.pool.writeWithoutTransaction { try Migration.run(broken, on: $0, operation: "migrate") }
            }
            let tables = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema WHERE name = 'half'") }
            #expect(tables == 0)
            try await store.pool.writeWithoutTransaction { try Migration.run(on: $0, operation: "migrate") }
        }
    }

    @Test func `a store from before conversations had a time lists them by it`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/memory.sqlite"
            let old = try SQLiteStore(
                files: StoreFiles(store: path), busyTimeout: 1, migrations: Array(Migration.all.prefix(2)), queue: DispatchQueue(label: "old"))
            try await old.pool.write { connection in
                try connection.execute(
                    sql: """
                        INSERT INTO conversations(id, name) VALUES (1, 'early'), (2, 'late'), (3, 'without a message');
                        INSERT INTO windows(conversation, opener, opening, last_time)
                            VALUES (2, 'start', 'start', 5), (2, 'boundary:b', 'compaction', 20), (1, 'start', 'start', 10);
                        """)
            }
            try await old.close()
            let store = try await SQLiteStore.open(path: path)
            let listed = try await store.conversations(limit: 9, matching: nil)
            #expect(listed.map(\.id) == ["late", "early"])
            #expect(listed.map(\.lastTime.milliseconds) == [20, 10])
        }
    }

    @Test func `ten openings at once make one store`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/memory.sqlite"
            let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<10 { group.addTask { try await SQLiteStore.open(path: path).serverKey() } }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(keys.count == 1)
            #expect(try await SQLiteStore.open(path: path).eras().count == 1)
        }
    }

    @Test func `an opening waits while another process changes the file to WAL`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/memory.sqlite"
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path, configuration: configuration)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
            await #expect(throws: StoreError(.busy, operation: "", cause: "")) { try await SQLiteStore.open(path: path, busyTimeout: 0.05) }
            async let opened = SQLiteStore.open(path: path)
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try other.close()
            #expect(try await opened.eras().count == 1)
        }
    }

    @Test func `a directory without write permission is named in the error`() async throws {
        try await withTemporaryDirectory { directory in
            // Root may write everywhere; what it may not is to write below a file system that is read-only.
            let path = geteuid() == 0 ? "/proc/magenta/memory.sqlite" : directory + "/closed/memory.sqlite"
            if geteuid() != 0 { try #require(mkdir(directory + "/closed", 0o500) == 0) }
            let error = await #expect(throws: StoreError.self) { try await SQLiteStore.open(path: path) }
            #expect([.unavailable, .readOnly].contains(error?.code))
            #expect(error?.description.contains(path) == true)
        }
    }

    @Test func `a key of the wrong length is refused, not replaced`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/memory.sqlite"
            let store = try await SQLiteStore.open(path: path)
            for length in [0, 31, 33] {
                try write([UInt8](repeating: 7, count: length), to: path + ".key")
                await #expect(throws: StoreError(.corrupt, operation: "", cause: "")) { try await store.serverKey() }
            }
        }
    }

    @Test func `making a key leaves no draft of it`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            _ = try await store.serverKey()
            #expect(!names(in: directory).contains { $0.contains(".key.") })
        }
    }

    @Test func `a write that another process holds up ends as busy`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/memory.sqlite"
            let store = try await SQLiteStore.open(path: path, busyTimeout: 0.01)
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path, configuration: configuration)
            try await other.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
            await #expect(throws: StoreError(.busy, operation: "", cause: "")) { try await store.startEra("Next", at: minuteOfDay(1)) }
            try await other.writeWithoutTransaction { try $0.rollback() }
            _ = try await store.startEra("Next", at: minuteOfDay(1))
        }
    }
}
