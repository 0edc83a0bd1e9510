import MCPHTTP
import MemoryModel
import MemoryStore
import Redaction

/// Keeps what sessions came to in the store, where every process that serves it finds it, also after a restart.
struct StoredSessionRecords: SessionRecords {
    let store: any MemoryStore
    let redactor: Redactor

    func record(of session: String) async throws -> SessionRecord? {
        try await store.sessionRecord(session).map(SessionRecord.init)
    }

    func update(
        _ session: String, expires: UInt32, _ change: @escaping @Sendable (inout SessionRecord) -> Void
    ) async throws -> SessionRecord {
        try await store.removeSessionRecords(expiredBefore: SystemClock.now)
        let row = try await store.updateSessionRecord(session, expires: Timestamp(milliseconds: Int64(expires) * 1000)) { row in
            var record = SessionRecord(row)
            guard !record.hasEnded else { return }
            change(&record)
            row.hasEnded = record.hasEnded
            row.logLevel = record.logLevel
            // A client may name any URI. Nothing that is stored has one with a secret in it, so nothing is missed.
            row.subscriptions = record.subscriptions.filter { redactor.redact($0).value == $0 }
        }
        return SessionRecord(row)
    }
}

extension SessionRecord {
    fileprivate init(_ row: SessionRecordRow) {
        self.init(
            session: row.id, expires: UInt32(clamping: row.expires.milliseconds / 1000), hasEnded: row.hasEnded, logLevel: row.logLevel,
            subscriptions: row.subscriptions)
    }
}
