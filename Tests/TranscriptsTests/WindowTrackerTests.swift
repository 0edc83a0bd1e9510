import MemoryModel
import Redaction
import Testing
import Transcripts

@Suite("Context windows of a file")
struct WindowTrackerTests {
    private static let session = "11111111-2222-4333-8444-555555555555"

    private func openers(_ lines: [String]) throws -> [String] {
        var reader = try #require(try Fixture.reader())
        return try Fixture.entries(lines, &reader).map { ($0.opensWindow ? "+" : "") + $0.window.opener.text.value }
    }

    @Test func `a boundary and the continuation behind it are one window`() throws {
        #expect(
            try openers([Fixture.user("a", "x"), Fixture.boundary("b"), Fixture.summary("c"), Fixture.user("d", "y", parent: "c")])
                == ["+start", "+boundary:b", "boundary:b", "boundary:b"])
    }

    @Test func `attachments and notices may stand between a boundary and its continuation`() throws {
        let attachment = #"{"type":"attachment","uuid":"x","parentUuid":"b","attachment":{"type":"date_change"}}"#
        let command = Fixture.user("y", "<command-name>/compact</command-name>")
        #expect(
            try openers([Fixture.boundary("b"), attachment, command, Fixture.summary("c")])
                == ["+boundary:b", "boundary:b", "boundary:b", "boundary:b"])
    }

    @Test func `a continuation without a boundary opens a window, first in the file or later`() throws {
        #expect(
            try openers([Fixture.summary("a"), Fixture.user("b", "x"), Fixture.summary("c"), Fixture.user("d", "y")])
                == ["+continuation:a", "continuation:a", "+continuation:c", "continuation:c"])
        #expect(
            try openers([Fixture.boundary("b"), Fixture.summary("c"), Fixture.user("d", "y"), Fixture.summary("e")])
                == ["+boundary:b", "boundary:b", "boundary:b", "+continuation:e"])
    }

    @Test func `a line that stands twice opens nothing twice`() throws {
        #expect(
            try openers([Fixture.boundary("b"), Fixture.boundary("b"), Fixture.summary("c"), Fixture.summary("c")])
                == ["+boundary:b", "boundary:b", "boundary:b", "boundary:b"])
        #expect(try openers([Fixture.summary("c"), Fixture.summary("c")]) == ["+continuation:c", "continuation:c"])
    }

    @Test func `file order decides, not the parent: a preserved message may be one`() throws {
        #expect(
            try openers([Fixture.user("a", "x"), Fixture.boundary("b"), Fixture.summary("c"), Fixture.user("d", "y", parent: "a")]).last
                == "boundary:b")
    }

    @Test func `a microcompaction opens no window`() throws {
        let micro = #"{"type":"system","subtype":"microcompact_boundary","uuid":"m","parentUuid":"a"}"#
        #expect(try openers([Fixture.user("a", "x"), micro, Fixture.user("c", "y")]) == ["+start", "start", "start"])
    }

    @Test func `a boundary without an id is named by file and offset`() throws {
        let boundary = #"{"type":"system","subtype":"compact_boundary"}"#
        #expect(try openers([Fixture.user("a", "x"), boundary])[1] == "+boundary:\(Self.session)@1048576")
    }

    @Test func `inline sidechains are told apart by parent and do not disturb the main chain`() throws {
        let side = #","isSidechain":true"#
        #expect(
            try openers([
                Fixture.user("a", "x"), Fixture.user("s1", "one", parent: nil, side), Fixture.user("t1", "two", parent: nil, side),
                Fixture.user("s2", "x", parent: "s1", side), Fixture.user("b", "y", parent: "a"),
                Fixture.user("t2", "x", parent: "t1", side),
                Fixture.user("s3", "x", parent: "s2", side), Fixture.user("s4", "x", parent: "lost", side),
            ])
                == [
                    "+start", "+sidechain:s1", "+sidechain:t1", "sidechain:s1", "start", "sidechain:t1", "sidechain:s1", "sidechain:s1",
                ])
    }

    @Test func `an inline sidechain with an agent's id is that agent's`() throws {
        #expect(
            try openers([
                Fixture.user("s1", "x", parent: nil, #","isSidechain":true,"agentId":"a7""#),
                Fixture.user("s2", "x", parent: "q", #","isSidechain":true,"agentId":"a7""#),
            ])
                == ["+agent:a7", "agent:a7"])
    }

    @Test func `an old sidechain is linked by what it was asked`() throws {
        var reader = try #require(try Fixture.reader())
        let entries = try Fixture.entries(
            [
                #"""
                {"type":"assistant","uuid":"a","message":{"content":[{"type":"tool_use","id":"t1","name":"Task",
                "input":{"prompt":"Explore the code"}}]}}
                """#,
                Fixture.user("s1", "Explore the code\n", parent: nil, #","isSidechain":true"#),
                Fixture.user("s9", "Explore the code", parent: nil, #","isSidechain":true"#),
            ], &reader)
        #expect(entries[1].facts == [.spawn(.sidechain("s1"), toolUseID: "t1")])
        #expect(entries[2].facts.isEmpty)
    }

    @Test func `a sub-agent's file is a window of its session, and its compaction another`() throws {
        var reader = try #require(try Fixture.reader("/root/-home-ana/s-1/subagents/agent-a7.jsonl"))
        let side = #","isSidechain":true,"agentId":"a7""#
        let entries = try Fixture.entries(
            [Fixture.user("a", "x", parent: nil, side), Fixture.user("b", "y", parent: "a", side), Fixture.boundary("c")], &reader)
        #expect(entries.map(\.window.opener) == [.agent("a7"), .agent("a7"), .boundary("c")])
        #expect(entries.map(\.window.conversation) == ["s-1", "s-1", "s-1"])
        #expect(entries.map(\.window.agentID) == ["a7", "a7", "a7"])
    }

    @Test(arguments: [
        ("/root/-home-ana/short.jsonl", "s0"), ("/root/-home-ana/agent-a7.jsonl", "s0"), ("/root/-home-ana/\(session).jsonl", session),
    ])
    func `a file that its name does not tell is its first session's`(path: String, conversation: String) throws {
        var reader = try #require(try Fixture.reader(path))
        let entries = try Fixture.entries(
            [Fixture.user("a", "x", parent: nil, #","sessionId":"s0""#), Fixture.user("b", "y", parent: nil, #","sessionId":"s9""#)],
            &reader)
        #expect(entries.map(\.window.conversation.value) == [conversation, conversation])
    }

    @Test func `a record without a time has that of the record before it`() throws {
        var reader = try #require(try Fixture.reader())
        let entries = try Fixture.entries(
            [Fixture.user("a", "x"), Fixture.user("b", "x", parent: nil, #","timestamp":"2026-01-01T00:00:00Z""#), Fixture.user("c", "x")],
            &reader)
        #expect(
            entries.map(\.time) == [
                Timestamp(milliseconds: 5), Timestamp(milliseconds: 1_767_225_600_000), Timestamp(milliseconds: 1_767_225_600_000),
            ])
    }

    @Test func `a reader goes on from its state at every line as if it had not stopped`() throws {
        let side = #","isSidechain":true"#
        let lines = [
            Fixture.user("a", "x"),
            #"""
            {"type":"assistant","uuid":"q","message":{"content":[{"type":"tool_use","id":"t1","name":"Task",
            "input":{"prompt":"one"}},{"type":"tool_use","id":"t2","name":"mcp__m__search_messages","input":{}}]}}
            """#,
            Fixture.user("s1", "one", parent: nil, side), Fixture.user("s2", "x", parent: "s1", side),
            #"""
            {"type":"user","uuid":"r","timestamp":"2026-01-01T00:00:00Z","message":{"content":[{"type":"tool_result",
            "tool_use_id":"t2","content":"x"}]}}
            """#,
            Fixture.boundary("b"), Fixture.summary("c"), Fixture.summary("c"), Fixture.user("d", "y"),
        ]
        let path = "/root/-home-ana/plain.jsonl"
        let location = try #require(TranscriptLocation(path: path, under: "/root"))
        var whole = try #require(try Fixture.reader(path))
        let expected = try Fixture.entries(lines, &whole)
        var resumed = try #require(try Fixture.reader(path))
        var entries: [TranscriptEntry] = []
        for (index, line) in lines.enumerated() {
            // By way of text, as a store keeps it.
            let state = try Fixture.json(resumed.state.text.value)
            resumed = try #require(
                ClaudeCodeReader(state: state, location: location, echoes: Fixture.echoes, redactor: try Fixture.redactor()))
            entries.append(resumed.next(try Fixture.json(line), at: Int64(index) << 20))
        }
        #expect(entries == expected)
        #expect(resumed.state == whole.state)
    }

    @Test func `a state of another form is refused`() throws {
        let location = try #require(TranscriptLocation(path: "/root/p/x.jsonl", under: "/root"))
        for state in ["{}", "[]", "null", #"{"windows":{},"tools":[],"time":1,"awaitsSession":true}"#] {
            #expect(
                ClaudeCodeReader(state: try Fixture.json(state), location: location, echoes: .none, redactor: try Fixture.redactor()) == nil
            )
        }
    }

    @Test func `the state stays small whatever the file holds`() throws {
        var reader = try #require(try Fixture.reader())
        for index in 0..<3000 {
            _ = reader.next(
                try Fixture.json(Fixture.user("s\(index)", "x", parent: index % 50 == 0 ? nil : "s\(index - 1)", #","isSidechain":true"#)),
                at: 0)
            _ = reader.next(
                try Fixture.json(
                    #"{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t\#(index)","name":"Bash","input":{}}]}}"#), at: 0)
        }
        #expect(reader.state.text.length < 16_384)
    }
}
