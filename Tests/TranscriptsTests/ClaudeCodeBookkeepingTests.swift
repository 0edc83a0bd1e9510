import MemoryModel
import Redaction
import Testing
import Transcripts

@Suite("Claude Code bookkeeping")
struct ClaudeCodeBookkeepingTests {
    @Test(arguments: [
        (#"{"type":"summary","summary":"A title","leafUuid":"x"}"#, BookkeepingRule.summary),
        (#"{"type":"custom-title","customTitle":"T","sessionId":"s"}"#, .customTitle),
        (#"{"type":"agent-name","agentName":"T","sessionId":"s"}"#, .agentName),
        (#"{"type":"ai-title","aiTitle":"T","sessionId":"s"}"#, .generatedTitle),
        (#"{"type":"progress","uuid":"u","data":{"type":"hook_progress"}}"#, .progress),
        (#"{"type":"attachment","uuid":"u","attachment":{"type":"skill_listing"}}"#, .attachment),
        (#"{"type":"attachment","uuid":"u"}"#, .attachment),
        (#"{"type":"attachment","uuid":"u","attachment":{"type":"queued_command"}}"#, .attachment),
        (#"{"type":"attachment","uuid":"u","attachment":{"type":"hook_additional_context","content":"x"}}"#, .hookAttachment),
        (#"{"type":"file-history-snapshot","messageId":"m","snapshot":{}}"#, .fileHistory),
        (#"{"type":"file-history-delta","messageId":"m"}"#, .fileHistory),
        (#"{"type":"queue-operation","operation":"enqueue","content":"x"}"#, .queueOperation),
        (#"{"type":"last-prompt","lastPrompt":"x"}"#, .lastPrompt),
        (#"{"type":"mode","mode":"normal"}"#, .latch),
        (#"{"type":"permission-mode","permissionMode":"default"}"#, .latch),
        (#"{"type":"atis-latch","atis":""}"#, .latch),
        (#"{"type":"cost-state","totalCostUSD":1.5}"#, .cost),
        (#"{"type":"pr-link","prNumber":1}"#, .pullRequest),
        (#"{"type":"api-request-shape"}"#, .apiRequest),
        (#"{"type":"tools-used"}"#, .apiRequest),
        (#"{"type":"system","subtype":"microcompact_boundary","uuid":"u"}"#, .microcompact),
        (#"{"type":"system","subtype":"api_error","uuid":"u"}"#, .apiError),
        (#"{"type":"system","subtype":"turn_duration","uuid":"u"}"#, .systemNotice),
        (#"{"type":"system","content":"plain notice","uuid":"u"}"#, .systemNotice),
        (#"{"type":"future-record-kind","uuid":"u","parentUuid":"p"}"#, .unknownType),
        (#"{"type":7}"#, .unknownType),
        (#"{}"#, .unknownType),
    ])
    func `a line is kept raw by its rule`(line: String, rule: BookkeepingRule) throws {
        #expect(try Fixture.record(line).content == .bookkeeping(rule))
    }

    @Test func `a record of an unknown type stays a link of the chain`() throws {
        let record = try Fixture.record(#"{"type":"future","uuid":"u","parentUuid":"p"}"#)
        #expect(record.id == "u")
        #expect(record.parent == "p")
    }

    @Test(arguments: [
        (
            #"{"type":"summary","summary":" A title ","leafUuid":"x"}"#,
            TranscriptFact.title(.summary, "A title", conversation: nil, leaf: "x")
        ),
        (#"{"type":"custom-title","customTitle":"T","sessionId":"s"}"#, .title(.custom, "T", conversation: "s", leaf: nil)),
        (#"{"type":"agent-name","agentName":"T","sessionId":"s"}"#, .title(.agentName, "T", conversation: "s", leaf: nil)),
        (#"{"type":"ai-title","aiTitle":"T","sessionId":"s"}"#, .title(.generated, "T", conversation: "s", leaf: nil)),
    ])
    func `a title names its conversation`(line: String, fact: TranscriptFact) throws {
        #expect(try Fixture.record(line).facts == [fact])
    }

    @Test func `an empty title is none`() throws {
        #expect(try Fixture.record(#"{"type":"custom-title","customTitle":"  ","sessionId":"s"}"#).facts.isEmpty)
    }

    @Test func `titles outrank one another`() {
        #expect(TitleSource.custom.rawValue > TitleSource.agentName.rawValue)
        #expect(TitleSource.agentName.rawValue > TitleSource.generated.rawValue)
        #expect(TitleSource.generated.rawValue > TitleSource.summary.rawValue)
    }

    @Test func `a compaction tells its trigger, its size and what it preserved`() throws {
        let record = try Fixture.record(
            #"""
            {"type":"system","subtype":"compact_boundary","uuid":"b","parentUuid":null,"logicalParentUuid":"l",
            "compactMetadata":{"trigger":"manual","preTokens":150000,"postTokens":9000,"preservedMessages":{"uuids":["x","y"]}}}
            """#
        )
        #expect(record.content == .boundary(Compaction(trigger: .manual, tokensBefore: 150_000, tokensAfter: 9000, preserved: ["x", "y"])))
        #expect(record.parent == nil)
        #expect(record.logicalParent == "l")
        #expect(try Fixture.record(#"{"type":"system","subtype":"compact_boundary"}"#).content == .boundary(Compaction()))
    }

    @Test(arguments: [
        (
            "<command-name>/model</command-name>\n   <command-message>model</command-message>\n <command-args>opus</command-args>",
            MessageKind.command, "/model opus"
        ),
        ("<command-message>init</command-message>\n<command-name>/init</command-name>", .command, "/init"),
        ("<bash-input>ls -l</bash-input>", .command, "! ls -l"),
        ("<local-command-stdout>Set model</local-command-stdout>", .commandOutput, "Set model"),
        ("<local-command-stdout></local-command-stdout>", .commandOutput, ""),
        ("<bash-stdout>a</bash-stdout><bash-stderr>b</bash-stderr>", .commandOutput, "a\nb"),
        ("<bash-stdout>quotes </bash-stdout> in the middle</bash-stdout>", .commandOutput, "quotes </bash-stdout> in the middle"),
        ("look at <command-name>/model</command-name>", .prompt, "look at <command-name>/model</command-name>"),
        ("<command-name>/model</command-name> is what I typed", .prompt, "<command-name>/model</command-name> is what I typed"),
        ("<command-name>/model", .prompt, "<command-name>/model"),
        ("<div>x</div>", .prompt, "<div>x</div>"),
    ])
    func `slash commands are those that are nothing but markup`(body: String, kind: MessageKind, text: String) throws {
        let message = try #require(try Fixture.record(Fixture.user("u", body)).message)
        #expect(message.kind == kind)
        #expect(message.blocks.map(\.text.value) == [text])
        #expect(message.role == (kind == .commandOutput ? .system : .human))
    }

    @Test(arguments: [
        (
            "<command-name>/model</command-name><command-message>model</command-message><command-args></command-args>", MessageKind.command,
            "/model"
        ),
        ("<local-command-stdout>ok</local-command-stdout>", .commandOutput, "ok"),
        ("Status dialog dismissed", .commandOutput, "Status dialog dismissed"),
    ])
    func `newer versions write commands as system records`(body: String, kind: MessageKind, text: String) throws {
        let message = try #require(try Fixture.record(#"{"type":"system","subtype":"local_command","content":"\#(body)"}"#).message)
        #expect(message.kind == kind)
        #expect(message.blocks.map(\.text.value) == [text])
    }
}
