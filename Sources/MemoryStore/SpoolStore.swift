package import Redaction

/// Batches of lines that wait to be sent to a server that is elsewhere, in their order, and how far each source was taken. What a batch
/// holds is the business of whoever puts it in.
package protocol SpoolStore: Sendable {
    /// Names this spool among all; made at random, once.
    var id: RedactedText { get }
    /// 32 random bytes, for a redactor.
    var key: [UInt8] { get }

    /// How far the source at `path` was taken; `nil` for one never seen.
    func position(of path: RedactedText) async throws(StoreError) -> SpoolPosition?

    /// Keeps batches and the source's new position in one transaction.
    ///
    /// - Throws: `StoreError` with the code `full` where they do not fit any more: nothing of them is kept then.
    func append(_ contents: [[UInt8]], of path: RedactedText, from start: SpoolPosition, to end: SpoolPosition) async throws(StoreError)
        -> SpoolAppending

    /// The oldest batches, with at least one where there is any.
    ///
    /// - Parameters:
    ///   - bytes: how much they may hold together.
    ///   - held: sources to pass over.
    func next(bytes: Int, count: Int, without held: Set<Int64>) async throws(StoreError) -> [SpooledBatch]

    /// Removes batches that the server has.
    func acknowledge(_ sequences: [Int64]) async throws(StoreError)

    /// For a server that cannot go on with this batch since it lacks what came before: the batches of the source that wait are sent as
    /// generations behind the server's, the first one as a fresh start, and the source is read again from its start behind them.
    ///
    /// - Parameter generation: where the server stands; `nil` where it knows nothing of the source.
    func restart(at batch: SpooledBatch, behind generation: Int?) async throws(StoreError)

    func fill() async throws(StoreError) -> SpoolFill

    /// Leaves no byte of what was acknowledged in the files. For when nothing waits.
    func tidy() async throws(StoreError)

    /// Gives every batch that waits to `change`, keeps what it returns in its place (`nil`: as it is), and then leaves no byte of what was
    /// replaced or sent before in the file.
    ///
    /// - Returns: how many lines were changed, as `change` counts them.
    func rewrite(_ change: @escaping @Sendable ([UInt8]) throws -> SpoolRewrite?) async throws(StoreError) -> Int
}

package struct SpoolRewrite: Sendable {
    package var content: [UInt8]
    package var lines: Int

    package init(content: [UInt8], lines: Int) {
        self.content = content
        self.lines = lines
    }
}

/// How far a source was taken into a spool.
package struct SpoolPosition: Sendable, Hashable {
    package var generation: Int
    package var identity: String
    package var headHash: String
    package var headLength: Int
    package var offset: Int64
    package var line: Int64

    package init(generation: Int, identity: String, headHash: String, headLength: Int, offset: Int64, line: Int64) {
        self.generation = generation
        self.identity = identity
        self.headHash = headHash
        self.headLength = headLength
        self.offset = offset
        self.line = line
    }
}

package enum SpoolAppending: Sendable, Hashable {
    case kept
    /// It was there before.
    case known
    /// It does not follow on what is there.
    case gap(SpoolPosition?)
}

package struct SpooledBatch: Sendable, Hashable {
    package var sequence: Int64
    package var source: Int64
    package var path: RedactedText
    package var generation: Int
    /// Whether it begins a generation in the middle of a source.
    package var isFresh: Bool
    package var content: [UInt8]

    package init(sequence: Int64, source: Int64, path: RedactedText, generation: Int, isFresh: Bool, content: [UInt8]) {
        self.sequence = sequence
        self.source = source
        self.path = path
        self.generation = generation
        self.isFresh = isFresh
        self.content = content
    }
}

package struct SpoolFill: Sendable, Hashable {
    package var batches: Int
    package var bytes: Int64
    package var limit: Int64

    package init(batches: Int, bytes: Int64, limit: Int64) {
        self.batches = batches
        self.bytes = bytes
        self.limit = limit
    }
}
