import MemoryModel
import Redaction
import Testing
import Transcripts

@Suite("Claude Code replies and tools")
struct ClaudeCodeReplyTests {
    private func record(_ content: String, _ more: String = "") throws -> TranscriptRecord {
        try Fixture.record(
            #"""
            {"type":"assistant","uuid":"u","requestId":"r"\#(more),"message":{"id":"msg_1","model":"claude-x","role":"assistant",
            "content":\#(content),"usage":{"input_tokens":3,"output_tokens":5,"cache_creation_input_tokens":7,
            "cache_read_input_tokens":11}}}
            """#
        )
    }

    @Test func `a reply names its model and its tokens`() throws {
        let record = try record(#"[{"type":"text","text":"Yes."}]"#)
        #expect(record.model == "claude-x")
        #expect(record.replyID == "msg_1")
        #expect(record.message?.kind == .reply)
        #expect(record.message?.role == .agent)
        #expect(record.message?.name == "claude-x")
        #expect(record.facts == [.usage(reply: "msg_1", TokenUsage(input: 3, output: 5, cacheCreation: 7, cacheRead: 11))])
    }

    @Test(arguments: [
        (#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#, MessageKind.reply),
        (#""plain""#, .reply),
        (#"[]"#, .reply),
        (#"[{"type":"thinking","thinking":"hm","signature":"s"}]"#, .thinking),
        (#"[{"type":"thinking","thinking":"","signature":"s"}]"#, .thinking),
        (#"[{"type":"redacted_thinking","data":"xyz"}]"#, .thinking),
        (#"[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls"}}]"#, .toolCall),
        (
            #"[{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"},{"type":"tool_use","id":"t1","name":"Bash","input":{}}]"#,
            .toolCall
        ),
        (#"[{"type":"server_tool_use","id":"s1","name":"web_search","input":{}}]"#, .reply),
    ])
    func `the kind follows from the blocks`(content: String, kind: MessageKind) throws {
        #expect(try record(content).message?.kind == kind)
    }

    @Test func `every block of an old line is kept in order`() throws {
        let message = try #require(
            try record(
                #"""
                [{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"},{"type":"tool_use","id":"t1","name":"Bash",
                "input":{"command":"ls"}},{"type":"tool_use","id":"t2","name":"Read","input":{}}]
                """#
            )
            .message)
        #expect(message.blocks.map(\.kind) == [.thinking, .text, .toolUse, .toolUse])
        #expect(message.blocks.map(\.text.value) == ["hm", "a", #"{"command":"ls"}"#, "{}"])
        #expect(message.blocks.map(\.toolUseID) == [nil, nil, "t1", "t2"])
        #expect(message.blocks.map(\.name) == [nil, nil, "Bash", "Read"])
    }

    @Test func `a block of an unknown type keeps its name and a bounded text`() throws {
        let long = String(repeating: "x", count: 40_000)
        let message = try #require(try record(#"[{"type":"web_search_tool_result","content":"\#(long)"}]"#).message)
        let block = try #require(message.blocks.first)
        #expect(block.kind == .unknown)
        #expect(block.name == "web_search_tool_result")
        #expect(block.text.value.hasPrefix(#"{"type":"web_search_tool_result","content":"xxx"#))
        #expect(block.text.length == 16_384)
    }

    @Test func `the client's stand-in for a failed reply is an error without tokens`() throws {
        let synthetic = try Fixture.record(
            #"""
            {"type":"assistant","uuid":"u","isApiErrorMessage":true,"message":{"id":"m","model":"<synthetic>",
            "content":[{"type":"text","text":"API Error"}],"usage":{"input_tokens":0,"output_tokens":0}}}
            """#
        )
        #expect(synthetic.message?.kind == .error)
        #expect(synthetic.message?.role == .system)
        #expect(synthetic.model == nil)
        #expect(synthetic.facts.isEmpty)
    }

    @Test(arguments: ["user", "assistant"])
    func `a record without a message is kept raw`(type: String) throws {
        #expect(try Fixture.record(#"{"type":"\#(type)","uuid":"u"}"#).content == .bookkeeping(.withoutMessage))
        #expect(try Fixture.record(#"{"type":"\#(type)","message":"odd"}"#).content == .bookkeeping(.withoutMessage))
    }

    @Test func `tool results carry text, error flag, tool use and the tool's name`() throws {
        var tools = ToolUseMemory()
        tools.remember("t1", name: "Bash", isOwn: false)
        let message = try #require(
            try Fixture.record(
                #"""
                {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"one"},
                {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"two"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}},
                {"type":"tool_reference","tool_name":"Grep"}]}]}}
                """#, tools: tools
            ).message)
        #expect(message.kind == .toolResult)
        #expect(message.role == .tool)
        #expect(message.name == "Bash")
        #expect(message.blocks.map(\.text.value) == ["one", "two\n[image image/png, 3 bytes]\n[tool Grep]"])
        #expect(message.blocks.map(\.isError) == [false, true])
        #expect(message.blocks.map(\.toolUseID) == ["t1", "t2"])
    }

    @Test(arguments: [
        (#""Error: no such tool""#, "Error: no such tool"), (#"{"stdout":"out","stderr":""}"#, "out"), (#"{"result":"page"}"#, "page"),
        ("[1]", ""),
    ])
    func `the structured twin fills in for a result without text`(twin: String, text: String) throws {
        let record = try Fixture.record(
            #"{"type":"user","toolUseResult":\#(twin),"message":{"content":[{"type":"tool_result","tool_use_id":"t1"}]}}"#)
        #expect(record.message?.blocks.first?.text.value == text)
    }

    @Test func `the structured twin adds nothing to a result that has text`() throws {
        let record = try Fixture.record(
            #"""
            {"type":"user","toolUseResult":{"stdout":"twin","persistedOutputPath":"/x/tool-results/b1.txt"},
            "message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"one"}]}}
            """#
        )
        #expect(record.message?.blocks.first?.text == "one")
        #expect(record.message?.blocks.first?.persistedOutput == "/x/tool-results/b1.txt")
    }

    @Test func `a sub-agent is linked to the call that spawned it`() throws {
        let result = try Fixture.record(
            #"""
            {"type":"user","toolUseResult":{"status":"completed","agentId":"a1"},"message":{"content":[{"type":"tool_result",
            "tool_use_id":"t1","content":"done"}]}}
            """#
        )
        #expect(result.facts == [.spawn(.agent("a1"), toolUseID: "t1")])
        let progress = try Fixture.record(
            #"""
            {"type":"progress","uuid":"u","parentUuid":"p","data":{"type":"agent_progress","agentId":"a1"},"parentToolUseID":"t1",
            "toolUseID":"agent_msg_1"}
            """#
        )
        #expect(progress.facts == [.spawn(.agent("a1"), toolUseID: "t1")])
        #expect(progress.content == .bookkeeping(.progress))
        let metadata = try #require(AgentMetadata(try Fixture.json(#"{"agentType":"Explore","description":"Find it","toolUseId":"t1"}"#)))
        #expect(metadata.description == "Find it")
        #expect(metadata.facts(agentID: "a1") == [.spawn(.agent("a1"), toolUseID: "t1")])
    }
}
