import BinaryTesting
import FoundationEssentials
import JSON
import MemoryModel
import Redaction
import Testing
import TranscriptTesting
import Transcripts

/// Every agent's reader on hand-made sessions, which are cut into records as a source on disk would be.
@Suite("Readers")
struct ReaderConformanceTests {
    @Test(arguments: AgentFixture.all, ReaderRule.all)
    func `readers keep every rule`(fixture: AgentFixture, rule: ReaderRule) async throws {
        try await Scratch.with { scratch in try rule.check(try Self.run(fixture, in: scratch)) }
    }

    @Test(arguments: AgentFixture.all)
    func `a transcript is known by its path, or by what it holds`(fixture: AgentFixture) async throws {
        try await Scratch.with { scratch in
            let root = try Self.write(fixture, in: scratch)
            let path = "\(root)/\(fixture.transcript)"
            #expect(Self.agent(TranscriptRecognition(path, under: root)) == fixture.format.agent.value || fixture.root == "exports")
            #expect(Self.agent(TranscriptRecognition(path, under: path)) == fixture.format.agent.value)

            // A copy under another name, as somebody else keeps it.
            guard !fixture.transcript.hasPrefix("session/") else { return }
            let ending = fixture.transcript.hasSuffix(".jsonl") ? "jsonl" : "json"
            let copy = try scratch.write(String(decoding: Scratch.bytes(at: path), as: UTF8.self), to: "copies/backup.\(ending)")
            #expect(Self.agent(TranscriptRecognition(copy, under: copy)) == fixture.format.agent.value)
        }
    }

    @Test(arguments: AgentFixture.all)
    func `each file of a session leads to its transcript, and the others to none`(fixture: AgentFixture) async throws {
        guard fixture.root != "exports" else { return }
        try await Scratch.with { scratch in
            let root = try Self.write(fixture, in: scratch)
            let others = fixture.files.filter {
                $0.path.hasSuffix("logs.json") || $0.path.hasPrefix("project/") || $0.path.hasSuffix(".project_root")
            }
            for file in fixture.files {
                let expected = others.contains { $0.path == file.path } ? nil : "\(root)/\(fixture.transcript)"
                #expect(TranscriptReaders.transcript(holding: "\(root)/\(file.path)", under: root) == expected)
            }
            let found = try TranscriptFiles.find(below: root) { Issue.record("\($0)") }.map(\.path)
            #expect(found == ["\(root)/\(fixture.transcript)"])
        }
    }

    @Test func `a file of no known format is refused by a sentence that names its keys`() async throws {
        try await Scratch.with { scratch in
            let path = try scratch.write(#"{"speaker":"ana","words":"secret words"}"# + "\n", to: "other/talk.jsonl")
            guard case .refused(let reason) = TranscriptRecognition(path, under: scratch.path("other")) else {
                Issue.record("it was not refused")
                return
            }
            #expect(
                reason.description
                    == "cannot import \(path): no record in it is of Claude Code, Codex CLI, Gemini CLI or OpenCode (the first one has the keys "
                    + #""speaker", "words")"#)

            let database = try scratch.write("SQLite format 3\0 and more", to: "opencode.db")
            guard case .refused(let reason) = TranscriptRecognition(database, under: database) else {
                Issue.record("it was not refused")
                return
            }
            #expect(reason.description.contains("opencode export"))
        }
    }

    @Test func `what lies below Claude Code's own directory is Claude Code's, whatever it holds`() async throws {
        try await Scratch.with { scratch in
            let path = try scratch.write(#"{"speaker":"ana"}"# + "\n", to: ".claude/projects/-home-ana/talk.jsonl")
            #expect(Self.agent(TranscriptRecognition(path, under: scratch.path(".claude/projects"))) == "claude-code")
        }
    }

    @Test func `the default directories follow each agent's variables`() {
        let environment = [
            "CLAUDE_CONFIG_DIR": "/c", "CODEX_HOME": "/x", "GEMINI_CLI_HOME": "/g", "XDG_DATA_HOME": "/d",
        ]
        #expect(
            TranscriptReaders.roots(environment: environment, home: "/home/ana") { _ in true }
                == ["/c/projects", "/x/sessions", "/x/archived_sessions", "/g/.gemini/tmp", "/d/opencode/storage"])
        #expect(TranscriptReaders.roots(environment: [:], home: "/home/ana") { _ in false } == ["/home/ana/.claude/projects"])
    }

    private static func agent(_ recognition: TranscriptRecognition) -> String? {
        guard case .transcript(let format, _) = recognition else { return nil }
        return format.agent.value
    }

    private static func write(_ fixture: AgentFixture, in scratch: Scratch) throws -> String {
        for file in fixture.files { try scratch.write(file.text, to: "\(fixture.root)/\(file.path)") }
        return scratch.path(fixture.root)
    }

    private static func run(_ fixture: AgentFixture, in scratch: Scratch) throws -> ReaderRun {
        let root = try write(fixture, in: scratch)
        let path = "\(root)/\(fixture.transcript)"
        let location = fixture.format.location(path, under: root) ?? fixture.format.location(ofCopy: path)
        // A minute from now, so that nothing is being written any more.
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) + 60_000)
        var records: [JSONValue] = []
        if let documents = try fixture.format.documents(of: location, now: now) {
            for index in documents.ids.indices {
                guard case .record(let record, _) = try documents.document(at: index) else { continue }
                records.append(record)
            }
        } else {
            records = try Scratch.bytes(at: path).split(separator: 0x0A).map { try JSONReader().read(Array($0)) }
        }
        let side = location.metadataPath.map { Scratch.bytes(at: $0) } ?? []
        return try ReaderRun(
            fixture, records: records, location: location, sideText: side.isEmpty ? nil : String(decoding: side, as: UTF8.self))
    }
}
