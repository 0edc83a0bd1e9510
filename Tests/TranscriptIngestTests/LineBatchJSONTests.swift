import JSON
import MemoryModel
import MemoryStore
import Redaction
import Testing
import Transcripts

@testable import TranscriptIngest

@Suite("Line batches as JSON")
struct LineBatchJSONTests {
    private static let spool: RedactedText = "3f1c2a4e-0000-4000-8000-00000000abcd"
    private static let key = [UInt8](repeating: 1, count: 32)
    private let redactor: Redactor

    init() throws { redactor = try Redactor(key: [UInt8](repeating: 7, count: 32), exactValues: ["correct-horse-battery"]) }

    private func batch(_ lines: [SourceLine], generation: Int = 3, from start: Int64 = 0, to end: Int64) -> LineBatch {
        LineBatch(
            key: SourceKey(spool: Self.spool, path: "/t/-p/a.jsonl"), origin: CaptureOrigin(user: "ana", machine: "box", agent: "claude-code"),
            root: "/t", start: SourcePosition(generation: generation, identity: "8:1", offset: start, line: start / 10),
            end: SourcePosition(
                generation: generation, identity: "8:1", headHash: "ab12 9 cd34", headLength: 100, offset: end, line: (lines.last?.number ?? 0)),
            size: end + 5, readTime: Timestamp(milliseconds: 1_780_000_000_000), lines: lines)
    }

    private func record(_ number: Int64, _ text: RedactedText = "hello") -> SourceLine {
        SourceLine(
            offset: (number - 1) * 10, length: 9, number: number, content: .record(RedactedJSON(members: [(key: "text", value: RedactedJSON(text))])))
    }

    private func spooled(_ parts: [[UInt8]], generation: Int = 3, isFresh: Bool = false) -> [SpooledBatch] {
        parts.enumerated().map {
            SpooledBatch(sequence: Int64($0), source: 1, path: "/t/-p/a.jsonl", generation: generation, isFresh: isFresh, content: $1)
        }
    }

    private func read(_ batches: [SpooledBatch]) throws -> [LineBatch] {
        let envelope = try LineBatchJSON.envelope(LineBatchJSON.body(spool: Self.spool, key: Self.key, batches), redactor: redactor)
        return try envelope.batches.map { try LineBatchJSON.batch($0, spool: envelope.spool, redactor: redactor) }
    }

    @Test("A batch comes out as it went in")
    func roundTrip() throws {
        var line = record(3)
        line.outputs = ["/t/out.txt": "much text\nin two lines\u{0}"]
        var sent = batch(
            [
                record(1), SourceLine(offset: 10, length: 0, number: 2, content: .blank), line,
                SourceLine(offset: 30, length: 5, number: 4, content: .refused(reason: "invalid-json", hash: String(repeating: "0a", count: 32))),
            ],
            to: 40)
        sent.sideFile = RedactedJSON(members: [(key: "toolUseId", value: RedactedJSON("t1"))])
        sent.repositories = ["/home/ana/zoo": "github.com/ana/zoo"]
        var got = try #require(try read(spooled(LineBatchJSON.parts(sent))).first)
        // Of where it starts, offset, line and generation travel.
        got.start = sent.start
        #expect(got == sent)
        #expect(
            try read(spooled(LineBatchJSON.parts(sent), generation: 9, isFresh: true)).map { [$0.end.generation, $0.isFresh ? 1 : 0] } == [[9, 1]])
    }

    @Test("A large batch travels in parts that follow on each other")
    func parts() throws {
        let sent = batch((1...5003).map { record(Int64($0)) }, to: 50030)
        let got = try read(spooled(LineBatchJSON.parts(sent)))
        #expect(got.map(\.lines.count) == [2000, 2000, 1003])
        #expect(got.flatMap(\.lines) == sent.lines)
        #expect(got.first?.start.offset == 0 && got.last?.end == sent.end)
        for (one, next) in zip(got, got.dropFirst()) { #expect([one.end.offset, one.end.line] == [next.start.offset, next.start.line]) }
    }

    @Test("What the sender let through is redacted where it arrives, in texts and keys")
    func redaction() throws {
        let strange = try Redactor(key: [UInt8](repeating: 1, count: 32))
        let value: JSONValue = ["correct-horse-battery": ["a", "my correct-horse-battery"]]
        var line = record(1)
        line.content = .record(try strange.redact(value))
        line.outputs = ["/t/o": strange.redact("correct-horse-battery")]
        var sent = batch([line], to: 10)
        sent.origin.machine = strange.redact("correct-horse-battery")
        sent.repositories = ["/x": strange.redact("correct-horse-battery")]
        sent.sideFile = try strange.redact(value)
        let got = try #require(try read(spooled(LineBatchJSON.parts(sent))).first)
        #expect(!"\(got)".contains("correct-horse"))
    }

    @Test(
        "What is no batch is refused with the reason, and nothing of it is repeated",
        arguments: [
            ("path", #""relative.jsonl""#), ("path", #""/a\u0000b""#), ("path", "7"), ("root", #""""#), ("user", #""""#),
            ("user", #""two\nlines""#), ("agent", "null"), ("identity", #""\"quoted\"""#), ("mark", "[1]"), ("mark", #"[-1, "ab"]"#),
            ("mark", #"[1, "correct-horse-battery"]"#), ("generation", "0"), ("generation", "1099511627776"), ("start", "[50, 5]"), ("end", "[0]"),
            ("size", "-1"), ("read", #""now""#), ("lines", "{}"), ("lines", "[1]"),
            ("lines", #"[{"at": 0, "length": 1, "number": 1, "record": {}, "refused": "x"}]"#), ("lines", #"[{"at": 10, "length": 1, "number": 1}]"#),
            ("lines", #"[{"at": 0, "length": -1, "number": 1}]"#),
            ("lines", #"[{"at": 0, "length": 1, "number": 1, "refused": "Not A Word", "hash": ""}]"#),
            ("lines", #"[{"at": 0, "length": 1, "number": 1, "refused": "word", "hash": "xyz"}]"#),
            ("lines", #"[{"at": 0, "length": 1, "number": 1}, {"at": 0, "length": 1, "number": 1}]"#),
            ("lines", #"[{"at": 0, "length": 1, "number": 1, "more": 1}]"#), ("repositories", #"{"a": 1}"#), ("zebra", "1"),
            ("path", "\"/" + String(repeating: "x", count: 5000) + "\""), ("machine", "\"" + String(repeating: "m", count: 300) + "\""),
            ("lines", "[" + String(repeating: "0,", count: 2000) + "0]"),
        ] as [(String, String)])
    func hostile(_ name: String, _ value: String) throws {
        let bytes = LineBatchJSON.body(spool: Self.spool, key: Self.key, spooled(LineBatchJSON.parts(batch([record(1)], to: 10))))
        var object = try #require(try JSONReader().read(bytes)["batches"]?.array?.first?.object)
        _ = try LineBatchJSON.batch(.object(object), spool: Self.spool, redactor: redactor)
        object[name] = try JSONReader().read(value)
        let error = #expect(throws: LineBatchError.self) { try LineBatchJSON.batch(.object(object), spool: Self.spool, redactor: redactor) }
        #expect(error?.description.contains("horse") == false)
    }

    @Test(
        "What is no request is refused",
        arguments: [
            "", "[]", "{}", #"{"format":1,"spool":"","batches":[{}]}"#,
            #"{"format":2,"spool":"3f1c2a4e-0000-4000-8000-00000000abcd","batches":[{}]}"#,
            #"{"format":1,"spool":"3F1C2A4E-0000-4000-8000-00000000ABCD","batches":[{}]}"#,
            #"{"format":1,"spool":"3f1c2a4e-0000-4000-8000-00000000abcd","batches":[]}"#,
            #"{"format":1,"spool":"3f1c2a4e-0000-4000-8000-00000000abcd","batches":[{}],"more":1}"#,
            #"{"format":1,"format":1,"spool":"3f1c2a4e-0000-4000-8000-00000000abcd","batches":[{}]}"#,
            String(repeating: "[", count: 100_000),
        ])
    func envelope(_ text: String) throws {
        let proof = #""proof":"\#(String(repeating: "ab", count: 32))","batches""#
        let text = text.replacing(#""batches""#, with: proof)
        #expect(throws: LineBatchError.self) { try LineBatchJSON.envelope(Array(text.utf8), redactor: redactor) }
    }

    @Test("A proof is 64 hexadecimal digits")
    func proof() throws {
        func envelope(_ proof: String) throws -> LineBatchJSON.Envelope {
            let text = #"{"format":1,"spool":"\#(Self.spool.value)","proof":"\#(proof)","batches":[{}]}"#
            return try LineBatchJSON.envelope(Array(text.utf8), redactor: redactor)
        }
        let good = String(repeating: "ab", count: 32)
        #expect(try envelope(good).proof == good)
        for bad in ["", "ab", good + "ab", String(repeating: "AB", count: 32)] { #expect(throws: LineBatchError.self) { try envelope(bad) } }
    }

    @Test(
        "Every reason for which a line is refused travels",
        arguments: [
            LineRefusal.tooLong(maximum: 1), .invalidUTF8(offset: 1), .tooDeep(limit: 1), .cutOff, .invalidJSON(offset: 1), .notAnObject("a list"),
        ])
    func refusals(_ refusal: LineRefusal) throws {
        let line = SourceLine(
            offset: 0, length: 5, number: 1, content: .refused(reason: refusal.name, hash: String(repeating: "0a", count: 32)))
        let read = try #require(try read(spooled(LineBatchJSON.parts(batch([line], to: 10)))).first)
        #expect(read.lines == [line])
    }
}
