package import MemoryStore

/// Where line batches go: a store, or the spool of one that is elsewhere. Both keep a source's position in the transaction that keeps
/// its lines, so that a reader may die at any point and go on from ``position(of:)``.
package protocol LineSink: Sendable {
    /// How far a source was taken; `nil` for one never seen. An offset of 0 asks to read that generation from its start.
    func position(of source: SourceKey) async throws -> SourcePosition?

    /// Takes the lines of a batch, all or none. A batch that was taken before changes nothing.
    ///
    /// - Throws: ``SinkGap`` where the batch does not begin where the source stands.
    func take(_ batch: LineBatch) async throws -> CaptureCounts
}

/// A batch that does not follow on what the sink has of its source: go on from `position`.
package struct SinkGap: Error, Sendable, Hashable, CustomStringConvertible {
    package var path: String
    package var offset: Int64
    /// Where the sink stands; `nil` where it knows nothing of the source.
    package var position: SourcePosition?

    package init(path: String, offset: Int64, position: SourcePosition?) {
        self.path = path
        self.offset = offset
        self.position = position
    }

    package var description: String {
        "lines of \(path) from byte \(offset) on do not follow on what is stored, which ends at byte \(position?.offset ?? 0); read it from there"
    }
}
