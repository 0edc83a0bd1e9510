import BinaryTesting
import JSON
import MemoryModel
import MemoryStore
import MemoryStoreSQLite
import Redaction
import Synchronization
import Testing
import Transcripts

@testable import TranscriptIngest

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A survey over a real store and real files; what a process makes of it stands in BinaryTests.
@Suite("Surveys of what is captured")
struct CaptureSurveyTests {
    private static let record = "{\"type\":\"user\",\"uuid\":\"u\",\"sessionId\":\"s\",\"message\":{\"role\":\"user\",\"content\":\"hello\"}}\n"

    private static func context(_ now: @escaping @Sendable () -> Timestamp) throws -> SourceContext {
        SourceContext(user: "ana", machine: "laptop", redactor: try Redactor(key: [UInt8](repeating: 3, count: 32)), now: now)
    }

    private static var now: Timestamp { Timestamp(milliseconds: Int64(time(nil)) * 1000) }

    @Test("A sender elsewhere shows by when it was heard of last, and never as a file of this host")
    func spools() async throws {
        try await Scratch.with { scratch in
            let store = try await SQLiteStore.open(path: scratch.path("memory.sqlite"))
            func send(_ path: RedactedText, at milliseconds: Int64, from machine: RedactedText) async throws {
                let state = SourceState(
                    key: SourceKey(spool: "spool-1", path: path), generation: 1, identity: "1:1", headHash: "", headLength: 0, offset: 10, line: 1,
                    size: 30, readTime: Timestamp(milliseconds: milliseconds), readerState: RedactedJSON(readBackFromStore: .null))
                let line = CaptureEntry(
                    offset: 0, length: 9, line: 1, id: nil, parent: nil,
                    content: .refused(reason: "cut-off", hash: String(repeating: "a1", count: 32)))
                _ = try await store.capture(
                    CaptureBatch(source: state, origin: CaptureOrigin(user: "bo", machine: machine, agent: "codex"), entries: [line]))
            }
            try await send("/t/a.jsonl", at: 1000, from: "old-name")
            try await send("/t/b.jsonl", at: 2000, from: "box")
            let survey = CaptureSurvey(store: store, context: try Self.context { Self.now }, roots: [try scratch.folder("projects")]) { nil }
            let report = try await survey.look()
            #expect(report.sources.isEmpty && report.isCurrent)
            #expect(
                report.spools == [
                    SpoolHealth(
                        spool: "spool-1", user: "bo", machine: "box", sources: 2, lastContact: Timestamp(milliseconds: 2000), refused: 2)
                ])
            #expect(report.lastRefusals.first?.path == "/t/b.jsonl" && report.cleanup?.days == 30)
        }
    }

    @Test("What was just written is on its way; after ten seconds it is late")
    func grace() async throws {
        try await Scratch.with { scratch in
            let store = try await SQLiteStore.open(path: scratch.path("memory.sqlite"))
            let wall = Mutex(Self.now)
            let survey = CaptureSurvey(
                store: store, context: try Self.context { wall.withLock { $0 } }, roots: [scratch.path("projects")], cleanupDays: { nil })
            try scratch.write(Self.record, to: "projects/-p/one.jsonl")
            #expect(try await survey.look().sources.map(\.state) == [.current])
            wall.withLock { $0.milliseconds += 15_000 }
            let late = try await survey.look()
            #expect(late.sources.map(\.state) == [.behind] && !late.isCurrent && late.lagBytes == Int64(Self.record.utf8.count))
            // Within a second: the clock of the test counts whole ones.
            #expect(abs(late.lagSeconds - 15) <= 1.1)
            let lock = try #require(try await store.captureLock())
            #expect(try await survey.look().findings.first?.text.hasSuffix("they are being read") == true)
            lock.release()
        }
    }

    @Test("A survey of 300 files that are stored takes less than a fifth of a second of CPU, once it has seen them")
    func cost() async throws {
        try await Scratch.with { scratch in
            for number in 0..<300 { try scratch.write(Self.record, to: "projects/-p\(number / 10)/\(number).jsonl") }
            let store = try await SQLiteStore.open(path: scratch.path("memory.sqlite"))
            let context = try Self.context { Self.now }
            let sink = StoreSink(store: store, readers: TranscriptReaders(echoes: OwnEchoes(toolNames: [], marker: "-"), redactor: context.redactor))
            for found in try SourceDiscovery.sources(below: scratch.path("projects"), report: { _ in }) {
                var report = ImportReport()
                try await SourceReading(found.source, context: context).run(into: sink, &report) { _, _ in }
            }
            let survey = CaptureSurvey(store: store, context: context, roots: [scratch.path("projects")]) { nil }
            func look() async throws -> Double {
                let start = ContinuousClock.now
                #expect(try await survey.look().count(.current) == 300)
                return start.duration(to: .now) / .seconds(1)
            }
            let first = try await look()
            // The best of some: other tests run beside this one.
            var again: [Double] = []
            for _ in 0..<5 { again.append(try await look()) }
            let best = again.min() ?? .infinity
            print("counted: a survey of 300 stored files took \(first) s, and \(best) s when none had changed")
            #expect(best < 0.2)
        }
    }
}
