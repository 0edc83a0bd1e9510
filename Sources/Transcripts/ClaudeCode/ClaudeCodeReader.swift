package import MemoryModel
package import Redaction

/// Reads one transcript file of Claude Code.
package struct ClaudeCodeReader: TranscriptReader {
    package static let agent: RedactedText = "claude-code"

    private let interpreter: ClaudeCodeInterpreter
    private var windows: WindowTracker
    private var tools = ToolUseMemory()
    private var time: Timestamp
    /// The file is not named after its session, so the first record that names one decides.
    private var awaitsSession: Bool
    /// Progress records repeat who spawned whom by the hundred.
    private var lastSpawn: TranscriptFact?
    private let baseName: RedactedText
    private let agentID: RedactedText?

    /// - Parameters:
    ///   - redactor: passes the names in `location`.
    ///   - time: stands in for the time of records before the first one that has its own.
    package init(location: TranscriptLocation, echoes: OwnEchoes, redactor: Redactor, time: Timestamp) {
        interpreter = ClaudeCodeInterpreter(echoes: echoes)
        baseName = redactor.redact(location.baseName)
        let session = location.session.map { redactor.redact($0) }
        agentID = location.agentID.map { redactor.redact($0) }
        windows = WindowTracker(conversation: session ?? baseName, agentID: agentID)
        awaitsSession = session == nil
        self.time = time
    }

    package mutating func next(_ line: RedactedJSON, at offset: Int64) -> TranscriptEntry {
        var record = interpreter.record(line, tools: tools)
        if awaitsSession, let session = record.session {
            windows.rename(conversation: session)
            awaitsSession = false
        }
        if let own = record.time { time = own }
        let id = record.id ?? baseName + "@" + RedactedText(number: offset)
        let (window, opens) = windows.place(record, id: id)
        if opens, case .sidechain = window.opener { linkSidechain(&record, to: window.opener) }
        remember(record)
        return TranscriptEntry(record: record, window: window, opensWindow: opens, time: time, facts: newFacts(record.facts))
    }

    /// Who spawned the sub-agent whose transcript this is.
    package func facts(ofSideFile file: RedactedJSON) -> [(fact: TranscriptFact, window: TranscriptWindow)] {
        guard let agentID, let metadata = AgentMetadata(file) else { return [] }
        let window = TranscriptWindow(conversation: windows.conversation, opener: .agent(agentID))
        return metadata.facts(agentID: agentID).map { ($0, window) }
    }

    private mutating func remember(_ record: TranscriptRecord) {
        for block in record.message?.blocks ?? [] where block.kind == .toolUse {
            guard let id = block.toolUseID, let name = block.name else { continue }
            tools.remember(id, name: name, isOwn: interpreter.echoes.isOnOwnServer(name), spawnPrompt: block.spawnPrompt)
        }
    }

    /// Versions before 2.0 name no sub-agent; its first record repeats what the tool use asked.
    private mutating func linkSidechain(_ record: inout TranscriptRecord, to opener: WindowOpener) {
        guard let message = record.message, message.kind == .prompt, let prompt = message.blocks.first?.text, !prompt.isEmpty,
            let toolUse = tools.takeSpawn(asking: prompt)
        else { return }
        record.facts.append(.spawn(opener, toolUseID: toolUse))
    }

    private mutating func newFacts(_ facts: [TranscriptFact]) -> [TranscriptFact] {
        facts.filter { fact in
            guard case .spawn = fact else { return true }
            defer { lastSpawn = fact }
            return fact != lastSpawn
        }
    }
}

extension ClaudeCodeReader {
    package var state: RedactedJSON {
        RedactedJSON(members: [
            ("windows", windows.state), ("tools", tools.state), ("time", RedactedJSON(time.milliseconds)),
            ("awaitsSession", RedactedJSON(awaitsSession)),
        ])
    }

    /// Goes on where a reader with this ``state`` stopped; `nil` for a state that this version cannot read, whose file has to be
    /// read from its start.
    package init?(state: RedactedJSON, location: TranscriptLocation, echoes: OwnEchoes, redactor: Redactor) {
        guard let windows = state["windows"].flatMap({ WindowTracker(state: $0) }),
            let tools = state["tools"].flatMap({ ToolUseMemory(state: $0) }),
            let time = state["time"]?.integer, let awaitsSession = state["awaitsSession"]?.bool
        else { return nil }
        self.init(location: location, echoes: echoes, redactor: redactor, time: Timestamp(milliseconds: time))
        self.windows = windows
        self.tools = tools
        self.awaitsSession = awaitsSession
    }
}
