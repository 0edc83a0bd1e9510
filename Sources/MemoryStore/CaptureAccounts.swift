package import MemoryModel

/// What a store knows of its sources: how far each was read, and what was refused.
package struct CaptureAccounts: Sendable, Hashable {
    /// One for each spool and path, the newest generation; by spool, then by path.
    package var sources: [SourceAccount] = []
    /// How many lines were refused, by the word for the reason.
    package var refused: [String: Int] = [:]
    /// The refused lines of the sources that were read last, the newest first; at most ``shownRefusals``.
    package var lastRefusals: [RefusedLine] = []

    package static let shownRefusals = 5

    package init() {}
}

/// What a store knows of one source.
package struct SourceAccount: Sendable, Hashable {
    /// How far it was read. Of a session that is kept as documents, offset and size count records.
    package var state: SourceProgressState
    /// `nil` where nothing said who and where.
    package var origin: Origin?
    /// Lines that were refused, of all generations.
    package var refused: Int

    package init(state: SourceProgressState, origin: Origin?, refused: Int) {
        self.state = state
        self.origin = origin
        self.refused = refused
    }
}

/// How far one source was read, without what its reader needs to go on.
package struct SourceProgressState: Sendable, Hashable {
    package var key: SourceKey
    package var generation: Int
    package var identity: String
    package var headHash: String
    package var headLength: Int
    package var offset: Int64
    package var line: Int64
    package var size: Int64
    /// When a line of it was stored last, by the clock of whoever read it.
    package var readTime: Timestamp?

    package init(
        key: SourceKey, generation: Int, identity: String, headHash: String, headLength: Int, offset: Int64, line: Int64, size: Int64,
        readTime: Timestamp?
    ) {
        self.key = key
        self.generation = generation
        self.identity = identity
        self.headHash = headHash
        self.headLength = headLength
        self.offset = offset
        self.line = line
        self.size = size
        self.readTime = readTime
    }
}

/// The place of a line that could not be read.
package struct RefusedLine: Sendable, Hashable {
    package var key: SourceKey
    package var line: Int64
    package var offset: Int64
    /// One word, such as `invalid-json`.
    package var reason: String

    package init(key: SourceKey, line: Int64, offset: Int64, reason: String) {
        self.key = key
        self.line = line
        self.offset = offset
        self.reason = reason
    }
}
