import MemoryModel
import Redaction

/// What Codex puts into the user's mouth: its context, the project's instructions, the summary behind a compaction.
enum CodexContext {
    /// How a text begins that nobody typed (openai/codex, `codex-rs/core`: the context fragments).
    private static let openings: [StaticString] = [
        "<environment_context>", "<user_instructions>", "<permissions instructions>", "<collaboration_mode>", "<multi_agent_mode>",
        "<apps_instructions>", "<plugins_instructions>", "<skills_instructions>", "<skill>", "<turn_aborted>", "<model_switch>",
        "<personality_spec>", "<hook_prompt", "<INSTRUCTIONS>", "# AGENTS.md instructions", "You are `/root`",
    ]

    /// `templates/compact/summary_prefix.md`
    private static let summary: StaticString = "Another language model started to solve this problem and produced a summary"

    static func classify(_ blocks: [TranscriptBlock], isAgent: Bool) -> TranscriptMessage {
        let text = (blocks.first { $0.kind == .text }?.text ?? .empty).trimmed
        if text.hasPrefix(summary) { return TranscriptMessage(role: .system, kind: .continuation, blocks: blocks) }
        if blocks.allSatisfy({ $0.kind == .text && isInjected($0.text) }) { return TranscriptMessage(role: .system, kind: .meta, blocks: blocks) }
        if text.hasPrefix("<subagent_notification>") { return TranscriptMessage(role: .system, kind: .notification, blocks: blocks) }
        if text.hasPrefix("<user_shell_command>"), let command = element("command", in: text) {
            let output = element("result", in: text).map { [TranscriptBlock.text($0.trimmed)] } ?? []
            return TranscriptMessage(role: .human, kind: .command, blocks: [.text("! " + command.trimmed)] + output)
        }
        // What a sub-agent is asked comes from the agent that spawned it.
        return TranscriptMessage(role: isAgent ? .agent : .human, kind: .prompt, blocks: blocks)
    }

    private static func isInjected(_ text: RedactedText) -> Bool {
        let text = text.prefix(bytes: 256).trimmed
        return openings.contains { text.hasPrefix($0) }
    }

    /// What stands between the tags of this name, which are looked for near the text's beginning.
    static func element(_ name: String, in text: RedactedText) -> RedactedText? {
        let head = Array(text.prefix(bytes: 1 << 16).value.utf8)
        guard let start = index(of: "<\(name)>", in: head, from: 0) else { return nil }
        let from = start + name.utf8.count + 2
        guard let end = index(of: "</\(name)>", in: head, from: from), end > from else { return nil }
        return text.part(from..<end)
    }

    /// The string behind a key, without an escape in it.
    static func quoted(_ key: String, in text: RedactedText) -> RedactedText? {
        let head = Array(text.prefix(bytes: 4096).value.utf8)
        guard let start = index(of: "\"\(key)\"", in: head, from: 0) else { return nil }
        guard let open = head[(start + key.utf8.count + 2)...].firstIndex(of: UInt8(ascii: "\"")),
            let close = head[(open + 1)...].firstIndex(of: UInt8(ascii: "\"")), close > open + 1, close - open <= 128
        else { return nil }
        return text.part((open + 1)..<close)
    }

    private static func index(of pattern: String, in bytes: [UInt8], from start: Int) -> Int? {
        let pattern = Array(pattern.utf8)
        guard bytes.count >= pattern.count, start <= bytes.count - pattern.count else { return nil }
        return (start...(bytes.count - pattern.count)).first { bytes[$0...].starts(with: pattern) }
    }
}
