package import JSON
package import MemoryModel
package import Redaction

/// One agent's transcripts: where they lie, what is one, how it is cut into records, and who says what those mean.
///
/// Reading and interpreting may happen on two machines (docs/decisions/0004), so nothing here keeps state; a ``TranscriptReader`` does.
package protocol TranscriptFormat: Sendable {
    /// What the agent is called in the store, such as `claude-code`.
    var agent: RedactedText { get }

    /// What people call the agent, such as `Claude Code`.
    var name: String { get }

    /// The directories in which the agent keeps its sessions by default; they need not exist.
    func roots(environment: [String: String], home: String) -> [String]

    /// What of the agent's sessions cannot be read, and what to do about it; for people.
    func notice(environment: [String: String], home: String, exists: (String) -> Bool) -> String?

    /// Where a transcript lies and what its path says; `nil` for a path that is none of this agent's.
    ///
    /// - Parameter root: the directory below which it was found, or the file itself.
    func location(_ path: String, under root: String) -> TranscriptLocation?

    /// Whether the path alone says that the transcript is this agent's, so that nobody need look into the file.
    func isCertain(_ location: TranscriptLocation, under root: String) -> Bool

    /// Whether a record is one that this agent writes; asked of the first records of a file whose path says nothing.
    func recognises(_ record: JSONValue) -> Bool

    /// For a file that lies where no transcript of this agent would, but holds its records.
    func location(ofCopy path: String) -> TranscriptLocation

    /// The transcript that a path belongs to: itself, or what it is a part of where a session is kept in many files. May read a file.
    func transcript(holding path: String, under root: String) -> String?

    /// Whether nothing below this directory is a transcript, so that thousands of files need not be looked at.
    func skips(directory: String) -> Bool

    /// Whether a directory that is skipped holds one directory for each message, with the message's parts.
    func holdsParts(directory: String) -> Bool

    /// The directories in which the parts of the last messages are written, where nothing is looked for otherwise; they need not exist.
    func partDirectories(of location: TranscriptLocation) -> [String]

    /// Whether a file of this name, which is no `.jsonl`, may be a transcript.
    func isDocumentName(_ name: String) -> Bool

    /// What a look at the transcript shows without reading it: two that are equal, and nothing was written in between. `nil` where it is gone.
    func stamp(of location: TranscriptLocation) -> FileStamp?

    /// Opens a session that is kept as documents which are rewritten in place; `nil` for one that is lines which are only appended.
    ///
    /// - Parameter now: tells a document that still changes from one that was left behind.
    func documents(of location: TranscriptLocation, now: Timestamp) throws(TranscriptFilesError) -> (any TranscriptDocuments)?

    /// Whether the directory stands once, in the head of a transcript or beside it, and not in every record.
    var namesDirectoryOnce: Bool { get }

    /// The directory that the agent worked in, where the record names it.
    func workingDirectory(of record: RedactedJSON) -> RedactedText?

    /// The directory that the agent worked in, where the file beside the transcript names it.
    func workingDirectory(ofSideFile file: RedactedJSON) -> RedactedText?

    /// The file beside the transcript that holds an output too large for its line, as the writing machine named it.
    func outputPath(of record: RedactedJSON) -> RedactedText?

    /// - Parameter state: what a reader of this source kept behind its last record; `nil` at the source's start.
    /// - Returns: `nil` for a state that this version cannot read, whose source has to be read from its start.
    func reader(_ location: TranscriptLocation, state: RedactedJSON?, echoes: OwnEchoes, redactor: Redactor) -> (any TranscriptReader)?
}

// What most formats have no need of.
extension TranscriptFormat {
    package func notice(environment: [String: String], home: String, exists: (String) -> Bool) -> String? { nil }
    package var namesDirectoryOnce: Bool { false }
    package func isCertain(_ location: TranscriptLocation, under root: String) -> Bool { true }
    package func location(ofCopy path: String) -> TranscriptLocation {
        TranscriptLocation(path: path, baseName: TranscriptLocation.baseName(of: path))
    }
    package func transcript(holding path: String, under root: String) -> String? { location(path, under: root)?.path }
    package func skips(directory: String) -> Bool { false }
    package func holdsParts(directory: String) -> Bool { false }
    package func partDirectories(of location: TranscriptLocation) -> [String] { [] }
    package func isDocumentName(_ name: String) -> Bool { false }
    package func stamp(of location: TranscriptLocation) -> FileStamp? { FileStamp.look(at: location.path) }
    package func documents(of location: TranscriptLocation, now: Timestamp) throws(TranscriptFilesError) -> (any TranscriptDocuments)? { nil }
    package func workingDirectory(ofSideFile file: RedactedJSON) -> RedactedText? { nil }
    package func outputPath(of record: RedactedJSON) -> RedactedText? { nil }
}

/// A session kept as documents that the agent rewrites in place, in the order of the conversation. A document becomes a record once it
/// is complete.
package protocol TranscriptDocuments {
    /// What tells the session from another that stood at its path before.
    var identity: String { get }

    /// What names each document. The list only grows at its end, except where the agent took something back.
    var ids: [String] { get }

    func document(at index: Int) throws(TranscriptFilesError) -> TranscriptDocument
}

package enum TranscriptDocument: Sendable {
    /// - Parameter length: in bytes, as the agent stored it.
    case record(JSONValue, length: Int)
    /// The agent is still at it.
    case incomplete
    /// - Parameter bytes: what could not be read; for its hash alone.
    case unreadable(LineRefusal, bytes: [UInt8])
}

/// The formats that are known, and their readers.
package struct TranscriptReaders: Sendable {
    /// Claude Code stands last: it claims every line file that no other does.
    package static let formats: [any TranscriptFormat] = [OpenCodeFormat(), GeminiFormat(), CodexFormat(), ClaudeCodeFormat()]

    private let echoes: OwnEchoes
    private let redactor: Redactor

    package init(echoes: OwnEchoes, redactor: Redactor) {
        self.echoes = echoes
        self.redactor = redactor
    }

    /// - Returns: `nil` for an agent that is not known, or a state that this version cannot read.
    package func reader(_ agent: RedactedText, path: RedactedText, root: RedactedText, state: RedactedJSON? = nil) -> (any TranscriptReader)? {
        guard let format = Self.formats.first(where: { $0.agent == agent }) else { return nil }
        let location = format.location(path.value, under: root.value) ?? format.location(ofCopy: path.value)
        return format.reader(location, state: state, echoes: echoes, redactor: redactor)
    }

    /// The default directories of all agents: those that exist, and always Claude Code's.
    package static func roots(environment: [String: String], home: String, exists: (String) -> Bool) -> [String] {
        formats.reversed().flatMap { format in
            format.roots(environment: environment, home: home).filter { format.agent == ClaudeCodeReader.agent || exists($0) }
        }
    }

    /// What of the agents' sessions cannot be read.
    package static func notices(environment: [String: String], home: String, exists: (String) -> Bool) -> [String] {
        formats.compactMap { $0.notice(environment: environment, home: home, exists: exists) }
    }

    /// The transcript that a changed path belongs to; `nil` for a file that has to do with none.
    package static func transcript(holding path: String, under root: String) -> String? {
        formats.lazy.compactMap { $0.transcript(holding: path, under: root) }.first
    }
}
