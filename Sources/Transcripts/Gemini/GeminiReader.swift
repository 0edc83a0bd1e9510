import MemoryModel
package import Redaction

/// Reads one session of Gemini CLI.
///
/// Taken from google-gemini/gemini-cli: `packages/core/src/services/chatRecordingTypes.ts` (04741d1d) and `chatRecordingService.ts` (016443b5,
/// 2026), `packages/core/src/config/storage.ts` (043a0880) and `projectRegistry.ts` for the directories; the single document is what the
/// same service wrote before it turned to lines.
///
/// A message is written again, whole, whenever it grows: with tokens, then with each tool call and its result. Each version that says
/// something new becomes a message of its own that holds the new blocks alone, with the id `ID#2` and so on.
package struct GeminiReader: TranscriptReader {
    package static let agent: RedactedText = "gemini-cli"

    private let echoes: OwnEchoes
    private var thread: SessionThread
    private var versions = MessageVersions()
    /// The last summary that took the place of earlier messages.
    private var snapshot: Int64?
    private var awaitsSession: Bool

    package init(location: TranscriptLocation, echoes: OwnEchoes, redactor: Redactor) {
        self.echoes = echoes
        let baseName = redactor.redact(location.baseName)
        let session = location.session.map { redactor.redact($0) }
        thread = SessionThread(
            conversation: session ?? baseName, baseName: baseName, agentID: location.agentID.map { redactor.redact($0) })
        awaitsSession = session == nil
    }

    package mutating func begin(besides sideFile: RedactedJSON) {
        if let directory = sideFile.nonEmpty?.trimmed, !directory.isEmpty { thread.project = directory }
    }

    package mutating func next(_ line: RedactedJSON, at offset: Int64) -> TranscriptEntry {
        var record = TranscriptRecord(content: .bookkeeping(.unknownType))
        record.time = line["timestamp"]?.time
        if let change = line["$set"], change.isObject {
            readHead(change, into: &record)
            if let messages = change["messages"]?.array { readHistory(messages, at: offset, into: &record) }
        } else if line["$rewindTo"] != nil {
            record.content = .bookkeeping(.rewind)
        } else if line["type"] != nil {
            readMessage(line, at: offset, into: &record)
        } else if line["sessionId"] != nil {
            record.time = line["startTime"]?.time
            readHead(line, into: &record)
        }
        return thread.entry(record, at: offset, echoes: echoes)
    }

    private mutating func readHead(_ head: RedactedJSON, into record: inout TranscriptRecord) {
        record.content = .bookkeeping(.session)
        if let session = head["sessionId"]?.identifier {
            record.session = session
            if awaitsSession {
                thread.windows.rename(conversation: session)
                awaitsSession = false
            }
        }
        if thread.project == nil, let directory = head["directories"]?.array?.first?.nonEmpty { thread.project = directory }
        if let fact = thread.newTitle(head["summary"]?.string, .generated) { record.facts.append(fact) }
    }

    /// After a compression the whole history is set anew, and begins with a summary. Masked outputs are set in the same way.
    private mutating func readHistory(_ messages: [RedactedJSON], at offset: Int64, into record: inout TranscriptRecord) {
        for message in messages.prefix(4) {
            let text = GeminiContent.blocks(message["content"]).first { $0.kind == .text }?.text ?? .empty
            guard GeminiContent.isSnapshot(text), text.fingerprint != snapshot else { continue }
            snapshot = text.fingerprint
            record.content = .message(TranscriptMessage(role: .system, kind: .continuation, blocks: [.text(text)]))
            record.facts.append(.compaction(id: thread.id(of: record, at: offset)))
            return
        }
    }

    private mutating func readMessage(_ line: RedactedJSON, at offset: Int64, into record: inout TranscriptRecord) {
        let id = line["id"]?.identifier
        record.id = id
        if let model = line["model"]?.nonEmpty { thread.model = model }
        let isReply = line["type"]?.string == "gemini"
        var blocks = isReply ? GeminiContent.reply(line) : GeminiContent.blocks(line["content"])
        if let usage = GeminiContent.usage(line["tokens"]), let id { record.facts.append(.usage(reply: id, usage)) }
        if isReply { record.facts += GeminiContent.spawns(line) }
        if let id {
            // Nothing at all is a message too, once.
            if blocks.isEmpty, !isReply { blocks = [.text(.empty)] }
            let (new, version) = versions.newBlocks(blocks, of: id)
            if version > 1 {
                record.id = id + "#" + RedactedText(number: version)
                record.parent = id
            }
            guard !new.isEmpty else {
                // Nothing was said yet, or nothing more.
                record.id = nil
                record.content = .bookkeeping(.unchanged)
                return
            }
            blocks = new
        }
        let message = GeminiContent.message(blocks, type: line["type"]?.string?.value, isAgent: thread.isAgent, model: thread.model)
        guard let message else {
            record.content = .bookkeeping(.unknownType)
            return
        }
        record.model = isReply ? thread.model : nil
        if message.kind == .continuation {
            snapshot = message.blocks.first?.text.fingerprint
            record.facts.append(.compaction(id: thread.id(of: record, at: offset)))
        }
        var tools = thread.tools
        for block in blocks where block.kind == .toolUse {
            if let id = block.toolUseID, let name = block.name { tools.remember(id, name: name, isOwn: echoes.isOnOwnServer(name)) }
        }
        record.content = .message(echoes.marking(message, isInjected: message.role == .system && message.kind != .continuation, tools))
    }
}

extension GeminiReader {
    package var state: RedactedJSON {
        var members: [(key: RedactedText, value: RedactedJSON)] = [
            ("thread", thread.state), ("versions", versions.state), ("awaitsSession", RedactedJSON(awaitsSession)),
        ]
        if let snapshot { members.append(("snapshot", RedactedJSON(snapshot))) }
        return RedactedJSON(members: members)
    }

    init?(state: RedactedJSON, echoes: OwnEchoes) {
        guard let thread = state["thread"].flatMap({ SessionThread(state: $0) }),
            let versions = state["versions"].flatMap({ MessageVersions(state: $0) }), let awaitsSession = state["awaitsSession"]?.bool
        else { return nil }
        self.echoes = echoes
        self.thread = thread
        self.versions = versions
        self.awaitsSession = awaitsSession
        snapshot = state["snapshot"]?.integer
    }
}
