import MemoryModel
import Redaction
import Testing
import Transcripts

@Suite("Own echoes")
struct OwnEchoTests {
    private func message(_ line: String, tools: ToolUseMemory = ToolUseMemory()) throws -> TranscriptMessage {
        try #require(try Fixture.record(line, tools: tools).message)
    }

    @Test(arguments: [
        ("mcp__magenta-memory__search_messages", true), ("mcp__m__bootstrap_memory", true), ("mcp__plugin_x_y__search_messages", true),
        ("mcp__m__search", false), ("search_messages", false), ("mcp__m__my_search_messages", false), ("Bash", false),
        ("magenta-memory__search_messages", true), ("mcp_magenta-memory_search_messages", true), ("magenta_memory_search_messages", true),
        ("slack__search_messages", false), ("mcp_slack_search_messages", false), ("slack_search_messages", false), ("magenta_search", false),
    ])
    func `own tools are known by name behind any server's`(name: String, isOwn: Bool) throws {
        #expect(Fixture.echoes.isOwnTool(try Fixture.redactor().redact(name)) == isOwn)
        let message = try message(
            #"{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t1","name":"\#(name)","input":{"query":"q"}}]}}"#)
        #expect(message.isOwnEcho == isOwn)
    }

    @Test func `the result of an own tool is an echo by its id`() throws {
        var reader = try #require(try Fixture.reader())
        let entries = try Fixture.entries(
            [
                #"""
                {"type":"assistant","uuid":"a","message":{"content":[{"type":"tool_use","id":"t1",
                "name":"mcp__magenta-memory__search_messages","input":{}}]}}
                """#,
                #"{"type":"user","uuid":"b","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"old words"}]}}"#,
                #"{"type":"user","uuid":"c","message":{"content":[{"type":"tool_result","tool_use_id":"t2","content":"other words"}]}}"#,
            ], &reader)
        #expect(entries.map { $0.record.message?.isOwnEcho } == [true, true, false])
    }

    @Test func `what another server's tool of the same name found is no echo`() throws {
        var reader = try #require(try Fixture.reader())
        let entries = try Fixture.entries(
            [
                #"""
                {"type":"assistant","uuid":"a","message":{"content":[{"type":"tool_use","id":"t1",
                "name":"mcp__slack__search_messages","input":{}}]}}
                """#,
                #"{"type":"user","uuid":"b","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"their words"}]}}"#,
            ], &reader)
        #expect(entries.map { $0.record.message?.isOwnEcho } == [true, false])
    }

    @Test func `a payload with the marker is an echo wherever the client put it`() throws {
        let text = "x \(Fixture.marker) y"
        #expect(
            try message(#"{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":"\#(text)"}]}}"#).isOwnEcho
        )
        #expect(
            try message(
                #"""
                {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text",
                "text":"\#(text)"}]}]}}
                """#
            ).isOwnEcho)
        #expect(try message(Fixture.user("u", text, parent: nil, #","isMeta":true"#)).isOwnEcho)
        #expect(try message(Fixture.user("u", "<bash-stdout>\(text)</bash-stdout>")).isOwnEcho)
        #expect(try message(Fixture.user("u", "<system-reminder>\(text)</system-reminder>")).isOwnEcho)
    }

    @Test func `the marker in what a person or the agent says is no echo`() throws {
        let text = "what does \(Fixture.marker) mean?"
        #expect(try !message(Fixture.user("u", text)).isOwnEcho)
        #expect(try !message(#"{"type":"assistant","message":{"content":[{"type":"text","text":"\#(text)"}]}}"#).isOwnEcho)
        #expect(try !message(#"{"type":"attachment","attachment":{"type":"queued_command","prompt":"\#(text)"}}"#).isOwnEcho)
        #expect(try !message(Fixture.user("u", text, parent: nil, #","isCompactSummary":true"#)).isOwnEcho)
    }

    @Test func `an injected bootstrap that quotes a continuation opens no window`() throws {
        let text = "This session is being continued from a previous conversation. \(Fixture.marker)"
        let message = try message(Fixture.user("u", text, parent: nil, #","isMeta":true"#))
        #expect(message.isOwnEcho)
        #expect(message.kind == .meta)
    }

    @Test func `an echo beside other blocks loses its text and the rest stays`() throws {
        let message = try message(
            #"""
            {"type":"assistant","message":{"content":[{"type":"text","text":"I will look."},{"type":"tool_use","id":"t1",
            "name":"mcp__m__search_messages","input":{"query":"q"}}]}}
            """#
        )
        #expect(!message.isOwnEcho)
        #expect(message.blocks.map(\.text.value) == ["I will look.", ""])
    }

    @Test func `nothing is an echo without names and marker`() throws {
        let line = try Fixture.json(#"{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":"x"}]}}"#)
        #expect(ClaudeCodeInterpreter(echoes: .none).record(line).message?.isOwnEcho == false)
    }
}
