import MemoryModel
import Redaction

// Records of type assistant: since about 1.0.50 one block of a reply each, before that all of them.
extension ClaudeCodeInterpreter {
    func readAssistant(_ line: RedactedJSON, into record: inout TranscriptRecord) {
        guard let message = line["message"], let content = message["content"] else {
            record.content = .bookkeeping(.withoutMessage)
            return
        }
        var blocks = ClaudeCodeBlocks.read(content)
        if blocks.isEmpty { blocks = [TranscriptBlock(kind: .text, text: .empty)] }
        let model = message["model"].flatMap(Self.nonEmpty)
        record.replyID = message["id"].flatMap(Self.identifier)
        if model == "<synthetic>" || line["isApiErrorMessage"]?.bool ?? false {
            record.content = .message(TranscriptMessage(role: .system, kind: .error, blocks: blocks))
            return
        }
        record.model = model
        let result = TranscriptMessage(role: .agent, name: model, kind: kind(of: blocks), blocks: blocks)
        record.content = .message(echoes.marking(result, isInjected: false, ToolUseMemory()))
        if let reply = record.replyID ?? record.requestID ?? record.id, let usage = usage(message["usage"]) {
            record.facts.append(.usage(reply: reply, usage))
        }
    }

    private func kind(of blocks: [TranscriptBlock]) -> MessageKind {
        if blocks.contains(where: { $0.kind == .toolUse }) { return .toolCall }
        return blocks.allSatisfy { $0.kind == .thinking || $0.kind == .redactedThinking } ? .thinking : .reply
    }

    private func usage(_ value: RedactedJSON?) -> TokenUsage? {
        guard let value, value.isObject else { return nil }
        func count(_ key: String) -> Int64 { max(0, value[key]?.integer ?? 0) }
        let usage = TokenUsage(
            input: count("input_tokens"), output: count("output_tokens"), cacheCreation: count("cache_creation_input_tokens"),
            cacheRead: count("cache_read_input_tokens"))
        return usage == TokenUsage() ? nil : usage
    }
}
