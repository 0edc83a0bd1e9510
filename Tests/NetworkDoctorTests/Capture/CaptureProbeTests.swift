import BinaryTesting
import JSON
import MemoryStore
import Redaction
import Testing

@testable import NetworkDoctor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A store that knows how far files were read, and nothing else.
private struct Offsets: CaptureStore {
    var offsets: [String: Int64] = [:]
    var failure: StoreError?

    func captureLock() async throws(StoreError) -> (any CaptureLock)? { nil }

    func source(at path: RedactedText) async throws(StoreError) -> SourceState? {
        if let failure { throw failure }
        guard let offset = offsets[path.value] else { return nil }
        return SourceState(
            path: path, generation: 1, identity: "", headHash: "", headLength: 0, offset: offset, line: 1, readerState: RedactedJSON(.empty))
    }

    func capture(_ batch: CaptureBatch) async throws(StoreError) -> CaptureCounts { CaptureCounts() }

    func changes() -> AsyncStream<StoreChange> { AsyncStream { $0.finish() } }
}

@Suite("Capture probe")
struct CaptureProbeTests {
    private static let day: Int64 = 86_400

    private func probe(_ offsets: [String: Int64] = [:], failure: StoreError? = nil, limit: Int = 100) throws -> CaptureProbe {
        let redactor = try Redactor(key: [UInt8](repeating: 7, count: 32))
        return CaptureProbe(archive: (Offsets(offsets: offsets, failure: failure), redactor), limit: limit)
    }

    /// A transcript that was last written at `modified`.
    private func transcript(_ name: String, _ text: String, modified: Int64, in scratch: Scratch) throws -> String {
        let path = try scratch.write(text, to: "projects/\(name)")
        let times = [timespec(tv_sec: Int(modified), tv_nsec: 0), timespec(tv_sec: Int(modified), tv_nsec: 0)]
        try #require(utimensat(AT_FDCWD, path, times, 0) == 0)
        return path
    }

    @Test func `The oldest transcripts go next, and each says whether the store has its lines`() async throws {
        try await Scratch.with { scratch in
            let whole = try transcript("-p/a.jsonl", "{}\n{}\n", modified: 3000, in: scratch)
            let growing = try transcript("-p/b.jsonl", "{}\n{\"half", modified: 2000, in: scratch)
            let behind = try transcript("-p/c.jsonl", "{}\n{}\n{", modified: 1000, in: scratch)
            let unknown = try transcript("-p/d/subagents/agent-1.jsonl", "{}\n", modified: 4000, in: scratch)
            let cut = try transcript("-p/e.jsonl", "{}\n", modified: 5000, in: scratch)
            let unbegun = try transcript("-p/f.jsonl", "{", modified: 6000, in: scratch)
            _ = try transcript("-p/memory/x/note.jsonl", "{}\n", modified: 1, in: scratch)
            let facts = try await probe([whole: 6, growing: 3, behind: 3, cut: 100]).look(in: scratch.path("projects"), cleanupDays: 7)
            #expect(facts.cleanupDays == .known(7))
            #expect(facts.transcripts == .known(6))
            #expect(facts.missing == .known(3))
            #expect(facts.next.map(\.path) == [behind, growing, whole, unknown, cut, unbegun])
            #expect(facts.next.map(\.isStored) == [.known(false), .known(true), .known(true), .known(false), .known(false), .known(true)])
            #expect(facts.next.map(\.deletedAfter) == [1000, 2000, 3000, 4000, 5000, 6000].map { $0 + 7 * Self.day })
        }
    }

    @Test func `At most ten are shown and all are counted`() async throws {
        try await Scratch.with { scratch in
            for number in 0..<15 { _ = try transcript("-p/\(number).jsonl", "{}\n", modified: Int64(1000 + number), in: scratch) }
            let facts = try await probe().look(in: scratch.path("projects"), cleanupDays: nil)
            #expect(facts.cleanupDays == .known(30))
            #expect(facts.transcripts == .known(15) && facts.missing == .known(15))
            #expect(facts.next.count == 10)
            #expect(facts.next.first?.deletedAfter == 1000 + 30 * Self.day)
            let bounded = try await probe(limit: 12).look(in: scratch.path("projects"), cleanupDays: nil)
            #expect(bounded.transcripts == .known(15) && bounded.missing == .notChecked("there are more than 12 transcripts"))
            #expect(bounded.next == facts.next)
        }
    }

    @Test func `Without a store, or with one that fails, nothing is said of what is stored`() async throws {
        try await Scratch.with { scratch in
            _ = try transcript("-p/a.jsonl", "{}\n", modified: 1000, in: scratch)
            let without = await CaptureProbe(archive: nil).look(in: scratch.path("projects"), cleanupDays: 1)
            #expect(without.transcripts == .known(1))
            #expect(without.missing == .notChecked("there is no store to ask"))
            #expect(without.next.map(\.isStored) == [.notChecked("there is no store to ask")])
            let failure = StoreError(.busy, operation: "read", cause: "it is busy")
            let failing = try await probe(failure: failure).look(in: scratch.path("projects"), cleanupDays: 1)
            #expect(failing.missing == .notChecked("cannot read: it is busy"))
        }
    }

    @Test func `A directory that is not there is not checked, and one without transcripts has none`() async throws {
        try await Scratch.with { scratch in
            let nowhere = try await probe().look(in: scratch.path("nowhere"), cleanupDays: 1)
            #expect(nowhere.transcripts == .notChecked("\(scratch.path("nowhere")) cannot be read: No such file or directory"))
            #expect(nowhere.missing == nowhere.transcripts && nowhere.next.isEmpty)
            let empty = try await probe().look(in: scratch.folder("projects"), cleanupDays: 1)
            #expect(empty.transcripts == .known(0) && empty.missing == .known(0))
        }
    }

    @Test func `The end of a file's lines is found however long its last line is`() async throws {
        try await Scratch.with { scratch in
            let long = String(repeating: "x", count: 200_000)
            let path = try scratch.write("{}\n" + long, to: "long")
            #expect(LastLineBreak.end(of: path, after: 0) == .known(3))
            #expect(LastLineBreak.end(of: path, after: 3) == .known(3))
            let broken = try scratch.write(long + "\n" + long + "\n", to: "broken")
            #expect(LastLineBreak.end(of: broken, after: 0) == .known(400_002))
            #expect(LastLineBreak.end(of: scratch.root, after: 0) == .notChecked("\(scratch.root) is no regular file"))
        }
    }
}
