import BinaryTesting
import Logging
import MemoryModel
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

/// What a look at everything costs, the second time.
@Suite("Finding sources")
struct SourceDiscoveryTests {
    private static let record = "{\"type\":\"user\",\"uuid\":\"u\",\"sessionId\":\"s\",\"message\":{\"role\":\"user\",\"content\":\"hello\"}}\n"

    @Test("A file whose path says nothing is looked into once, and again when it was written, replaced or moved")
    func cache() async throws {
        try await Scratch.with { scratch in
            let looked = Mutex<[String]>([])
            let cache = RecognitionCache { path, root in
                looked.withLock { $0.append(String(path.split(separator: "/").last ?? "")) }
                return TranscriptRecognition(path, under: root)
            }
            func look() throws -> (found: Int, problems: Int, looked: [String]) {
                looked.withLock { $0 = [] }
                var problems = 0
                let found = try SourceDiscovery.sources(below: scratch.path("copies"), cache: cache) { _ in problems += 1 }
                return (found.count, problems, looked.withLock { $0.sorted() })
            }
            let one = try scratch.write(Self.record, to: "copies/zoo/one.jsonl")
            try scratch.write("{\"an\":\"other\"}\n", to: "copies/zoo/two.jsonl")
            #expect(try look() == (1, 1, ["one.jsonl", "two.jsonl"]))
            #expect(try look() == (1, 1, []))
            try scratch.write("{\"an\":\"other\"}\n" + Self.record, to: "copies/zoo/two.jsonl")
            #expect(try look() == (2, 0, ["two.jsonl"]))
            #expect(rename(one, scratch.path("copies/zoo/three.jsonl")) == 0)
            #expect(try look() == (2, 0, ["three.jsonl"]))
            // A part of the whole does not make it forget the rest.
            _ = try SourceDiscovery.sources(below: scratch.path("copies"), in: scratch.path("copies/zoo"), cache: cache) { _ in }
            #expect(try look() == (2, 0, []))
        }
    }

    @Test("An import names a link that it passes over, which is no problem")
    func links() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write("-p/one.jsonl", ["a"])
            let target = try scratch.folder("elsewhere")
            #expect(symlink(target, folder.path("link")) == 0)
            let context = SourceContext(
                user: .empty, machine: .empty, redactor: try Redactor(key: [UInt8](repeating: 3, count: 32)), now: { Timestamp(milliseconds: 0) })
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let report = try await TranscriptImport(into: folder.sink, context: context, logger: logger).run([folder.root])
            #expect(report.files == 1 && report.problems == [])
            #expect(report.passedOver.count == 1 && report.passedOver.first?.contains("/link: it is a symbolic link") == true)
        }
    }

    @Test("A look at 2000 unchanged files takes less than a fifth of a second of CPU")
    func cost() async throws {
        try await Scratch.with { scratch in
            for number in 0..<2000 { try scratch.write(Self.record, to: "copies/\(number / 50)/\(number).jsonl") }
            let cache = RecognitionCache()
            func look() throws -> Double {
                let start = Self.cpuTime
                #expect(try SourceDiscovery.sources(below: scratch.path("copies"), cache: cache) { _ in }.count == 2000)
                return Self.cpuTime - start
            }
            let (first, second) = (try look(), try look())
            print("counted: a look at 2000 files took \(first) s of CPU, and \(second) s when none had changed")
            #expect(second < 0.2)
        }
    }

    /// Of this thread alone: other tests run beside it.
    private static var cpuTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
