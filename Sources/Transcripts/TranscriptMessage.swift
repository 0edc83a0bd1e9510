package import MemoryModel
package import Redaction

/// A message as a transcript holds it.
package struct TranscriptMessage: Sendable, Hashable {
    package var role: ParticipantRole
    /// The model of an agent, the name of a tool.
    package var name: RedactedText?
    package var kind: MessageKind
    package var blocks: [TranscriptBlock]
    /// What magenta itself answered or injected, come back in the next transcript: never to be found or shown as recent.
    package var isOwnEcho = false

    package init(role: ParticipantRole, name: RedactedText? = nil, kind: MessageKind, blocks: [TranscriptBlock]) {
        self.role = role
        self.name = name
        self.kind = kind
        self.blocks = blocks
    }
}

/// One content block of a message.
package struct TranscriptBlock: Sendable, Hashable {
    package var kind: Block.Kind
    package var text: RedactedText
    package var toolUseID: RedactedText?
    package var name: RedactedText?
    package var isError = false
    /// The file beside the transcript that holds the whole of an output too large for its line, as the writing machine named
    /// it: only its last component means anything here.
    package var persistedOutput: RedactedText?
    /// For a spawning tool use, what it asked the sub-agent: the link to sidechains of old versions.
    package var spawnPrompt: RedactedText?

    package init(
        kind: Block.Kind, text: RedactedText, toolUseID: RedactedText? = nil, name: RedactedText? = nil, isError: Bool = false
    ) {
        self.kind = kind
        self.text = text
        self.toolUseID = toolUseID
        self.name = name
        self.isError = isError
    }
}
