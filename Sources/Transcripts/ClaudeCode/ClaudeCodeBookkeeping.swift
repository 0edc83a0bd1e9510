import MemoryModel
import Redaction

// Attachments, and the records that are kept raw for what they say about others.
extension ClaudeCodeInterpreter {
    func readAttachment(_ line: RedactedJSON, into record: inout TranscriptRecord) {
        let attachment = line["attachment"]
        let type = attachment?["type"]?.string
        // A prompt that was typed while the agent was busy, or a background task that reported back then.
        if type == "queued_command", let prompt = attachment?["prompt"], !prompt.isNull {
            let origin = attachment?["commandMode"]?.string == "task-notification" ? RedactedText("task-notification") : nil
            var message = Self.classify(ClaudeCodeBlocks.read(prompt), isSummary: false, isMeta: record.isMeta, origin: origin)
            if message.kind == .prompt, record.isSidechain { message.role = .agent }
            record.content = .message(echoes.marking(message, isInjected: message.role == .system, ToolUseMemory()))
            return
        }
        record.content = .bookkeeping(type?.hasPrefix("hook_") ?? false ? .hookAttachment : .attachment)
    }

    func readBookkeeping(_ line: RedactedJSON, _ type: String?, into record: inout TranscriptRecord) {
        switch type {
        case "summary":
            record.content = .bookkeeping(.summary)
            addTitle(.summary, line["summary"], leaf: line["leafUuid"].flatMap(Self.identifier), to: &record)
        case "custom-title":
            record.content = .bookkeeping(.customTitle)
            addTitle(.custom, line["customTitle"], to: &record)
        case "agent-name":
            record.content = .bookkeeping(.agentName)
            addTitle(.agentName, line["agentName"], to: &record)
        case "ai-title":
            record.content = .bookkeeping(.generatedTitle)
            addTitle(.generated, line["aiTitle"], to: &record)
        case "progress":
            record.content = .bookkeeping(.progress)
            if let agent = line["data"]?["agentId"].flatMap(Self.identifier), let use = line["parentToolUseID"].flatMap(Self.identifier) {
                record.facts.append(.spawn(.agent(agent), toolUseID: use))
            }
        default: record.content = .bookkeeping(Self.rules[type ?? ""] ?? .unknownType)
        }
    }

    /// Whether records of this type, beside messages, are Claude Code's.
    static func isKnown(_ type: String) -> Bool {
        ["system", "attachment", "summary", "custom-title", "agent-name", "ai-title", "progress"].contains(type) || rules[type] != nil
    }

    private static let rules: [String: BookkeepingRule] = [
        "file-history-snapshot": .fileHistory, "file-history-delta": .fileHistory, "queue-operation": .queueOperation,
        "last-prompt": .lastPrompt, "mode": .latch, "permission-mode": .latch, "agent-setting": .latch, "worktree-state": .latch,
        "bridge-session": .latch, "atis-latch": .latch, "pr-link": .pullRequest, "cost-state": .cost, "api-request": .apiRequest,
        "api-request-shape": .apiRequest, "api-request-blob": .apiRequest, "tools-used": .apiRequest,
    ]

    private func addTitle(_ source: TitleSource, _ value: RedactedJSON?, leaf: RedactedText? = nil, to record: inout TranscriptRecord) {
        guard let title = value?.string?.trimmed, !title.isEmpty else { return }
        record.facts.append(.title(source, title.prefix(bytes: 1024), conversation: record.session, leaf: leaf))
    }
}
