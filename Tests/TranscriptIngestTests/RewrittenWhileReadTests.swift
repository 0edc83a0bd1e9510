import BinaryTesting
import MemoryModel
import MemoryStore
import Redaction
import Synchronization
import Testing
import Transcripts

@testable import TranscriptIngest

/// A file that is cut and written anew between two reads of one reading, past the place where it ended before.
@Suite("A file that is rewritten while it is read")
struct RewrittenWhileReadTests {
    /// Reads a file of which `change` is made each time that a line names its directory, which is after a read and before the next.
    private static func read(
        _ folder: WatchedFolder, _ name: String, change: @escaping @Sendable (Int) -> Void
    ) async throws -> ImportReport {
        let times = Mutex(0)
        let context = SourceContext(
            user: .empty, machine: .empty, redactor: try Redactor(key: [UInt8](repeating: 3, count: 32)),
            repository: { _ in
                change(
                    times.withLock { times in
                        times += 1
                        return times
                    })
                return nil
            },
            now: { Timestamp(milliseconds: 1_800_000_000_000) })
        let found = try #require(try SourceDiscovery.sources(below: folder.root, report: { _ in }).first)
        var report = ImportReport()
        try await SourceReading(found.source, context: context).run(into: folder.sink, &report) { _, _ in }
        return report
    }

    private static let first = "{\"type\":\"user\",\"cwd\":\"/w\",\"text\":\"first\"}\n"

    @Test("No line is made up of two, and none is passed over", arguments: [false, true])
    func splice(ofNewHead: Bool) async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let name = "-p/a.jsonl"
            // The last line waits for its end when the first read is over.
            try scratch.write(Self.first + WatchedFolder.text(["old"]) + "{\"type\":\"user\",\"text\":\"half", to: "projects/\(name)")
            let kept = ofNewHead ? "{\"type\":\"user\",\"cwd\":\"/w\",\"text\":\"other\"}\n" : Self.first
            let texts = (0..<20).map { "new \($0)" }
            let report = try await Self.read(folder, name) { time in
                guard time == 1 else { return }
                try? folder.rewrite(name, kept + WatchedFolder.text(texts))
            }
            #expect(folder.sink.lines(folder.path(name)) == [ofNewHead ? "other" : "first"] + texts)
            #expect(report.refusals.isEmpty && report.counts.stored == 21)
        }
    }

    @Test("A file that is rewritten again and again is told, and taken once it rests")
    func restless() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let name = "-p/a.jsonl"
            try scratch.write(Self.first, to: "projects/\(name)")
            await #expect(throws: ImportError.self) {
                try await Self.read(folder, name) { time in
                    let first = "{\"type\":\"user\",\"cwd\":\"/w\",\"text\":\"time \(time)\"}\n"
                    try? folder.rewrite(name, first)
                }
            }
            #expect(folder.sink.lineCount == 0)
            _ = try await Self.read(folder, name) { _ in }
            #expect(folder.sink.lines(folder.path(name)) == ["time 5"])
        }
    }
}
