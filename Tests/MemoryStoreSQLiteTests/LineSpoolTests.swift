import GRDB
import MemoryStore
import Redaction
import Testing

@testable import MemoryStoreSQLite

@Suite struct `A spool of lines` {
    private let path: RedactedText = "/t/a.jsonl"

    private func place(_ offset: Int64, generation: Int = 1) -> SpoolPosition {
        SpoolPosition(generation: generation, identity: "1:2", headHash: "ab", headLength: 1, offset: offset, line: offset / 10)
    }

    private func open(_ directory: String, limit: Int64 = 1 << 30) async throws -> LineSpool {
        try await LineSpool.open(path: directory + "/spool.sqlite", limit: limit)
    }

    private func content(_ count: Int, _ byte: UInt8 = 65) -> [UInt8] { [UInt8](repeating: byte, count: count) }

    @Test func `it goes on with its name, its key, what waits and where it was, whenever it is opened again`() async throws {
        try await withTemporaryDirectory { directory in
            var spool = try await open(directory)
            let (id, key) = (spool.id, spool.key)
            #expect(id.length == 36 && key.count == 32)
            // Each step is followed by the end of the process, as far as the file can tell.
            func reopen() async throws {
                try spool.close()
                spool = try await open(directory)
                #expect(spool.id == id && spool.key == key)
            }
            try await reopen()
            #expect(try await spool.position(of: path) == nil)
            #expect(try await spool.append([content(3), content(4)], of: path, from: place(0), to: place(50)) == .kept)
            try await reopen()
            #expect(try await spool.position(of: path) == place(50))
            #expect(try await spool.append([content(3)], of: path, from: place(0), to: place(50)) == .known)
            #expect(try await spool.append([content(3)], of: path, from: place(60), to: place(70)) == .gap(place(50)))
            #expect(try await spool.append([content(3)], of: "/t/b.jsonl", from: place(60), to: place(70)) == .gap(nil))
            #expect(try await spool.append([content(5)], of: path, from: place(0, generation: 2), to: place(20, generation: 2)) == .kept)
            try await reopen()
            let waiting = try await spool.next(bytes: 1000, count: 10, without: [])
            #expect(waiting.map(\.content.count) == [3, 4, 5] && waiting.map(\.generation) == [1, 1, 2])
            #expect(try await spool.next(bytes: 1, count: 10, without: []).count == 1, "one at least")
            #expect(try await spool.next(bytes: 1000, count: 2, without: []).count == 2)
            #expect(try await spool.next(bytes: 1000, count: 10, without: [waiting[0].source]).isEmpty)
            try await spool.acknowledge([waiting[0].sequence])
            // Told twice: its answer was lost.
            try await spool.acknowledge([waiting[0].sequence])
            try await reopen()
            #expect(try await spool.next(bytes: 1000, count: 10, without: []) == Array(waiting.dropFirst()))
            #expect(try await spool.fill() == SpoolFill(batches: 2, bytes: 9, limit: 1 << 30))
            #expect(try await spool.position(of: path) == place(20, generation: 2))
            try spool.close()
            for name in names(in: directory) { #expect(try mode(of: "\(directory)/\(name)") == 0o600, "\(name)") }
        }
    }

    @Test func `a full one takes nothing and keeps the position, until there is room`() async throws {
        try await withTemporaryDirectory { directory in
            let spool = try await open(directory, limit: 1 << 20)
            #expect(try await spool.append([content(2 << 20)], of: path, from: place(0), to: place(10)) == .kept, "one at least")
            await #expect(throws: StoreError(.full, operation: "", cause: "")) {
                try await spool.append([content(1)], of: path, from: place(10), to: place(20))
            }
            #expect(try await spool.position(of: path) == place(10))
            try await spool.acknowledge(try await spool.next(bytes: 1, count: 1, without: []).map(\.sequence))
            #expect(try await spool.append([content(1)], of: path, from: place(10), to: place(20)) == .kept)
        }
    }

    @Test func `a source that the server lacks is sent as later generations and read again behind them`() async throws {
        try await withTemporaryDirectory { directory in
            let spool = try await open(directory)
            _ = try await spool.append([content(1)], of: path, from: place(0), to: place(10))
            _ = try await spool.append([content(2)], of: path, from: place(10), to: place(20))
            _ = try await spool.append([content(3)], of: path, from: place(0, generation: 2), to: place(30, generation: 2))
            let first = try await spool.next(bytes: 1000, count: 10, without: [])
            try await spool.acknowledge([first[0].sequence])
            try await spool.restart(at: first[1], behind: 4)
            let then = try await spool.next(bytes: 1000, count: 10, without: [])
            #expect(then.map(\.generation) == [5, 6] && then.map(\.isFresh) == [true, false])
            let position = try #require(try await spool.position(of: path))
            #expect(position.generation == 7 && position.offset == 0 && position.headLength == 0)
            // What was being read from the old place meanwhile comes to nothing.
            #expect(try await spool.append([content(4)], of: path, from: place(30, generation: 2), to: place(40, generation: 2)) == .known)
            #expect(try await spool.append([content(5)], of: path, from: place(0, generation: 7), to: place(40, generation: 7)) == .kept)
        }
    }

    @Test func `two processes do not share one`() async throws {
        try await withTemporaryDirectory { directory in
            let spool = try await open(directory)
            let error = await #expect(throws: StoreError.self) { try await open(directory) }
            #expect(error?.cause.contains("another magenta watch") == true)
            try spool.close()
        }
    }

    @Test func `a damaged one, another database and a newer one are refused and left alone`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/spool.sqlite"
            try write(Array(String(repeating: "these are notes\n", count: 300).utf8), to: path)
            let before = try read(path)
            let damaged = await #expect(throws: StoreError(.corrupt, operation: "", cause: "")) { try await open(directory) }
            #expect(damaged?.cause.contains("move it away") == true)
            #expect(try read(path) == before)
        }
        try await withTemporaryDirectory { directory in
            try await SQLiteStore.open(path: directory + "/spool.sqlite").close()
            await #expect(throws: StoreError(.unavailable, operation: "", cause: "")) { try await open(directory) }
            _ = try await SQLiteStore.open(path: directory + "/spool.sqlite")
        }
        try await withTemporaryDirectory { directory in
            try await open(directory).close()
            try await DatabaseQueue(path: directory + "/spool.sqlite").write { try $0.execute(sql: "PRAGMA user_version = 2") }
            await #expect(throws: StoreError(.newerSchema, operation: "", cause: "")) { try await open(directory) }
        }
    }
}
