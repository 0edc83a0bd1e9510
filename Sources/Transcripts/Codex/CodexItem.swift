import MemoryModel
import Redaction

/// What one response item says: a message, a thought, a call of a tool or its result.
enum CodexItem {
    /// - Returns: `nil` for an item that is no part of the conversation.
    static func message(
        _ item: RedactedJSON, type: String?, isAgent: Bool, tools: ToolUseMemory, model: RedactedText?
    ) -> TranscriptMessage? {
        switch type {
        case "message": return spoken(item, isAgent: isAgent, model: model)
        case "reasoning": return thought(item, model)
        case "function_call": return call(item, name: functionName(item), text: item["arguments"]?.string ?? item["arguments"]?.text, model)
        case "custom_tool_call": return call(item, name: functionName(item), text: item["input"]?.string ?? item["input"]?.text, model)
        case "local_shell_call": return call(item, name: "local_shell", text: item["action"]?.text, model)
        case "tool_search_call": return call(item, name: "tool_search", text: item["arguments"]?.text, model)
        case "web_search_call": return call(item, name: "web_search", text: item["action"]?.text, model)
        case "image_generation_call":
            let image = TranscriptBlock.media("image/png", url: item["result"]?.string.map { "data:," + $0 })
            return TranscriptMessage(role: .agent, name: model, kind: .reply, blocks: [image])
        case "function_call_output", "custom_tool_call_output", "tool_search_output": return result(item, tools)
        default: return nil
        }
    }

    /// Items that are kept raw: the provider's own encrypted summaries.
    static func isKnown(_ type: String?) -> Bool {
        ["compaction", "compaction_summary", "context_compaction", "compaction_trigger", "ghost_snapshot", "other"].contains(type)
    }

    /// Ids that the provider drew at random, so that a fork's copy of the item is known again. Other providers count `call_1`.
    static func id(of item: RedactedJSON, isResult: Bool) -> RedactedText? {
        let own = item["id"]?.identifier.flatMap { $0.length >= 20 ? $0 : nil }
        let call = item["call_id"]?.identifier.flatMap { $0.hasPrefix("call_") && $0.length >= 20 ? $0 : nil }
        if isResult { return call.map { $0 + ":result" } }
        return own ?? call
    }

    private static func spoken(_ item: RedactedJSON, isAgent: Bool, model: RedactedText?) -> TranscriptMessage {
        var blocks = (item["content"]?.array ?? item["content"].map { [$0] } ?? []).map(block)
        if blocks.isEmpty { blocks = [.text(.empty)] }
        switch item["role"]?.string?.value {
        case "assistant": return TranscriptMessage(role: .agent, name: model, kind: .reply, blocks: blocks)
        case "user": return CodexContext.classify(blocks, isAgent: isAgent)
        default: return TranscriptMessage(role: .system, kind: .meta, blocks: blocks)
        }
    }

    private static func block(_ part: RedactedJSON) -> TranscriptBlock {
        if let text = part.string { return .text(text) }
        switch part["type"]?.string?.value {
        case "input_text", "output_text", "text", "summary_text", "reasoning_text": return .text(part["text"]?.string ?? .empty)
        case "input_image": return .media(nil, url: part["image_url"]?.string)
        default: return .unknown(part, type: part["type"]?.string)
        }
    }

    private static func thought(_ item: RedactedJSON, _ model: RedactedText?) -> TranscriptMessage {
        let parts = (item["summary"]?.array ?? []) + (item["content"]?.array ?? [])
        var blocks = parts.compactMap { $0["text"]?.string ?? $0.string }.filter { !$0.isEmpty }
            .map { TranscriptBlock(kind: .thinking, text: $0) }
        if blocks.isEmpty { blocks = [TranscriptBlock(kind: .redactedThinking, text: .empty)] }
        return TranscriptMessage(role: .agent, name: model, kind: .thinking, blocks: blocks)
    }

    /// Newer versions name the server of an MCP tool apart, as `mcp__SERVER__` or `mcp__SERVER`.
    private static func functionName(_ item: RedactedJSON) -> RedactedText {
        let name = item["name"]?.nonEmpty ?? "unnamed"
        guard let space = item["namespace"]?.nonEmpty else { return name }
        return space.hasSuffix("__") ? space + name : space + "__" + name
    }

    private static func call(_ item: RedactedJSON, name: RedactedText, text: RedactedText?, _ model: RedactedText?) -> TranscriptMessage {
        let id = item["call_id"]?.identifier ?? item["id"]?.identifier
        let block = TranscriptBlock(kind: .toolUse, text: text ?? .empty, toolUseID: id, name: name)
        return TranscriptMessage(role: .agent, name: model, kind: .toolCall, blocks: [block])
    }

    private static func result(_ item: RedactedJSON, _ tools: ToolUseMemory) -> TranscriptMessage {
        let id = item["call_id"]?.identifier
        let output = item["output"] ?? item["tools"]
        var content = output?["content"] ?? output?["content_items"] ?? output
        if content?.isNull ?? false { content = nil }
        var blocks: [TranscriptBlock]
        if let parts = content?.array {
            blocks = parts.map(block).map { part in
                var part = part
                // A text of several parts is one result each, in order; images stay what they are.
                if part.kind == .text { part.kind = .toolResult }
                part.toolUseID = id
                return part
            }
        } else {
            blocks = [TranscriptBlock(kind: .toolResult, text: content?.string ?? content?.text ?? .empty, toolUseID: id)]
        }
        if blocks.isEmpty { blocks = [TranscriptBlock(kind: .toolResult, text: .empty, toolUseID: id)] }
        let failed = output?["success"]?.bool == false || blocks.first.map { hasFailed($0.text) } ?? false
        if failed { for index in blocks.indices where blocks[index].kind == .toolResult { blocks[index].isError = true } }
        return TranscriptMessage(role: .tool, name: id.flatMap { tools.name(of: $0) }, kind: .toolResult, blocks: blocks)
    }

    /// The shell tool says how a command ended in its text: `Exit code: 1` first, or `"exit_code":1` in the metadata behind the output.
    private static func hasFailed(_ text: RedactedText) -> Bool {
        if let code = text.suffix(behind: "Exit code: ") { return !code.hasPrefix("0") }
        guard text.hasPrefix(#"{"output":"#) else { return false }
        let tail = text.dropping(bytes: max(0, text.length - 128))
        return tail.contains(Array(#""exit_code":"#.utf8)) && !tail.contains(Array(#""exit_code":0"#.utf8))
    }

    /// The directory of a file of 2025 stands in the context that the client gave the model.
    static func directory(in message: TranscriptMessage) -> RedactedText? {
        guard message.kind == .meta else { return nil }
        return message.blocks.lazy.compactMap { CodexContext.element("cwd", in: $0.text) }.first
    }

    /// A call of `spawn_agent` answers with the id of the thread that it made.
    static func spawns(_ message: TranscriptMessage) -> [TranscriptFact] {
        guard message.name?.hasSuffix("spawn_agent") ?? false, let block = message.blocks.first, let use = block.toolUseID,
            let agent = CodexContext.quoted("agent_id", in: block.text)
        else { return [] }
        return [.spawn(.agent(agent), toolUseID: use)]
    }
}
