package import Redaction

/// One agent's transcripts: what is one, what whoever reads its lines must add to them, and who says what they mean.
///
/// Reading and interpreting may happen on two machines (docs/decisions/0004), so nothing here keeps state; a ``TranscriptReader`` does.
package protocol TranscriptFormat: Sendable {
    /// What the agent is called in the store, such as `claude-code`.
    var agent: RedactedText { get }

    /// Where a transcript lies and what its path says; `nil` for a path that is none of this agent's.
    func location(_ path: String, under root: String) -> TranscriptLocation?

    /// The directory that the agent worked in, where the record names it.
    func workingDirectory(of record: RedactedJSON) -> RedactedText?

    /// The file beside the transcript that holds an output too large for its line, as the writing machine named it.
    func outputPath(of record: RedactedJSON) -> RedactedText?

    /// - Parameter state: what a reader of this source kept behind its last record; `nil` at the source's start.
    /// - Returns: `nil` for a state that this version cannot read, whose source has to be read from its start.
    func reader(_ location: TranscriptLocation, state: RedactedJSON?, echoes: OwnEchoes, redactor: Redactor) -> (any TranscriptReader)?
}

/// The formats that are known, and their readers.
package struct TranscriptReaders: Sendable {
    package static let formats: [any TranscriptFormat] = [ClaudeCodeFormat()]

    private let echoes: OwnEchoes
    private let redactor: Redactor

    package init(echoes: OwnEchoes, redactor: Redactor) {
        self.echoes = echoes
        self.redactor = redactor
    }

    /// - Returns: `nil` for an agent that is not known, a path that is no transcript, or a state that this version cannot read.
    package func reader(_ agent: RedactedText, path: RedactedText, root: RedactedText, state: RedactedJSON? = nil) -> (any TranscriptReader)? {
        guard let format = Self.formats.first(where: { $0.agent == agent }), let location = format.location(path.value, under: root.value)
        else { return nil }
        return format.reader(location, state: state, echoes: echoes, redactor: redactor)
    }
}
