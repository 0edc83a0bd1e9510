package import MemoryModel
package import Redaction

/// Reads the transcript files of one agent, record by record: one value per file, fed in file order.
///
/// A reader does no input or output and keeps little: ``state`` is all that it needs to go on behind the last record after a
/// restart. Readers of other agents take the same shape, so that importing and watching know no agent by name.
package protocol TranscriptReader: Sendable {
    /// What the agent is called in the store, such as `claude-code`.
    static var agent: RedactedText { get }

    /// - Parameters:
    ///   - line: the record, redacted.
    ///   - offset: where its line begins in the file, or how many documents came before; names a record that has no id.
    mutating func next(_ line: RedactedJSON, at offset: Int64) -> TranscriptEntry

    /// Takes what the file beside the transcript says of all of its records; comes before the first one.
    mutating func begin(besides sideFile: RedactedJSON)

    /// What the file beside the transcript says; nothing for agents that write none.
    func facts(ofSideFile file: RedactedJSON) -> [(fact: TranscriptFact, window: TranscriptWindow)]

    /// Bounded: a few kilobytes whatever the file holds.
    var state: RedactedJSON { get }
}

// What most readers have no need of.
extension TranscriptReader {
    package mutating func begin(besides sideFile: RedactedJSON) {}
    package func facts(ofSideFile file: RedactedJSON) -> [(fact: TranscriptFact, window: TranscriptWindow)] { [] }
}

/// A record in its place.
package struct TranscriptEntry: Sendable, Hashable {
    package var record: TranscriptRecord
    package var window: TranscriptWindow
    /// The record opened that window; a boundary does so even where no message follows.
    package var opensWindow: Bool
    /// The record's own time, or that of the record before it.
    package var time: Timestamp
    /// What the record says about other things, and what its place says.
    package var facts: [TranscriptFact]

    package init(record: TranscriptRecord, window: TranscriptWindow, opensWindow: Bool, time: Timestamp, facts: [TranscriptFact]) {
        self.record = record
        self.window = window
        self.opensWindow = opensWindow
        self.time = time
        self.facts = facts
    }
}
