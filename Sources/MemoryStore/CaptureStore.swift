package import MemoryModel
package import Redaction

/// The writing side of the store.
package protocol CaptureStore: Sendable {
    /// Takes the right to capture into this store, or `nil` while another process holds it. It ends when the value is
    /// released or the process dies.
    func captureLock() async throws(StoreError) -> (any CaptureLock)?

    /// Whether a process, this one or another, holds the right to capture now. Changes nothing, and needs no right to write.
    func isCaptured() async throws(StoreError) -> Bool

    /// What is known of all sources, as one state of the store shows it.
    ///
    /// - Cost: a row a source, and one for each refused line.
    func captureAccounts() async throws(StoreError) -> CaptureAccounts

    /// How far a source has been read; `nil` for one never seen.
    func source(_ key: SourceKey) async throws(StoreError) -> SourceState?

    /// How far one generation of it has been read; `nil` for one never seen.
    func source(_ key: SourceKey, generation: Int) async throws(StoreError) -> SourceState?

    /// Stores a batch in one transaction and says what became of each line.
    func capture(_ batch: CaptureBatch) async throws(StoreError) -> CaptureCounts

    /// What this store value captures from now on, told once it is stored. What another process captures is told where somebody calls
    /// ``announceCaptured(since:)``.
    func changes() -> AsyncStream<StoreChange>

    /// Tells ``changes()`` which conversations and windows gained new messages since `mark`, whoever captured them. For a process that only
    /// reads. A window that only repeats stored messages is not told of.
    ///
    /// - Parameter mark: `nil` tells nothing.
    /// - Returns: the mark for the next time.
    /// - Cost: one row where nothing is new.
    func announceCaptured(since mark: CaptureMark?) async throws(StoreError) -> CaptureMark
}

extension CaptureStore {
    /// How far the store's own processes have read the file at `path`.
    package func source(at path: RedactedText) async throws(StoreError) -> SourceState? {
        try await source(SourceKey(path: path))
    }
}

/// What names a source in a store. docs/decisions/0004.
package struct SourceKey: Sendable, Hashable {
    /// Who read it: empty for the store's own processes, else the random name of the spool that sent it.
    package var spool: RedactedText
    package var path: RedactedText

    package init(spool: RedactedText = .empty, path: RedactedText) {
        self.spool = spool
        self.path = path
    }
}

/// How far a reader knows what is captured.
package struct CaptureMark: Sendable, Hashable {
    /// The newest message's number in the store; numbers rise in the order in which messages are stored.
    package var newest: Int64

    package init(newest: Int64) { self.newest = newest }
}

package protocol CaptureLock: AnyObject, Sendable {
    func release()
}

/// How far one file has been read.
package struct SourceState: Sendable, Hashable {
    package var key: SourceKey
    /// Counts the files that stood at this path: a replaced or truncated file is a new generation, read from its start.
    package var generation: Int
    /// What tells this file from another at the same path: device and inode.
    package var identity: String
    /// The bytes at its head, hashed, up to ``headLength``: a file rewritten in place has another.
    package var headHash: String
    package var headLength: Int
    /// The offset behind the last complete line that was stored.
    package var offset: Int64
    package var line: Int64
    /// The file's length in bytes when it was read last: what stands behind ``offset`` is not stored yet.
    package var size: Int64
    /// When it was read last; `nil` for what was stored before that was kept.
    package var readTime: Timestamp?
    /// What the reader needs to go on at `offset`.
    package var readerState: RedactedJSON

    package init(
        key: SourceKey, generation: Int, identity: String, headHash: String, headLength: Int, offset: Int64, line: Int64, size: Int64,
        readTime: Timestamp?, readerState: RedactedJSON
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
        self.readerState = readerState
    }
}

/// Who worked where with which agent; see `Origin`.
package struct CaptureOrigin: Sendable, Hashable {
    package var user: RedactedText
    package var machine: RedactedText
    package var agent: RedactedText

    package init(user: RedactedText, machine: RedactedText, agent: RedactedText) {
        self.user = user
        self.machine = machine
        self.agent = agent
    }
}

/// Consecutive lines of one source, and the source's state behind them.
package struct CaptureBatch: Sendable {
    package var source: SourceState
    package var origin: CaptureOrigin?
    package var entries: [CaptureEntry]
    /// What the batch says beyond its lines (a sub-agent's side file).
    package var facts: [CaptureFact]

    package init(source: SourceState, origin: CaptureOrigin? = nil, entries: [CaptureEntry], facts: [CaptureFact] = []) {
        self.source = source
        self.origin = origin
        self.entries = entries
        self.facts = facts
    }
}

/// What became of the lines that were read. `lines` is always the sum of the other four.
package struct CaptureCounts: Sendable, Hashable {
    /// Became or joined a message.
    package var stored = 0
    /// Kept raw only, by a rule.
    package var known = 0
    /// The same record again.
    package var repeated = 0
    /// Unreadable; place, length, hash and reason are kept.
    package var refused = 0

    package init() {}

    package var lines: Int { stored + known + repeated + refused }

    package static func += (left: inout CaptureCounts, right: CaptureCounts) {
        left.stored += right.stored
        left.known += right.known
        left.repeated += right.repeated
        left.refused += right.refused
    }
}
