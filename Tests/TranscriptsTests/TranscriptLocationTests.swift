import Testing
import Transcripts

@Suite("Transcript location")
struct TranscriptLocationTests {
    private static let session = "11111111-2222-4333-8444-555555555555"

    @Test func `a main file is named after its session`() throws {
        let location = try #require(TranscriptLocation(path: "/r/projects/-home-ana/\(Self.session).jsonl", under: "/r/projects/"))
        #expect(location.session == Self.session)
        #expect(location.agentID == nil)
        #expect(location.projectDirectory == "-home-ana")
        #expect(location.sessionDirectory == "/r/projects/-home-ana/\(Self.session)")
        #expect(location.metadataPath == nil)
    }

    @Test func `a file of another name has no session of its own`() throws {
        let location = try #require(TranscriptLocation(path: "/r/-home-ana/short.jsonl", under: "/r"))
        #expect(location.session == nil)
        #expect(location.baseName == "short")
        #expect(location.sessionDirectory == nil)
    }

    @Test func `a sub-agent lies beside its session or under it`() throws {
        let beside = try #require(TranscriptLocation(path: "/r/-home-ana/agent-ab12cd34.jsonl", under: "/r"))
        #expect(beside.agentID == "ab12cd34")
        #expect(beside.session == nil)
        #expect(beside.metadataPath == "/r/-home-ana/agent-ab12cd34.meta.json")
        let under = try #require(TranscriptLocation(path: "/r/-home-ana/\(Self.session)/subagents/agent-a7.jsonl", under: "/r"))
        #expect(under.agentID == "a7")
        #expect(under.session == Self.session)
        #expect(under.projectDirectory == "-home-ana")
        #expect(under.sessionDirectory == "/r/-home-ana/\(Self.session)")
        #expect(under.metadataPath == "/r/-home-ana/\(Self.session)/subagents/agent-a7.meta.json")
        let deeper = try #require(TranscriptLocation(path: "/r/-home-ana/\(Self.session)/subagents/w/1/agent-a7.jsonl", under: "/r"))
        #expect(deeper.sessionDirectory == "/r/-home-ana/\(Self.session)")
    }

    @Test func `one project's directory may be the root`() throws {
        let main = try #require(TranscriptLocation(path: "/r/-home-ana/\(Self.session).jsonl", under: "/r/-home-ana"))
        #expect(main.projectDirectory == "-home-ana")
        let agent = try #require(TranscriptLocation(path: "/r/-home-ana/s1/subagents/agent-a7.jsonl", under: "/r/-home-ana"))
        #expect(agent.projectDirectory == "-home-ana")
        #expect(agent.session == "s1")
    }

    @Test(arguments: [
        "/r/-home-ana/memory/notes.jsonl", "/r/-home-ana/\(session)/tool-results/x.jsonl", "/r/-home-ana/sessions-index.json",
        "/r/history.jsonl",
        "/r/-home-ana/\(session)/subagents/agent-a7.meta.json", "/r/-home-ana/\(session)/subagents/journal.jsonl", "/r/-home-ana/.jsonl",
    ])
    func `other files are no transcripts`(path: String) {
        #expect(TranscriptLocation(path: path, under: "/r") == nil)
    }
}
