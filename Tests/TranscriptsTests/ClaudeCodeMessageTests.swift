import MemoryModel
import Redaction
import Testing
import Transcripts

@Suite("Claude Code messages")
struct ClaudeCodeMessageTests {
    private func message(_ line: String, tools: ToolUseMemory = ToolUseMemory()) throws -> TranscriptMessage {
        try #require(try Fixture.record(line, tools: tools).message)
    }

    @Test func `the envelope is read whole`() throws {
        let record = try Fixture.record(
            #"""
            {"type":"user","uuid":"u1","parentUuid":"p1","sessionId":"s1","timestamp":"2026-02-08T10:11:12.345Z","cwd":"/home/ana/x",
            "gitBranch":"main","version":"2.1.38","userType":"external","slug":"a-b-c","isSidechain":false,"agentId":"a7","isMeta":true,
            "requestId":"r1","forkedFrom":{"sessionId":"s0","messageUuid":"m0"},"message":{"role":"user","content":"x"}}
            """#)
        #expect(record.id == "u1")
        #expect(record.parent == "p1")
        #expect(record.session == "s1")
        #expect(record.time?.description == "2026-02-08T10:11:12.345Z")
        #expect(record.project == "/home/ana/x")
        #expect(record.branch == "main")
        #expect(record.clientVersion == "2.1.38")
        #expect(record.userType == "external")
        #expect(record.slug == "a-b-c")
        #expect(record.agentID == "a7")
        #expect(record.isMeta)
        #expect(record.requestID == "r1")
        #expect(record.forkedFrom == TranscriptRecord.Fork(session: "s0", message: "m0"))
    }

    @Test func `fields of another type are as good as absent`() throws {
        let record = try Fixture.record(
            #"""
            {"type":"user","uuid":7,"parentUuid":{},"sessionId":[],"timestamp":"yesterday","isSidechain":"yes","forkedFrom":"x",
            "message":{"content":"x"}}
            """#
        )
        #expect(record.id == nil)
        #expect(record.parent == nil)
        #expect(record.session == nil)
        #expect(record.time == nil)
        #expect(!record.isSidechain)
        #expect(record.message?.kind == .prompt)
    }

    @Test(arguments: [
        (#""how are you?""#, ["how are you?"]),
        (#"[{"type":"text","text":"how"},{"type":"text","text":"are you?"}]"#, ["how", "are you?"]),
        (#"["how","are you?"]"#, ["how", "are you?"]),
        (#"[]"#, [""]),
        (#""""#, [""]),
    ])
    func `a prompt keeps its blocks in order`(content: String, texts: [String]) throws {
        let message = try message(#"{"type":"user","message":{"role":"user","content":\#(content)}}"#)
        #expect(message.kind == .prompt)
        #expect(message.role == .human)
        #expect(message.blocks.map(\.text.value) == texts)
        #expect(message.blocks.allSatisfy { $0.kind == .text })
    }

    @Test func `pictures and documents leave placeholders with type and size`() throws {
        let message = try message(
            #"""
            {"type":"user","message":{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJDRA=="}},
            {"type":"document","title":"Plan","source":{"type":"text","media_type":"text/plain","data":"the plan"}},
            {"type":"image","source":{"type":"url","url":"https://example.test/a.png"}},{"type":"text","text":"see"}]}}
            """#)
        #expect(message.kind == .prompt)
        #expect(message.blocks.map(\.kind) == [.image, .document, .image, .text])
        #expect(
            message.blocks.map(\.text.value) == [
                "[image image/png, 4 bytes]", "[document text/plain, 8 bytes]\nPlan\nthe plan", "[image url https://example.test/a.png]",
                "see",
            ])
    }

    @Test(arguments: [
        #""This session is being continued from a previous conversation that ran out of context. x""#,
        #"[{"type":"text","text":"This session is being continued from a previous conversation that ran out of context. x"}]"#,
    ])
    func `a continuation is known by its words in both shapes`(content: String) throws {
        let message = try message(#"{"type":"user","message":{"role":"user","content":\#(content)}}"#)
        #expect(message.kind == .continuation)
        #expect(message.role == .system)
    }

    @Test func `a continuation is known by its flag whatever it says`() throws {
        let message = try message(#"{"type":"user","isCompactSummary":true,"message":{"content":[{"type":"text","text":"Summary"}]}}"#)
        #expect(message.kind == .continuation)
    }

    @Test func `a quoted continuation is no continuation`() throws {
        #expect(try message(#"{"type":"user","message":{"content":"He wrote: This session is being continued"}}"#).kind == .prompt)
        let result =
            #"{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":"This session is being continued"}]}}"#
        #expect(try message(result).kind == .toolResult)
    }

    @Test(arguments: [
        #"{"type":"user","isMeta":true,"message":{"content":"injected"}}"#,
        #"""
        {"type":"user","message":{"content":[{"type":"text",
        "text":"Caveat: The messages below were generated by the user while running local commands."}]}}
        """#,
        #"{"type":"user","message":{"content":"<local-command-caveat>Caveat</local-command-caveat>"}}"#,
        #"{"type":"user","message":{"content":"<system-reminder>\nnow\n</system-reminder>\n"}}"#,
        #"{"type":"user","message":{"content":[{"type":"text","text":"[Request interrupted by user for tool use]"}]}}"#,
    ])
    func `what the client injects is meta`(line: String) throws {
        let message = try message(line)
        #expect(message.kind == .meta)
        #expect(message.role == .system)
    }

    @Test func `a prompt behind a reminder stays a prompt`() throws {
        let line =
            #"""
            {"type":"user","message":{"content":[{"type":"text","text":"<system-reminder>x</system-reminder>"},{"type":"text",
            "text":"go on"}]}}
            """#
        #expect(try message(line).kind == .prompt)
    }

    @Test(arguments: [
        #"{"type":"user","message":{"content":"<task-notification>\n<summary>done</summary></task-notification>"}}"#,
        #"{"type":"user","origin":{"kind":"task-notification"},"message":{"content":"done"}}"#,
        #"{"type":"attachment","attachment":{"type":"queued_command","commandMode":"task-notification","prompt":"done"}}"#,
    ])
    func `a background task reports as a notification`(line: String) throws {
        let message = try message(line)
        #expect(message.kind == .notification)
        #expect(message.role == .system)
    }

    @Test(arguments: [#""now""#, #"[{"type":"text","text":"now"}]"#])
    func `a prompt that was typed while the agent was busy is a prompt`(prompt: String) throws {
        let message = try message(
            #"{"type":"attachment","attachment":{"type":"queued_command","prompt":\#(prompt),"commandMode":"prompt"}}"#)
        #expect(message.kind == .prompt)
        #expect(message.role == .human)
        #expect(message.blocks.map(\.text) == ["now"])
    }

    @Test func `what a sub-agent is asked was asked by an agent`() throws {
        let message = try message(#"{"type":"user","isSidechain":true,"message":{"content":"Explore"}}"#)
        #expect(message.kind == .prompt)
        #expect(message.role == .agent)
    }

    @Test func `a recap of an absence is a recap`() throws {
        let message = try message(#"{"type":"system","subtype":"away_summary","content":"While you were away"}"#)
        #expect(message.kind == .recap)
        #expect(message.blocks.map(\.text) == ["While you were away"])
    }
}
