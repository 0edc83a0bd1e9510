import MemoryModel
package import Redaction

/// Reads one session of OpenCode: a record for each message, with its parts and what the session's file said then.
///
/// Taken from sst/opencode (now anomalyco/opencode): `packages/opencode/src/session/message-v2.ts` (Part, User, Assistant), `session/index.ts`
/// (Session.Info) and `storage/storage.ts` for the places, as of the 1.0 and 1.1 versions, which kept JSON files; the shapes of messages
/// and parts were compared with a copy of message-v2.ts of 2026 (1rgs/opencode, 27da9bad). `opencode export` writes the same shapes.
///
/// A child session is a window of its own in the conversation of the session that asked for it.
package struct OpenCodeReader: TranscriptReader {
    package static let agent: RedactedText = "opencode"

    private let echoes: OwnEchoes
    private var thread: SessionThread
    private var versions = MessageVersions()
    private var hasHead = false

    package init(location: TranscriptLocation, echoes: OwnEchoes, redactor: Redactor) {
        self.echoes = echoes
        let baseName = redactor.redact(location.baseName)
        thread = SessionThread(conversation: location.session.map { redactor.redact($0) } ?? baseName, baseName: baseName)
    }

    package mutating func next(_ line: RedactedJSON, at offset: Int64) -> TranscriptEntry {
        var record = TranscriptRecord(content: .bookkeeping(.withoutMessage))
        readSession(line["session"] ?? .null, into: &record)
        if let info = line["info"], info.isObject {
            record.id = info["id"]?.identifier
            record.parent = info["parentID"]?.identifier
            record.time = info["time"]?["created"]?.time
            if let directory = info["path"]?["cwd"]?.nonEmpty { thread.project = directory }
            let parts = line["parts"]?.array ?? []
            switch info["role"]?.string?.value {
            case "user": readPrompt(info, parts, into: &record)
            case "assistant": readReply(info, parts, into: &record)
            default: record.content = .bookkeeping(.unknownType)
            }
        }
        return thread.entry(record, at: offset, echoes: echoes)
    }

    private mutating func readSession(_ session: RedactedJSON, into record: inout TranscriptRecord) {
        guard session.isObject else { return }
        if !hasHead, let id = session["id"]?.identifier {
            hasHead = true
            if let parent = session["parentID"]?.identifier, parent != id {
                thread.windows = WindowTracker(conversation: parent, agentID: id)
            } else {
                thread.windows.rename(conversation: id)
            }
        }
        record.session = session["id"]?.identifier
        record.clientVersion = session["version"]?.nonEmpty
        if thread.project == nil { thread.project = session["directory"]?.nonEmpty }
        // What a session is called before its first reply.
        let title = session["title"]?.string.flatMap { $0.hasPrefix("New session - ") || $0.hasPrefix("Child session - ") ? nil : $0 }
        if let fact = thread.newTitle(title, .generated) { record.facts.append(fact) }
    }

    private mutating func readPrompt(_ info: RedactedJSON, _ parts: [RedactedJSON], into record: inout TranscriptRecord) {
        if let compaction = parts.first(where: { $0["type"]?.string == "compaction" }) {
            record.content = .boundary(Compaction(trigger: compaction["auto"]?.bool.map { $0 ? .auto : .manual }))
            return
        }
        let isInjected = parts.contains { OpenCodePart.isInjected($0) } && !parts.contains { OpenCodePart.isTyped($0) }
        // Nothing at all is a message too.
        let all = parts.compactMap { OpenCodePart.said($0, isAlone: isInjected) }
        guard let blocks = newBlocks(all.isEmpty ? [.text(.empty)] : all, into: &record) else { return }
        let message =
            isInjected
            ? TranscriptMessage(role: .system, kind: .meta, blocks: blocks)
            // What a sub-agent is asked comes from the agent that spawned it.
            : TranscriptMessage(role: thread.isAgent ? .agent : .human, kind: .prompt, blocks: blocks)
        record.content = .message(echoes.marking(message, isInjected: isInjected, thread.tools))
    }

    private mutating func readReply(_ info: RedactedJSON, _ parts: [RedactedJSON], into record: inout TranscriptRecord) {
        thread.model = info["modelID"]?.nonEmpty ?? thread.model
        record.model = info["modelID"]?.nonEmpty
        if let id = record.id, let usage = OpenCodePart.usage(info, parts) { record.facts.append(.usage(reply: id, usage)) }
        record.facts += parts.compactMap(OpenCodePart.spawn)
        var all = parts.flatMap(OpenCodePart.blocks)
        var kind: MessageKind?
        if all.isEmpty, let failure = OpenCodePart.failure(info["error"]) {
            all = [.text(failure)]
            kind = .error
        }
        guard !all.isEmpty, let blocks = newBlocks(all, into: &record) else { return }
        if info["summary"]?.bool == true { kind = .continuation }
        let message: TranscriptMessage
        if let kind {
            message = TranscriptMessage(role: .system, kind: kind, blocks: blocks)
            if kind == .continuation { record.model = nil }
        } else if blocks.agentKind == .toolResult {
            message = TranscriptMessage(role: .tool, kind: .toolResult, blocks: blocks)
        } else {
            message = TranscriptMessage(role: .agent, name: record.model, kind: blocks.agentKind, blocks: blocks)
        }
        var tools = thread.tools
        for block in all where block.kind == .toolUse {
            if let id = block.toolUseID, let name = block.name { tools.remember(id, name: name, isOwn: echoes.isOnOwnServer(name)) }
        }
        record.content = .message(echoes.marking(message, isInjected: false, tools))
    }

    /// What an earlier version of the message did not have; `nil` where that is nothing.
    private mutating func newBlocks(_ blocks: [TranscriptBlock], into record: inout TranscriptRecord) -> [TranscriptBlock]? {
        guard let id = record.id else { return blocks }
        let (new, version) = versions.newBlocks(blocks, of: id)
        if new.isEmpty {
            record.id = nil
            record.content = .bookkeeping(.unchanged)
            return nil
        }
        if version > 1 {
            record.id = id + "#" + RedactedText(number: version)
            record.parent = id
        }
        return new
    }
}

extension OpenCodeReader {
    package var state: RedactedJSON {
        RedactedJSON(members: [("thread", thread.state), ("versions", versions.state), ("head", RedactedJSON(hasHead))])
    }

    init?(state: RedactedJSON, echoes: OwnEchoes) {
        guard let thread = state["thread"].flatMap({ SessionThread(state: $0) }),
            let versions = state["versions"].flatMap({ MessageVersions(state: $0) }), let hasHead = state["head"]?.bool
        else { return nil }
        self.echoes = echoes
        self.thread = thread
        self.versions = versions
        self.hasHead = hasHead
    }
}
