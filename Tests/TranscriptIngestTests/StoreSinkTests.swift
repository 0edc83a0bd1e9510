import BinaryTesting
import JSON
import MemoryModel
import MemoryStore
import MemoryStoreSQLite
import Redaction
import Testing
import Transcripts

@testable import TranscriptIngest

/// Batches that come again, or from a spool that lost what it knew.
@Suite("Batches into a store")
struct StoreSinkTests {
    private static let key = SourceKey(spool: "3f1c2a4e-0000-4000-8000-00000000abcd", path: "/t/projects/-p/a.jsonl")

    /// A batch of one line of 100 bytes, in the file that `identity` and `head` name.
    private func batch(_ text: RedactedText, generation: Int, identity: String, head: String, offset: Int64 = 0, fresh: Bool = false) -> LineBatch {
        let record = RedactedJSON(members: [
            (key: "type", value: RedactedJSON("user")), (key: "uuid", value: RedactedJSON(text)), (key: "sessionId", value: RedactedJSON("s")),
            (
                key: "message",
                value: RedactedJSON(members: [(key: "role", value: RedactedJSON("user")), (key: "content", value: RedactedJSON(text))])
            ),
        ])
        let number = offset / 100 + 1
        var batch = LineBatch(
            key: Self.key, origin: CaptureOrigin(user: "ana", machine: "box", agent: "claude-code"), root: "/t/projects",
            start: SourcePosition(generation: generation, identity: identity, offset: offset, line: number - 1),
            end: SourcePosition(
                generation: generation, identity: identity, headHash: "2 \(head) 9 cd34", headLength: 100, offset: offset + 100, line: number),
            size: offset + 100, readTime: Timestamp(milliseconds: 1_780_000_000_000),
            lines: [SourceLine(offset: offset, length: 99, number: number, content: .record(record))])
        batch.isFresh = fresh
        return batch
    }

    private func withSink(_ body: (StoreSink) async throws -> Void) async throws {
        try await Scratch.with { scratch in
            let store = try await SQLiteStore.open(path: scratch.path("memory.sqlite"))
            let redactor = try Redactor(key: [UInt8](repeating: 3, count: 32))
            try await body(StoreSink(store: store, readers: TranscriptReaders(echoes: OwnEchoes(toolNames: [], marker: "-"), redactor: redactor)))
        }
    }

    @Test("What was stored is taken as known, of an earlier generation too")
    func again() async throws {
        try await withSink { (sink: StoreSink) async throws in
            let batches = [
                batch("one", generation: 1, identity: "8:1", head: "aa"), batch("two", generation: 1, identity: "8:1", head: "aa", offset: 100),
                batch("three", generation: 2, identity: "8:2", head: "bb"),
            ]
            for batch in batches { #expect(try await sink.take(batch).stored == 1) }
            for batch in batches { #expect(try await sink.take(batch) == CaptureCounts()) }
            // Devices are numbered anew by a restart.
            #expect(try await sink.take(batch("one", generation: 1, identity: "9:1", head: "aa")) == CaptureCounts())
        }
    }

    @Test("Lines of another file are a gap, whatever generation their sender calls them, and are taken behind it")
    func other() async throws {
        try await withSink { (sink: StoreSink) async throws in
            _ = try await sink.take(batch("one", generation: 1, identity: "8:1", head: "aa"))
            _ = try await sink.take(batch("two", generation: 3, identity: "8:3", head: "cc"))
            for generation in 1...3 {
                let late = batch("later", generation: generation, identity: "8:9", head: "dd")
                let gap = await #expect(throws: SinkGap.self) { try await sink.take(late) }
                #expect(gap?.position?.generation == 3)
            }
            #expect(try await sink.take(batch("later", generation: 4, identity: "8:9", head: "dd", fresh: true)).stored == 1)
        }
    }
}
