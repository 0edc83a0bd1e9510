import MemoryModel

/// What a store gives away and takes in whole: `magenta export` and `magenta import` of an archive.
package protocol ArchiveStore: Sendable {
    /// Calls `receive` with every row of one state of the store, in an order that holds for every back end: each section of
    /// ``ArchiveRow`` in turn, and within it the order in which the store took the rows (eras by their start, nodes, compactions and
    /// replies by their ids, spawns by their conversation and opener). A row names only rows before it, but for `ancestor`.
    ///
    /// It runs on the back end's own thread and holds one row at a time; what `receive` throws ends it.
    ///
    /// - Parameter selection: the messages that count, and with them what they stand in; `nil` for everything. Echoes of magenta itself
    ///   count too.
    func readArchive(
        _ selection: MessageFilter?, _ receive: @escaping @Sendable (ArchiveRow) throws(StoreError) -> Void
    ) async throws(StoreError)

    /// Begins to take an archive in. The caller holds the capture lock.
    func archiveWriting() async throws(StoreError) -> any ArchiveWriting
}

/// One archive on its way into a store, in the order in which ``ArchiveStore/readArchive(_:_:)`` gave it.
///
/// Rows join what the store holds: a message that it has under the same id stays as it is, and so does everything that both name
/// differently. So the same archive twice changes nothing, and one that was cut short is taken up again from its start.
package protocol ArchiveWriting: Sendable {
    /// Stores rows in one transaction. What was stored before stays consistent if no further call follows: a source whose records are
    /// not all in stands where its last one ends.
    func write(_ rows: [ArchiveRow]) async throws(StoreError) -> ArchiveCounts

    /// Ends the last source.
    func finish() async throws(StoreError)
}

/// What became of the rows of an archive.
package struct ArchiveCounts: Sendable, Hashable {
    package var messages = 0
    /// Messages that the store had already.
    package var knownMessages = 0
    package var records = 0
    package var knownRecords = 0
    package var sources = 0
    /// Sources that the store knows under the same name as another file; they were given a spool of their own.
    package var renamedSources = 0

    package init() {}

    package static func += (left: inout ArchiveCounts, right: ArchiveCounts) {
        left.messages += right.messages
        left.knownMessages += right.knownMessages
        left.records += right.records
        left.knownRecords += right.knownRecords
        left.sources += right.sources
        left.renamedSources += right.renamedSources
    }
}
