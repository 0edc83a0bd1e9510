import MemoryModel
package import Redaction

/// Reads one rollout file of Codex CLI.
///
/// Taken from openai/codex: `codex-rs/protocol/src/protocol.rs` (RolloutItem, SessionMeta, CompactedItem, TurnContextItem, EventMsg) and
/// `codex-rs/protocol/src/models.rs` (ResponseItem, ContentItem), as they were read at rust-v0.128.0 and rust-v0.144.3; and from the files
/// of mid 2025, which held a head (`id`, `timestamp`, `instructions`, `git`) and the bare items, without time.
///
/// The conversation is in the response items. Events repeat it for the user interface, so they are kept raw, but for tokens, titles
/// and errors. A sub-agent's file is a window of its own in the conversation of the thread that spawned it. A fork repeats the thread that
/// it was made of, with new times: what has an id of the provider is recognised as a copy, the prompts are not.
package struct CodexReader: TranscriptReader {
    package static let agent: RedactedText = "codex"

    static let lineTypes: Set<String> = [
        "session_meta", "response_item", "compacted", "turn_context", "event_msg", "world_state", "inter_agent_communication",
        "inter_agent_communication_metadata",
    ]

    private let echoes: OwnEchoes
    private var thread: SessionThread
    /// The head of the file was read; a second one is that of the thread that was forked.
    private var hasHead = false

    package init(location: TranscriptLocation, echoes: OwnEchoes, redactor: Redactor) {
        self.echoes = echoes
        let baseName = redactor.redact(location.baseName)
        thread = SessionThread(conversation: location.session.map { redactor.redact($0) } ?? baseName, baseName: baseName)
    }

    package mutating func next(_ line: RedactedJSON, at offset: Int64) -> TranscriptEntry {
        var record = TranscriptRecord(content: .bookkeeping(.unknownType))
        record.time = line["timestamp"]?.time
        let payload = line["payload"]
        switch line["type"]?.string?.value {
        case "session_meta": readHead(payload ?? .null, into: &record)
        case "turn_context": readTurn(payload ?? .null, into: &record)
        case "response_item": readItem(payload ?? .null, into: &record)
        case "compacted": readCompaction(payload ?? .null, at: offset, into: &record)
        case "event_msg": readEvent(payload ?? .null, into: &record)
        case "world_state", "inter_agent_communication", "inter_agent_communication_metadata": record.content = .bookkeeping(.event)
        case nil where line["id"] != nil && line["timestamp"] != nil: readHead(line, into: &record)
        case nil where line["record_type"] != nil: record.content = .bookkeeping(.event)
        case .some: readItem(line, into: &record)
        case nil: break
        }
        return thread.entry(record, at: offset, echoes: echoes)
    }

    private mutating func readHead(_ head: RedactedJSON, into record: inout TranscriptRecord) {
        record.content = .bookkeeping(.session)
        guard !hasHead, head.isObject else { return }
        hasHead = true
        thread.project = head["cwd"]?.nonEmpty
        thread.branch = head["git"]?["branch"]?.nonEmpty
        record.clientVersion = head["cli_version"]?.nonEmpty
        guard let id = head["id"]?.identifier ?? head["session_id"]?.identifier else { return }
        record.session = id
        let spawn = head["source"]?["subagent"]?["thread_spawn"]
        if let parent = spawn?["parent_thread_id"]?.identifier ?? head["parent_thread_id"]?.identifier, parent != id {
            thread.windows = WindowTracker(conversation: parent, agentID: id)
        } else {
            thread.windows.rename(conversation: id)
        }
    }

    private mutating func readTurn(_ turn: RedactedJSON, into record: inout TranscriptRecord) {
        record.content = .bookkeeping(.turn)
        if let directory = turn["cwd"]?.nonEmpty { thread.project = directory }
        if let model = turn["model"]?.nonEmpty { thread.model = model }
    }

    /// The summary takes the place of what came before. Codex leaves it empty where the provider compacted and encrypted it.
    private func readCompaction(_ item: RedactedJSON, at offset: Int64, into record: inout TranscriptRecord) {
        guard let summary = item["message"]?.string, !summary.trimmed.isEmpty else {
            record.content = .boundary(Compaction())
            return
        }
        record.content = .message(TranscriptMessage(role: .system, kind: .continuation, blocks: [.text(summary)]))
        record.facts = [.compaction(id: thread.id(of: record, at: offset))]
    }

    private mutating func readEvent(_ event: RedactedJSON, into record: inout TranscriptRecord) {
        record.content = .bookkeeping(.event)
        switch event["type"]?.string?.value {
        case "token_count":
            // Totals tell a new count from one that is told again.
            guard let usage = Self.usage(event["info"]?["last_token_usage"]), let total = event["info"]?["total_token_usage"] else { return }
            let tokens = total.count("total_tokens") > 0 ? total.count("total_tokens") : total.count("input_tokens") &+ total.count("output_tokens")
            let owner = thread.windows.agentID.map { $0 + ":" } ?? .empty
            record.facts = [.usage(reply: owner + "total:" + RedactedText(number: tokens), usage)]
        case "thread_name_updated":
            if let fact = thread.newTitle(event["thread_name"]?.string, .custom) { record.facts = [fact] }
        case "error", "stream_error":
            guard let text = event["message"]?.string else { return }
            record.content = .message(TranscriptMessage(role: .system, kind: .error, blocks: [.text(text)]))
        default: return
        }
    }

    /// Cached tokens are part of Codex's input count.
    private static func usage(_ value: RedactedJSON?) -> TokenUsage? {
        guard let value, value.isObject else { return nil }
        let cached = value.count("cached_input_tokens")
        let usage = TokenUsage(
            input: max(0, value.count("input_tokens") - cached), output: value.count("output_tokens"),
            cacheCreation: value.count("cache_write_input_tokens"), cacheRead: cached)
        return usage == TokenUsage() ? nil : usage
    }

    private mutating func readItem(_ item: RedactedJSON, into record: inout TranscriptRecord) {
        let type = item["type"]?.string?.value
        guard let message = CodexItem.message(item, type: type, isAgent: thread.isAgent, tools: thread.tools, model: thread.model) else {
            record.content = .bookkeeping(CodexItem.isKnown(type) ? .event : .unknownType)
            record.id = CodexItem.id(of: item, isResult: false)
            return
        }
        record.id = CodexItem.id(of: item, isResult: message.kind == .toolResult)
        record.model = message.role == .agent && message.kind != .prompt ? thread.model : nil
        if thread.project == nil { thread.project = CodexItem.directory(in: message) }
        if message.kind == .toolResult { record.facts = CodexItem.spawns(message) }
        record.content = .message(echoes.marking(message, isInjected: message.kind == .meta, thread.tools))
    }
}

extension CodexReader {
    package var state: RedactedJSON {
        RedactedJSON(members: [("thread", thread.state), ("head", RedactedJSON(hasHead))])
    }

    init?(state: RedactedJSON, echoes: OwnEchoes) {
        guard let thread = state["thread"].flatMap({ SessionThread(state: $0) }), let hasHead = state["head"]?.bool else { return nil }
        self.echoes = echoes
        self.thread = thread
        self.hasHead = hasHead
    }
}
