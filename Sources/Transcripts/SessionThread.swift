import MemoryModel
import Redaction

/// What a reader carries from record to record where the records do not repeat it: who, where and when, the window, the tools.
struct SessionThread: Sendable, Hashable {
    var windows: WindowTracker
    var tools = ToolUseMemory()
    var time: Timestamp = .distantPast
    var project: RedactedText?
    var branch: RedactedText?
    var model: RedactedText?
    /// The last title, so that what repeats it says nothing.
    var title: RedactedText?

    private let baseName: RedactedText

    /// - Parameter conversation: what the session is called until a record says it.
    init(conversation: RedactedText, baseName: RedactedText, agentID: RedactedText? = nil) {
        windows = WindowTracker(conversation: conversation, agentID: agentID)
        self.baseName = baseName
    }

    var isAgent: Bool { windows.agentID != nil }

    /// What stands for the id of a record that has none.
    func id(of record: TranscriptRecord, at offset: Int64) -> RedactedText {
        record.id ?? baseName + "@" + RedactedText(number: offset)
    }

    /// Puts a record in its place and remembers what later ones do not repeat.
    mutating func entry(_ record: TranscriptRecord, at offset: Int64, echoes: OwnEchoes) -> TranscriptEntry {
        var record = record
        if let own = record.time { time = own } else { record.time = time == .distantPast ? nil : time }
        if record.message != nil {
            record.project = record.project ?? project
            record.branch = record.branch ?? branch
        }
        let id = id(of: record, at: offset)
        if record.facts.contains(.compaction(id: id)) {
            // The compaction and what it left stand in one record: the window is the compaction's.
            var boundary = record
            boundary.content = .boundary(Compaction())
            let (window, opens) = windows.place(boundary, id: id)
            _ = windows.place(record, id: id)
            return TranscriptEntry(record: record, window: window, opensWindow: opens, time: time, facts: record.facts)
        }
        let (window, opens) = windows.place(record, id: id)
        for block in record.message?.blocks ?? [] where block.kind == .toolUse {
            guard let id = block.toolUseID, let name = block.name else { continue }
            tools.remember(id, name: name, isOwn: echoes.isOnOwnServer(name))
        }
        return TranscriptEntry(record: record, window: window, opensWindow: opens, time: time, facts: record.facts)
    }

    /// A title that is new; `nil` for none and for the one before.
    mutating func newTitle(_ value: RedactedText?, _ source: TitleSource) -> TranscriptFact? {
        guard let text = value?.trimmed.prefix(bytes: 1024), !text.isEmpty, text != title else { return nil }
        title = text
        // A sub-agent's title is not its conversation's.
        return isAgent ? nil : .title(source, text, conversation: windows.conversation, leaf: nil)
    }
}

extension SessionThread {
    var state: RedactedJSON {
        var members: [(key: RedactedText, value: RedactedJSON)] = [
            ("windows", windows.state), ("tools", tools.state), ("time", RedactedJSON(time.milliseconds)), ("base", RedactedJSON(baseName)),
        ]
        for (key, value) in [("project", project), ("branch", branch), ("model", model), ("title", title)] as [(RedactedText, RedactedText?)] {
            if let value { members.append((key, RedactedJSON(value))) }
        }
        return RedactedJSON(members: members)
    }

    init?(state: RedactedJSON) {
        guard let windows = state["windows"].flatMap({ WindowTracker(state: $0) }),
            let tools = state["tools"].flatMap({ ToolUseMemory(state: $0) }), let time = state["time"]?.integer,
            let baseName = state["base"]?.string
        else { return nil }
        self.windows = windows
        self.tools = tools
        self.time = Timestamp(milliseconds: time)
        self.baseName = baseName
        project = state["project"]?.string
        branch = state["branch"]?.string
        model = state["model"]?.string
        title = state["title"]?.string
    }
}
