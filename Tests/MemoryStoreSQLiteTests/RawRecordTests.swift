import GRDB
import JSON
import MemoryModel
import MemoryStore
import MemoryStoreTesting
import Redaction
import Testing

@testable import MemoryStoreSQLite

@Suite struct `Raw records` {
    private let long = String(repeating: "schema ", count: 2000)

    @Test func `a record comes back as it was captured`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            let values: [JSONValue] = [
                ["type": "user", "nested": [1, 2.5, .number("1e400"), true, nil, "a\u{0}b\n😀"]],
                [:], [], "text", ["prompt": .string(long), "again": [.string(long)]],
                ["$blob": "abc"], ["$blob": ["$blob": .string(long)]], ["$$blob": 1], ["$$$blob": .string(long)], ["$blob": 1, "other": 2],
                ["$blobs": 1], ["blob": 1], ["é$blob": 1], ["$blob": .object(JSONObject())],
            ]
            var script = TranscriptScript("/t/a.jsonl")
            for (number, value) in values.enumerated() {
                script.known("k\(number)", raw: value)
                script.blank()
            }
            script.message("m", [NewBlock(kind: .text, text: "x")], in: .start("c"), raw: ["m": .string(long)])
            _ = try await store.capture(script.batch())
            for (number, value) in values.enumerated() {
                #expect(try await store.rawRecord(id: "k\(number)")?.value == value)
                #expect(try await store.rawRecord(path: "/t/a.jsonl", generation: 1, offset: Int64(number * 200))?.value == value)
                #expect(try await store.rawRecord(path: "/t/a.jsonl", generation: 1, offset: Int64(number * 200 + 100)) == nil)
            }
            #expect(try await store.rawRecord(id: "m")?.value == ["m": .string(long)])
            #expect(try await store.rawRecord(id: "absent") == nil)
            #expect(try await store.rawRecord(path: "/t/a.jsonl", generation: 2, offset: 0) == nil)
        }
    }

    @Test func `a long text is kept once`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            var script = TranscriptScript("/t/a.jsonl")
            for batch in 0..<3 {
                for number in 0..<3 { script.known("k\(batch)-\(number)", raw: ["prompt": .string(long)]) }
                _ = try await store.capture(script.batch())
            }
            let blobs = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM blobs") }
            #expect(blobs == 1)
            #expect(try await store.rawRecord(id: "k2-1")?.value["prompt"]?.string == long)
        }
    }

    @Test func `a batch larger than a chunk is split, and each record is found`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            var script = TranscriptScript("/t/a.jsonl")
            let text = String(repeating: "0123456789", count: 800)
            for number in 0..<400 { script.known("k\(number)", raw: ["n": .integer(Int64(number)), "text": .string(text)]) }
            _ = try await store.capture(script.batch())
            let chunks = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM raw_chunks") ?? 0 }
            #expect(chunks > 1)
            for number in [0, 1, 129, 130, 131, 398, 399] {
                #expect(try await store.rawRecord(id: "k\(number)")?.value["n"] == .integer(Int64(number)))
            }
        }
    }

    @Test func `a repeated line keeps no second raw record`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            for path in ["/t/a.jsonl", "/t/b.jsonl"] {
                var script = TranscriptScript(path)
                script.message("m1", "hello", in: .start(path))
                _ = try await store.capture(script.batch())
            }
            let chunks = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM raw_chunks") }
            #expect(chunks == 1)
            #expect(try await store.rawRecord(path: "/t/b.jsonl", generation: 1, offset: 0) == nil)
        }
    }

    @Test func `a damaged chunk is an error, not a crash`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            var script = TranscriptScript("/t/a.jsonl")
            script.known("k", raw: ["text": .string(long)])
            _ = try await store.capture(script.batch())
            for damage in [
                "UPDATE blobs SET frame = x'00'", "UPDATE blobs SET length = length + 1", "UPDATE raw_chunks SET length = 1",
                "UPDATE raw_chunks SET frame = zeroblob(40)", "DELETE FROM raw_chunks",
            ] {
                try await store.pool.write { try $0.execute(sql: damage) }
                await #expect(throws: StoreError(.corrupt, operation: "", cause: ""), "\(damage)") { try await store.rawRecord(id: "k") }
            }
        }
    }

    @Test func `every line has a row with its outcome`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "hello", in: .start("c"))
            script.known("k1", rule: "progress")
            script.message("m1", "hello", in: .start("c"))
            script.refused("no JSON", hash: "abcd")
            script.blank()
            _ = try await store.capture(script.batch())
            let rows = try await store.pool.read { connection in
                try SQLStatement(connection, "SELECT line, outcome, reason, hash FROM records ORDER BY offset").all { row in
                    "\(row.integer(0)) \(row.integer(1)) \(row.optionalText(2) ?? "-") \(row.integer(1) == 3 ? row.text(3) : "")"
                }
            }
            #expect(rows == ["1 0 - ", "2 1 progress ", "3 2 - ", "4 3 no JSON abcd", "5 1 blank "])
        }
    }
}
