import GRDB
import MemoryModel
package import MemoryStore
import Redaction

/// The eighth migration: refused lines are few, and /health counts them whenever somebody looks.
let sourceHealthSchema = "CREATE INDEX records_refused ON records(source, offset, reason) WHERE outcome = 3"

extension SQLiteStore {
    package func captureAccounts() async throws(StoreError) -> CaptureAccounts {
        try await read("read how far the sources were read") { try SourceAccounts(connection: $0).all() }
    }
}

/// What the rows say of all sources.
private struct SourceAccounts {
    let connection: Database

    func all() throws -> CaptureAccounts {
        var accounts = CaptureAccounts()
        var refused: [Int64: Int] = [:]
        try SQLStatement(connection, "SELECT source, reason, count(*) FROM records WHERE outcome = 3 GROUP BY source, reason").each([]) { row in
            let count = Int(row.integer(2))
            refused[row.integer(0), default: 0] += count
            accounts.refused[row.text(1), default: 0] += count
            return true
        }
        try SQLStatement(
            connection,
            """
            SELECT sources.id, spool, path, generation, identity, head_hash, head_length, offset, line, size, read_time,
                origins.user, origins.machine, origins.agent
            FROM sources LEFT JOIN origins ON origins.id = sources.origin ORDER BY spool, path, generation
            """
        ).each([]) { row in
            var account = account(row)
            account.refused = refused[row.integer(0)] ?? 0
            if let last = accounts.sources.last, last.state.key == account.state.key {
                account.refused += last.refused
                account.origin = account.origin ?? last.origin
                accounts.sources[accounts.sources.count - 1] = account
            } else {
                accounts.sources.append(account)
            }
            return true
        }
        accounts.lastRefusals = try lastRefusals()
        return accounts
    }

    private func account(_ row: SQLRow) -> SourceAccount {
        let state = SourceProgressState(
            key: key(row, from: 1), generation: Int(row.integer(3)), identity: row.text(4), headHash: row.text(5), headLength: Int(row.integer(6)),
            offset: row.integer(7), line: row.integer(8), size: row.integer(9), readTime: row.optionalInteger(10).map { Timestamp(milliseconds: $0) })
        let origin = row.optionalText(11).map { Origin(user: $0, machine: row.text(12), agent: row.text(13)) }
        return SourceAccount(state: state, origin: origin, refused: 0)
    }

    /// A refused line has no time of its own; its source has one.
    private func lastRefusals() throws -> [RefusedLine] {
        try SQLStatement(
            connection,
            """
            SELECT spool, path, records.line, records.offset, reason FROM records JOIN sources ON sources.id = records.source
            WHERE outcome = 3 ORDER BY read_time DESC, sources.id DESC, records.offset DESC LIMIT ?
            """
        ).all(.integer(CaptureAccounts.shownRefusals)) { row in
            RefusedLine(key: key(row, from: 0), line: row.integer(2), offset: row.integer(3), reason: row.text(4))
        }
    }

    private func key(_ row: SQLRow, from column: Int32) -> SourceKey {
        SourceKey(spool: RedactedText(readBackFromStore: row.text(column)), path: RedactedText(readBackFromStore: row.text(column + 1)))
    }
}
