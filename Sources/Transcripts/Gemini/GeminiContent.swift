import MemoryModel
import Redaction

/// The parts of a message of Gemini CLI: texts, thoughts, media, calls of tools and their results.
enum GeminiContent {
    /// - Returns: `nil` for a type that is not known.
    static func message(_ blocks: [TranscriptBlock], type: String?, isAgent: Bool, model: RedactedText?) -> TranscriptMessage? {
        switch type {
        case "gemini":
            if blocks.agentKind == .toolResult { return results(blocks) }
            return TranscriptMessage(role: .agent, name: model, kind: blocks.agentKind, blocks: blocks)
        case "user":
            if blocks.agentKind == .toolResult { return results(blocks) }
            let text = (blocks.first { $0.kind == .text }?.text ?? .empty).trimmed
            if isSnapshot(text) { return TranscriptMessage(role: .system, kind: .continuation, blocks: blocks) }
            if isInjected(text) { return TranscriptMessage(role: .system, kind: .meta, blocks: blocks) }
            // What a sub-agent is asked comes from the agent that spawned it.
            return TranscriptMessage(role: isAgent ? .agent : .human, kind: .prompt, blocks: blocks)
        case "info", "warning": return TranscriptMessage(role: .system, kind: .meta, blocks: blocks)
        case "error": return TranscriptMessage(role: .system, kind: .error, blocks: blocks)
        default: return nil
        }
    }

    private static func results(_ blocks: [TranscriptBlock]) -> TranscriptMessage {
        let names = Set(blocks.compactMap(\.name))
        return TranscriptMessage(role: .tool, name: names.count == 1 ? names.first : nil, kind: .toolResult, blocks: blocks)
    }

    /// The summary of a compression (`packages/core/src/core/prompts.ts`).
    static func isSnapshot(_ text: RedactedText) -> Bool { text.trimmed.hasPrefix("<state_snapshot>") }

    private static func isInjected(_ text: RedactedText) -> Bool {
        text.hasPrefix("<session_context>") || text.hasPrefix("<hook_context>")
            || text.hasPrefix("This is the Gemini CLI. We are setting up the context for our chat.")
    }

    /// Thoughts, what was said, and each call with its result.
    static func reply(_ line: RedactedJSON) -> [TranscriptBlock] {
        let thoughts = (line["thoughts"]?.array ?? []).map { thought in
            let parts = [thought["subject"]?.string, thought["description"]?.string].compactMap { $0 }.filter { !$0.isEmpty }
            return TranscriptBlock(kind: .thinking, text: parts.joined(separator: "\n"))
        }
        let said = blocks(line["content"]).filter { $0.kind != .text || !$0.text.isEmpty }
        return thoughts + said + (line["toolCalls"]?.array ?? []).flatMap(call)
    }

    private static func call(_ value: RedactedJSON) -> [TranscriptBlock] {
        let id = value["id"]?.identifier
        let name = value["name"]?.nonEmpty ?? "unnamed"
        let use = TranscriptBlock(kind: .toolUse, text: value["args"]?.text ?? .empty, toolUseID: id, name: name)
        // What has no result is still running, waits for the user, or broke off with the session.
        let status = value["status"]?.string?.value
        guard ["success", "error", "cancelled"].contains(status) || !(value["result"]?.isNull ?? true) else { return [use] }
        var text = resultText(value["result"])
        if text.isEmpty { text = value["resultDisplay"]?.string ?? .empty }
        let result = TranscriptBlock(
            kind: .toolResult, text: text, toolUseID: id, name: name, isError: status == "error" || status == "cancelled")
        return [use, result]
    }

    private static func resultText(_ result: RedactedJSON?) -> RedactedText {
        guard let result, !result.isNull else { return .empty }
        return (result.array ?? [result]).map { part in
            if let text = part.string { return text }
            if let response = part["functionResponse"] { return responseText(response) }
            return block(part).text
        }.joined(separator: "\n")
    }

    private static func responseText(_ response: RedactedJSON) -> RedactedText {
        let body = response["response"]
        return body?["output"]?.string ?? body?["error"]?.string ?? body?["content"]?.string ?? body?.text ?? .empty
    }

    /// A content: a text, a part, or a list of both.
    static func blocks(_ content: RedactedJSON?) -> [TranscriptBlock] {
        guard let content, !content.isNull else { return [] }
        return (content.array ?? [content]).map(block)
    }

    private static func block(_ part: RedactedJSON) -> TranscriptBlock {
        if let text = part.string { return .text(text) }
        if let text = part["text"]?.string { return TranscriptBlock(kind: part["thought"]?.bool == true ? .thinking : .text, text: text) }
        if let data = part["inlineData"] {
            return .media(data["mimeType"]?.string, url: data["data"]?.string.map { "data:," + $0 })
        }
        if let file = part["fileData"] { return .media(file["mimeType"]?.string, url: file["fileUri"]?.string) }
        if let call = part["functionCall"] {
            return TranscriptBlock(
                kind: .toolUse, text: call["args"]?.text ?? .empty, toolUseID: call["id"]?.identifier, name: call["name"]?.nonEmpty ?? "unnamed")
        }
        if let response = part["functionResponse"] {
            let failed = response["response"]?["error"].map { !$0.isNull } ?? false
            return TranscriptBlock(
                kind: .toolResult, text: responseText(response), toolUseID: response["id"]?.identifier, name: response["name"]?.nonEmpty,
                isError: failed)
        }
        return .unknown(part, type: part.members?.first?.key)
    }

    /// Cached tokens are part of Gemini's input count, thoughts are not part of its output count.
    static func usage(_ value: RedactedJSON?) -> TokenUsage? {
        guard let value, value.isObject else { return nil }
        let cached = value.count("cached")
        let usage = TokenUsage(
            input: max(0, value.count("input") - cached), output: value.count("output") &+ value.count("thoughts"), cacheRead: cached)
        return usage == TokenUsage() ? nil : usage
    }

    /// A call that ran as a sub-agent names it.
    static func spawns(_ line: RedactedJSON) -> [TranscriptFact] {
        (line["toolCalls"]?.array ?? []).compactMap { call in
            guard let agent = call["agentId"]?.identifier, let id = call["id"]?.identifier else { return nil }
            return .spawn(.agent(agent), toolUseID: id)
        }
    }
}
