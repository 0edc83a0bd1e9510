import MemoryModel
package import Redaction

/// Says in which context window each record of a file stands.
///
/// Between compactions file order decides, never the parent link: records that a compaction preserved are parents of later
/// ones. Sub-agents inside of the main file are told apart by parent link.
package struct WindowTracker: Sendable, Hashable {
    package private(set) var conversation: RedactedText
    let agentID: RedactedText?
    private var opener: WindowOpener
    private var isPlaced = false
    /// A boundary stands right before, so the continuation that is due belongs to its window.
    private var awaitsContinuation = false
    private var sidechains = SidechainTracker()

    /// - Parameter agentID: the sub-agent whose own file it is.
    package init(conversation: RedactedText, agentID: RedactedText? = nil) {
        self.conversation = conversation
        self.agentID = agentID
        opener = agentID.map { .agent($0) } ?? .start
    }

    /// For a file that is named after nothing, when the first record names its session.
    mutating func rename(conversation: RedactedText) {
        self.conversation = conversation
    }

    /// - Parameter id: the record's id, or what stands for it.
    package mutating func place(_ record: TranscriptRecord, id: RedactedText) -> (window: TranscriptWindow, opens: Bool) {
        if record.isSidechain, agentID == nil {
            let (opener, opens) = sidechains.place(record, id: id)
            var agent: RedactedText?
            if case .agent(let id) = opener { agent = id }
            return (TranscriptWindow(conversation: conversation, opener: opener, agentID: agent), opens)
        }
        let before = opener
        switch record.content {
        case .boundary:
            // A line may stand twice; the same boundary opens no second window.
            if opener != .boundary(id) {
                opener = .boundary(id)
                awaitsContinuation = true
            }
        case .message(let message) where message.kind == .continuation && !message.isOwnEcho:
            if !awaitsContinuation, opener != .continuation(id), lastContinuation != id { opener = .continuation(id) }
            lastContinuation = id
            awaitsContinuation = false
        case .message(let message):
            // Notices and attachments may stand between a boundary and its summary; a turn of the conversation may not.
            switch message.kind {
            case .prompt, .reply, .thinking, .toolCall, .toolResult: awaitsContinuation = false
            default: break
            }
        case .bookkeeping:
            return (TranscriptWindow(conversation: conversation, opener: opener, agentID: agentID), false)
        }
        let opens = !isPlaced || opener != before
        isPlaced = true
        return (TranscriptWindow(conversation: conversation, opener: opener, agentID: agentID), opens)
    }

    private var lastContinuation: RedactedText?
}

// The state as JSON, so that a reader can go on in the middle of a file.
extension WindowTracker {
    package var state: RedactedJSON {
        var members: [(key: RedactedText, value: RedactedJSON)] = [
            ("conversation", RedactedJSON(conversation)), ("opener", RedactedJSON(opener.text)), ("placed", RedactedJSON(isPlaced)),
            ("awaits", RedactedJSON(awaitsContinuation)), ("sidechains", sidechains.state),
        ]
        if let agentID { members.append(("agent", RedactedJSON(agentID))) }
        if let lastContinuation { members.append(("continuation", RedactedJSON(lastContinuation))) }
        return RedactedJSON(members: members)
    }

    package init?(state: RedactedJSON) {
        guard let conversation = state["conversation"]?.string, let opener = state["opener"]?.string.flatMap({ WindowOpener($0) }),
            let isPlaced = state["placed"]?.bool, let awaits = state["awaits"]?.bool,
            let sidechains = state["sidechains"].flatMap({ SidechainTracker(state: $0) })
        else { return nil }
        self.init(conversation: conversation, agentID: state["agent"]?.string)
        self.opener = opener
        self.isPlaced = isPlaced
        awaitsContinuation = awaits
        lastContinuation = state["continuation"]?.string
        self.sidechains = sidechains
    }
}
