package import MemoryModel
package import Redaction

/// What a line says about something else than itself.
package enum TranscriptFact: Sendable, Hashable {
    /// - Parameters:
    ///   - conversation: `nil` where the line names none; then it is the file's own.
    ///   - leaf: a message of the conversation that is meant, often one of another file; wins over `conversation`.
    case title(TitleSource, RedactedText, conversation: RedactedText?, leaf: RedactedText?)
    /// The tokens of a reply. Every record of the reply repeats them, and the last one counts.
    case usage(reply: RedactedText, TokenUsage)
    /// The record stands where a compaction happened, and says what the model saw of the time before.
    case compaction(id: RedactedText)
    /// The tool use spawned the sub-agent whose window has this opener.
    case spawn(WindowOpener, toolUseID: RedactedText)
}

/// Where a title comes from; a later case outranks an earlier one.
package enum TitleSource: Int, Sendable, Hashable, CaseIterable {
    case summary
    case generated
    case agentName
    case custom
}
