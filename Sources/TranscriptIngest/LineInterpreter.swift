import MemoryStore
import Redaction
import Transcripts

/// Turns lines into entries of the store, by what a reader says of them.
struct LineInterpreter {
    /// The repository of each working directory that has one.
    let repositories: [RedactedText: RedactedText]

    func entry(_ line: SourceLine, _ reader: inout any TranscriptReader) -> CaptureEntry {
        switch line.content {
        case .blank: capture(line, .known(rule: "blank", raw: nil))
        case .refused(let reason, let hash): capture(line, .refused(reason: reason, hash: hash))
        case .record(let record): entry(line, record, reader.next(record, at: line.offset))
        }
    }

    private func entry(_ line: SourceLine, _ raw: RedactedJSON, _ read: TranscriptEntry) -> CaptureEntry {
        let window = WindowKey(read.window)
        var facts = read.facts.map { CaptureFact($0, window: read.window) }
        let content: CaptureEntry.Content
        switch read.record.content {
        case .message(let message):
            content = .message(newMessage(message, read, window, line.outputs), raw: raw)
        case .boundary:
            content = .known(rule: "compact_boundary", raw: raw)
            facts.insert(.compaction(id: read.record.id ?? window.opener, window: window), at: 0)
        case .bookkeeping(let rule):
            content = .known(rule: rule.rawValue, raw: raw)
        }
        if read.opensWindow { facts.insert(.window(window), at: 0) }
        return capture(line, content, id: read.record.id, parent: read.record.parent ?? read.record.logicalParent, facts: facts)
    }

    private func capture(
        _ line: SourceLine, _ content: CaptureEntry.Content, id: RedactedText? = nil, parent: RedactedText? = nil, facts: [CaptureFact] = []
    ) -> CaptureEntry {
        CaptureEntry(
            offset: line.offset, length: line.length, line: line.number, id: id, parent: parent, content: content, facts: facts)
    }

    private func newMessage(
        _ message: TranscriptMessage, _ read: TranscriptEntry, _ window: WindowKey, _ outputs: [RedactedText: RedactedText]
    ) -> NewMessage {
        let blocks = message.blocks.map { block in
            NewBlock(
                kind: block.kind, text: block.persistedOutput.flatMap { outputs[$0] } ?? block.text, toolUseID: block.toolUseID,
                name: block.name, isError: block.isError)
        }
        return NewMessage(
            window: window, role: message.role, name: message.name, kind: message.kind, project: read.record.project,
            branch: read.record.branch, time: read.time, model: read.record.model, blocks: blocks, isOwnEcho: message.isOwnEcho,
            repository: read.record.project.flatMap { repositories[$0] })
    }
}

extension WindowKey {
    init(_ window: TranscriptWindow) {
        self.init(
            conversation: window.conversation, opener: window.opener.text, opening: window.opener.opening, agentID: window.agentID)
    }
}

extension CaptureFact {
    /// - Parameter window: where the line stands, for what names no conversation of its own.
    init(_ fact: TranscriptFact, window: TranscriptWindow) {
        switch fact {
        case .title(let source, let text, let conversation, let leaf):
            let kind: TitleKind =
                switch source {
                case .summary: .summary
                case .generated: .generated
                case .agentName: .agentName
                case .custom: .custom
                }
            self = .title(kind, text, conversation: conversation ?? window.conversation, leaf: leaf)
        case .usage(let reply, let usage):
            self = .usage(reply: reply, conversation: window.conversation, usage)
        case .compaction(let id):
            self = .compaction(id: id, window: WindowKey(window))
        case .spawn(let opener, let toolUseID):
            self = .spawn(conversation: window.conversation, opener: opener.text, toolUseID: toolUseID)
        }
    }
}
