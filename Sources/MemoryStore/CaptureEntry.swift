package import MemoryModel
package import Redaction

/// One line of a source as it goes into the store.
package struct CaptureEntry: Sendable {
    package enum Content: Sendable {
        case message(NewMessage, raw: RedactedJSON)
        /// - Parameters:
        ///   - rule: the name of the rule that keeps it raw, such as `progress` or `blank`.
        ///   - raw: `nil` for a line with nothing in it.
        case known(rule: String, raw: RedactedJSON?)
        /// - Parameter hash: SHA-256 of the line's bytes, hexadecimal; the bytes themselves passed no redaction and are not kept.
        case refused(reason: String, hash: String)
    }

    package var offset: Int64
    /// Bytes of the line without its line break.
    package var length: Int
    package var line: Int64
    /// The record's uuid; `nil` for a record that is identified by its source and offset.
    package var id: RedactedText?
    package var parent: RedactedText?
    package var content: Content
    package var facts: [CaptureFact]

    package init(
        offset: Int64, length: Int, line: Int64, id: RedactedText?, parent: RedactedText?, content: Content, facts: [CaptureFact] = []
    ) {
        self.offset = offset
        self.length = length
        self.line = line
        self.id = id
        self.parent = parent
        self.content = content
        self.facts = facts
    }
}

/// A message on its way into the store.
package struct NewMessage: Sendable {
    package var window: WindowKey
    package var role: ParticipantRole
    package var name: RedactedText?
    package var kind: MessageKind
    package var project: RedactedText?
    /// The repository that `project` belongs to.
    package var repository: RedactedText?
    package var branch: RedactedText?
    package var time: Timestamp
    package var model: RedactedText?
    package var blocks: [NewBlock]
    /// What magenta itself answered or injected: kept, and never found, shown as recent or taken for a continuation.
    package var isOwnEcho: Bool

    package init(
        window: WindowKey, role: ParticipantRole, name: RedactedText?, kind: MessageKind, project: RedactedText?, branch: RedactedText?,
        time: Timestamp, model: RedactedText?, blocks: [NewBlock], isOwnEcho: Bool, repository: RedactedText? = nil
    ) {
        self.window = window
        self.role = role
        self.name = name
        self.kind = kind
        self.project = project
        self.branch = branch
        self.time = time
        self.model = model
        self.blocks = blocks
        self.isOwnEcho = isOwnEcho
        self.repository = repository
    }
}

package struct NewBlock: Sendable {
    package var kind: Block.Kind
    package var text: RedactedText
    package var toolUseID: RedactedText?
    package var name: RedactedText?
    package var isError: Bool

    package init(kind: Block.Kind, text: RedactedText, toolUseID: RedactedText? = nil, name: RedactedText? = nil, isError: Bool = false) {
        self.kind = kind
        self.text = text
        self.toolUseID = toolUseID
        self.name = name
        self.isError = isError
    }
}

/// What names a context window before it has a number: its conversation and what opened it.
package struct WindowKey: Sendable, Hashable {
    package var conversation: RedactedText
    /// `start`, `boundary:UUID`, `continuation:UUID`, `agent:ID` or `sidechain:UUID`.
    package var opener: RedactedText
    package var opening: ContextWindow.Opening
    package var agentID: RedactedText?

    package init(conversation: RedactedText, opener: RedactedText, opening: ContextWindow.Opening, agentID: RedactedText? = nil) {
        self.conversation = conversation
        self.opener = opener
        self.opening = opening
        self.agentID = agentID
    }
}
