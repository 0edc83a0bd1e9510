package import MemoryModel
package import Redaction

/// What a line says about something else than itself. Applying one twice changes nothing.
package enum CaptureFact: Sendable {
    /// A window begins here, even if no message follows.
    case window(WindowKey)
    /// A compaction happened; `id` is the boundary's uuid.
    case compaction(id: RedactedText, window: WindowKey)
    /// - Parameters:
    ///   - conversation: the conversation it names.
    ///   - leaf: a message of the conversation it names, where the line stands in the file of another; wins over `conversation`.
    case title(TitleKind, RedactedText, conversation: RedactedText, leaf: RedactedText?)
    /// One reply of a model; every line of the reply repeats it, and the last one counts.
    case usage(reply: RedactedText, conversation: RedactedText, TokenUsage)
    /// The tool use `toolUseID` of `conversation` spawned the sub-agent whose window has this opener (`agent:ID`, `sidechain:UUID`).
    case spawn(conversation: RedactedText, opener: RedactedText, toolUseID: RedactedText)
}

/// Where a conversation's title comes from; a later case outranks an earlier one.
package enum TitleKind: Int, Sendable, Hashable, CaseIterable {
    case summary
    case generated
    case agentName
    case custom
}
