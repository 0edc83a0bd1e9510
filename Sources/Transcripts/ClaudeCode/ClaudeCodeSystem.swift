import MemoryModel
import Redaction

// Records of type system. All of them are links of the chain; few are messages.
extension ClaudeCodeInterpreter {
    func readSystem(_ line: RedactedJSON, into record: inout TranscriptRecord) {
        let content = line["content"]
        switch line["subtype"]?.string?.value {
        case "compact_boundary": record.content = .boundary(compaction(line["compactMetadata"]))
        case "local_command":
            let blocks = ClaudeCodeBlocks.read(content)
            let text = blocks.first?.text ?? .empty
            // Old versions wrote plain text here: "Status dialog dismissed".
            let message = SlashCommand(text)?.message ?? TranscriptMessage(role: .system, kind: .commandOutput, blocks: blocks)
            record.content = .message(echoes.marking(message, isInjected: message.kind != .command, ToolUseMemory()))
        case "away_summary":
            record.content = .message(TranscriptMessage(role: .system, kind: .recap, blocks: ClaudeCodeBlocks.read(content)))
        case "microcompact_boundary": record.content = .bookkeeping(.microcompact)
        case "api_error": record.content = .bookkeeping(.apiError)
        default: record.content = .bookkeeping(.systemNotice)
        }
    }

    private func compaction(_ metadata: RedactedJSON?) -> Compaction {
        Compaction(
            trigger: metadata?["trigger"]?.string.flatMap { Compaction.Trigger(rawValue: $0.value) },
            tokensBefore: metadata?["preTokens"]?.integer,
            tokensAfter: metadata?["postTokens"]?.integer,
            preserved: metadata?["preservedMessages"]?["uuids"]?.array?.compactMap(Self.identifier) ?? [])
    }
}
