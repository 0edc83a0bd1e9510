package import MemoryModel

package protocol EraStore: Sendable {
    /// All eras, oldest first; never empty.
    func eras() async throws(StoreError) -> [Era]

    /// Begins an era; the one that was current ends. Names are unique without regard to case, 1 to 200 bytes long.
    func startEra(_ name: String, at start: Timestamp) async throws(StoreError) -> Era

    func renameEra(_ name: String, to newName: String) async throws(StoreError) -> Era

    /// What happened in an era.
    func statistics(from start: Timestamp, until end: Timestamp?) async throws(StoreError) -> EraStatistics
}

package struct EraStatistics: Sendable, Hashable {
    package var messages = 0
    package var conversations = 0
    package var windows = 0
    package var projects: [String] = []
    package var first: Timestamp?
    package var last: Timestamp?

    package init() {}
}
