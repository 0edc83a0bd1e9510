package import MemoryModel

/// The archive: what captures, what recalls and what people ask go through this protocol and nothing else, so that
/// each back end passes the same conformance suite (MemoryStoreTesting).
///
/// Rules of every back end:
/// - A write is one transaction: all of a batch and the source's new offset, or nothing of it.
/// - A message is stored once, whoever brings it; a second bringer finds it `repeated`.
/// - A read sees one state of the store from its first row to its last.
/// - Blocking work happens on the back end's own threads, never on the shared pool.
package protocol MemoryStore: CaptureStore, RecallStore, CompletionStore, EraStore, SessionStore, TokenStore,
    ArchiveStore, MaintenanceStore, ErasureStore, RuleStore
{
    /// 32 bytes that nobody else may read, made at the first start; the keys of sessions, cursors and redaction are derived from it.
    func serverKey() async throws(StoreError) -> [UInt8]

    func statistics() async throws(StoreError) -> StoreStatistics
}

/// How much a store holds.
package struct StoreStatistics: Sendable, Hashable {
    /// How many migrations the store has run.
    package var schema = 0
    package var messages = 0
    package var conversations = 0
    package var windows = 0
    package var compactions = 0
    package var sources = 0
    package var newestMessage: Timestamp?
    package var tokens = TokenUsage()

    package init() {}
}
