package import MemoryModel
package import MemoryStore
package import Redaction

/// Consecutive lines of one source as they were read and redacted, before anybody says what they mean; docs/decisions/0004.
package struct LineBatch: Sendable, Hashable {
    package var key: SourceKey
    package var origin: CaptureOrigin
    /// The directory below which the source was found: its path says what the source is.
    package var root: RedactedText
    /// Where the batch begins: the position behind the batch before it.
    package var start: SourcePosition
    /// The position behind its last line.
    package var end: SourcePosition
    /// The file's length in bytes when it was read; of a session kept as documents, how many records it would be.
    package var size: Int64
    package var readTime: Timestamp
    package var lines: [SourceLine]
    /// What the file beside the transcript says; with the source's first batch.
    package var sideFile: RedactedJSON?
    /// The repository of each working directory that the lines name and that has one.
    package var repositories: [RedactedText: RedactedText]
    /// Whether it begins a generation in the middle of its source, since the sink lacks what came before.
    package var isFresh = false

    package init(
        key: SourceKey, origin: CaptureOrigin, root: RedactedText, start: SourcePosition, end: SourcePosition, size: Int64,
        readTime: Timestamp, lines: [SourceLine], sideFile: RedactedJSON? = nil, repositories: [RedactedText: RedactedText] = [:]
    ) {
        self.key = key
        self.origin = origin
        self.root = root
        self.start = start
        self.end = end
        self.size = size
        self.readTime = readTime
        self.lines = lines
        self.sideFile = sideFile
        self.repositories = repositories
    }
}

/// How far a source was taken, and what tells the file that was read from another at its path.
///
/// A session kept as documents has no bytes to count: there `offset` and `line` count the records that were taken, `headLength` the
/// documents that these were made of, and `headHash` tells those from others.
package struct SourcePosition: Sendable, Hashable {
    /// Counts the files that stood at this path: a replaced or truncated file is a new generation, read from its start.
    package var generation: Int
    /// Device and inode.
    package var identity: String
    /// The bytes at its head, hashed, up to ``headLength``: a file rewritten in place has another.
    package var headHash: String
    package var headLength: Int
    /// The offset behind the last complete line that was taken.
    package var offset: Int64
    package var line: Int64

    package init(generation: Int, identity: String, headHash: String = "", headLength: Int = 0, offset: Int64 = 0, line: Int64 = 0) {
        self.generation = generation
        self.identity = identity
        self.headHash = headHash
        self.headLength = headLength
        self.offset = offset
        self.line = line
    }

    package init(_ state: SourceState) {
        self.init(
            generation: state.generation, identity: state.identity, headHash: state.headHash, headLength: state.headLength,
            offset: state.offset, line: state.line)
    }

    var traits: FileTraits { FileTraits(identity: identity, headHash: headHash, headLength: Int64(headLength)) }
}

/// One line of a source.
package struct SourceLine: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        case record(RedactedJSON)
        case blank
        /// - Parameters:
        ///   - reason: one word, such as `invalid-json`.
        ///   - hash: the ``Fingerprint`` of the line's bytes, which passed no redaction and are not kept.
        case refused(reason: String, hash: String)
    }

    package var offset: Int64
    /// Bytes of the line without its line break.
    package var length: Int
    package var number: Int64
    package var content: Content
    /// Outputs that the line only points to, by the path that it names: cleanup deletes those files with the session.
    package var outputs: [RedactedText: RedactedText]

    package init(offset: Int64, length: Int, number: Int64, content: Content, outputs: [RedactedText: RedactedText] = [:]) {
        self.offset = offset
        self.length = length
        self.number = number
        self.content = content
        self.outputs = outputs
    }
}
