import MCPHTTP
import MemoryModel
import MemoryStore

/// Keeps what sessions came to in the store, where every process that serves it finds it, also after a restart.
struct StoredSessionRecords: SessionRecords {
    let store: any MemoryStore

    func record(of session: String) async throws -> SessionRecord? {
        try await store.sessionRecord(session).map {
            SessionRecord(
                session: $0.id, expires: UInt32(clamping: $0.expires.milliseconds / 1000), hasEnded: $0.hasEnded, logLevel: $0.logLevel,
                subscriptions: $0.subscriptions)
        }
    }

    func save(_ record: SessionRecord) async throws {
        try await store.removeSessionRecords(expiredBefore: SystemClock.now)
        try await store.save(
            SessionRecordRow(
                id: record.session, expires: Timestamp(milliseconds: Int64(record.expires) * 1000), hasEnded: record.hasEnded,
                logLevel: record.logLevel, subscriptions: record.subscriptions))
    }
}
