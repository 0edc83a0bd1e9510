package import MemoryModel
package import Redaction

/// What names a context window: its conversation and what opened it.
package struct TranscriptWindow: Sendable, Hashable {
    package var conversation: RedactedText
    package var opener: WindowOpener
    /// The sub-agent whose window it is, also behind a compaction of its own.
    package var agentID: RedactedText?

    package init(conversation: RedactedText, opener: WindowOpener, agentID: RedactedText? = nil) {
        self.conversation = conversation
        self.opener = opener
        self.agentID = agentID
    }
}

/// What opened a context window.
package enum WindowOpener: Sendable, Hashable {
    case start
    case boundary(RedactedText)
    /// A continuation that no boundary announced.
    case continuation(RedactedText)
    case agent(RedactedText)
    /// A sub-agent inside of the main file, by its first record.
    case sidechain(RedactedText)

    /// `start`, `boundary:ID`, `continuation:ID`, `agent:ID` or `sidechain:ID`.
    package var text: RedactedText {
        switch self {
        case .start: "start"
        case .boundary(let id): "boundary:" + id
        case .continuation(let id): "continuation:" + id
        case .agent(let id): "agent:" + id
        case .sidechain(let id): "sidechain:" + id
        }
    }

    package init?(_ text: RedactedText) {
        if text == "start" {
            self = .start
        } else if let id = text.suffix(behind: "boundary:") {
            self = .boundary(id)
        } else if let id = text.suffix(behind: "continuation:") {
            self = .continuation(id)
        } else if let id = text.suffix(behind: "agent:") {
            self = .agent(id)
        } else if let id = text.suffix(behind: "sidechain:") {
            self = .sidechain(id)
        } else {
            return nil
        }
    }

    package var opening: ContextWindow.Opening {
        switch self {
        case .start: .start
        case .boundary: .compaction
        case .continuation: .continuation
        case .agent, .sidechain: .agent
        }
    }
}
