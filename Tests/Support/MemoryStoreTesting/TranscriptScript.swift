package import JSON
package import MemoryModel
package import MemoryStore
package import Redaction

/// Writes the lines of one made-up source, with their offsets, and hands them out as batches.
package struct TranscriptScript: Sendable {
    package var path: String
    package var generation: Int
    package var project: String? = "/home/ana/src/atlas"
    package var repository: String?
    package var spool = ""
    private var offset: Int64 = 0
    private var line: Int64 = 0
    private var entries: [CaptureEntry] = []

    package init(_ path: String, generation: Int = 1) {
        self.path = path
        self.generation = generation
    }

    /// A message; its time is `minute` minutes into 2026-02-08 UTC, its raw record a small object that names it.
    package mutating func message(
        _ id: String?, _ text: String, parent: String? = nil, in window: WindowKey, role: ParticipantRole = .human, name: String? = nil,
        kind: MessageKind = .prompt, minute: Int64 = 0, model: String? = nil, isOwnEcho: Bool = false, facts: [CaptureFact] = []
    ) {
        message(
            id, [NewBlock(kind: .text, text: redacted(text))], parent: parent, in: window, role: role, name: name, kind: kind, minute: minute,
            model: model, isOwnEcho: isOwnEcho, facts: facts)
    }

    package mutating func message(
        _ id: String?, _ blocks: [NewBlock], parent: String? = nil, in window: WindowKey, role: ParticipantRole = .human,
        name: String? = nil, kind: MessageKind = .prompt, minute: Int64 = 0, model: String? = nil, isOwnEcho: Bool = false,
        raw: JSONValue? = nil, facts: [CaptureFact] = []
    ) {
        let message = NewMessage(
            window: window, role: role, name: name.map(redacted), kind: kind, project: project.map(redacted), branch: "main",
            time: minuteOfDay(minute), model: model.map(redacted), blocks: blocks, isOwnEcho: isOwnEcho,
            repository: repository.map(redacted))
        let raw = raw ?? ["uuid": .string(id ?? ""), "text": .array(blocks.map { .string($0.text.value) })]
        append(id, parent, .message(message, raw: RedactedJSON(readBackFromStore: raw)), facts)
    }

    package mutating func known(
        _ id: String? = nil, parent: String? = nil, rule: String = "progress", raw: JSONValue = ["type": "progress"], facts: [CaptureFact] = []
    ) {
        append(id, parent, .known(rule: rule, raw: RedactedJSON(readBackFromStore: raw)), facts)
    }

    package mutating func blank() {
        append(nil, nil, .known(rule: "blank", raw: nil), [])
    }

    package mutating func refused(_ reason: String = "no JSON", hash: String = String(repeating: "a1", count: 32)) {
        append(nil, nil, .refused(reason: reason, hash: hash), [])
    }

    /// What was written since the last batch.
    package mutating func batch(facts: [CaptureFact] = []) -> CaptureBatch {
        defer { entries = [] }
        return CaptureBatch(source: state, entries: entries, facts: facts)
    }

    package var state: SourceState {
        SourceState(
            key: SourceKey(spool: redacted(spool), path: redacted(path)), generation: generation, identity: "1:\(generation)", headHash: "00",
            headLength: 2, offset: offset,
            line: line,
            size: offset, readTime: nil, readerState: RedactedJSON(readBackFromStore: ["line": .integer(line), "lone": .string("a\u{0}b")]))
    }

    private mutating func append(_ id: String?, _ parent: String?, _ content: CaptureEntry.Content, _ facts: [CaptureFact]) {
        line += 1
        entries.append(
            CaptureEntry(
                offset: offset, length: 99, line: line, id: id.map(redacted), parent: parent.map(redacted), content: content, facts: facts))
        offset += 100
    }
}

/// Fixtures hold no secrets, so they may claim what else only a redactor may.
package func redacted(_ text: String) -> RedactedText {
    RedactedText(readBackFromStore: text)
}

package func minuteOfDay(_ minute: Int64) -> Timestamp {
    Timestamp(milliseconds: 1_770_508_800_000 + minute * 60_000)
}

extension WindowKey {
    package static func start(_ conversation: String) -> WindowKey {
        WindowKey(conversation: redacted(conversation), opener: "start", opening: .start)
    }

    package static func boundary(_ id: String, of conversation: String) -> WindowKey {
        WindowKey(conversation: redacted(conversation), opener: redacted("boundary:\(id)"), opening: .compaction)
    }

    package static func agent(_ id: String, of conversation: String) -> WindowKey {
        WindowKey(conversation: redacted(conversation), opener: redacted("agent:\(id)"), opening: .agent, agentID: redacted(id))
    }
}

extension Message {
    package var text: String { blocks.map(\.text).joined(separator: "\n") }
}
