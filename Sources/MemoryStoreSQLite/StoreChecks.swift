import Crypto
import GRDB
import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func check(
        _ extent: CheckExtent, progress: @escaping @Sendable (String) -> Void
    ) async throws(StoreError) -> StoreReport {
        var report = try await read("check the store") { connection in
            try StoreChecks(connection: connection, progress: progress).run(extent)
        }
        if extent.contains(.indexWords) {
            progress("comparing the index with the texts")
            report.findings += try await indexFindings()
        }
        let files = files
        report.findings += try await Self.blocking(on: queue) { () throws(StoreError) in files.findings() }
        return report
    }

    private func indexFindings() async throws(StoreError) -> [StoreFinding] {
        do throws(StoreError) {
            try await write("check the index") { connection in
                try connection.execute(sql: "INSERT INTO block_index(block_index, rank) VALUES ('integrity-check', 1)")
            }
            return []
        } catch {
            guard error.code == .corrupt else { throw error }
            return [
                StoreFinding(
                    .index, cause: "the index does not agree with the texts", remedy: "makes the index anew from the texts", isRepairable: true)
            ]
        }
    }

    package func repair(_ checks: Set<StoreCheck>) async throws(StoreError) {
        for check in StoreCheck.allCases where checks.contains(check) {
            switch check {
            case .permissions:
                let files = files
                try await Self.blocking(on: queue) { () throws(StoreError) in try files.restrict() }
            case .file: try await write("make the file's indexes anew") { try $0.execute(sql: "REINDEX") }
            case .blobs:
                try await write("remove texts that no record names") { connection in
                    try StoreChecks(connection: connection).removeUnusedBlobs()
                }
            default:
                try await write("repair \(check.rawValue)") { connection in
                    for query in CheckQuery.all where query.check == check {
                        if let repair = query.repair { try connection.execute(sql: repair) }
                    }
                    if check == .counters { try StoreChecks(connection: connection).countTokens() }
                }
            }
        }
    }
}

/// The checks that read rows. Each is made even where one before it failed.
struct StoreChecks {
    private static let rawRemedy = "the messages are whole, only their raw records are lost; restore a backup to have them"

    let connection: Database
    var progress: @Sendable (String) -> Void = { _ in }

    func run(_ extent: CheckExtent) throws -> StoreReport {
        var report = StoreReport()
        try SQLStatement(
            connection, "SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM records), (SELECT count(*) FROM sources)"
        ).each([]) { row in
            (report.messages, report.records, report.sources) = (row.integer(0), row.integer(1), row.integer(2))
            return false
        }
        let pageSize = try number("PRAGMA page_size")
        report.size = try number("PRAGMA page_count") * pageSize
        report.freeSize = try number("PRAGMA freelist_count") * pageSize
        progress("reading the file's pages, \(report.size >> 20) MiB")
        attempt(.file, &report) { try fileFindings(extent.contains(.quick)) }
        for query in CheckQuery.all {
            progress("checking \(query.check.rawValue)")
            attempt(query.check, &report) { try findings(query) }
        }
        attempt(.counters, &report) { try tokenFindings() }
        if !extent.contains(.quick) {
            progress("opening \(report.records) records")
            attempt(.records, &report) { try rawFindings() }
        }
        return report
    }

    /// A check that the damage keeps from being made is a finding too.
    private func attempt(_ check: StoreCheck, _ report: inout StoreReport, _ body: () throws -> [StoreFinding]) {
        do { report.findings += try body() } catch {
            let failure = StoreError(error, operation: "check \(check.rawValue)")
            report.findings.append(
                StoreFinding(check, cause: "it could not be looked at: \(failure.cause)", remedy: "restore a backup", isRepairable: false))
        }
    }

    private func number(_ sql: String) throws -> Int64 {
        try SQLStatement(connection, sql).first { $0.integer(0) } ?? 0
    }

    private func fileFindings(_ isQuick: Bool) throws -> [StoreFinding] {
        let flaws = try SQLStatement(connection, isQuick ? "PRAGMA quick_check(20)" : "PRAGMA integrity_check(20)").all { $0.text(0) }
        return flaws.filter { $0 != "ok" }.map { flaw in
            // An index holds nothing that its table does not.
            let isIndex = flaw.contains(" index ")
            return StoreFinding(
                .file, cause: "SQLite says: \(flaw)",
                remedy: isIndex ? "makes the file's indexes anew" : "export what can be read (`magenta export`), then restore a backup",
                isRepairable: isIndex)
        }
    }

    private func findings(_ query: CheckQuery) throws -> [StoreFinding] {
        let count = try number(query.count)
        guard count > 0 else { return [] }
        return [
            StoreFinding(query.check, cause: "\(count) \(query.cause)", remedy: query.remedy, isRepairable: query.repair != nil)
        ]
    }

    // MARK: Tokens

    private func tokenFindings() throws -> [StoreFinding] {
        let stored = try SQLStatement(connection, "SELECT input, output, cache_creation, cache_read FROM totals").first { $0.usage(0) }
        guard try stored != tokens() else { return [] }
        return [
            StoreFinding(.counters, cause: "the tokens in all are not those of the replies", remedy: "counts them again", isRepairable: true)
        ]
    }

    func countTokens() throws {
        let tokens = try tokens()
        try SQLStatement(connection, "UPDATE totals SET input = ?, output = ?, cache_creation = ?, cache_read = ?").run(
            .integer(tokens.input), .integer(tokens.output), .integer(tokens.cacheCreation), .integer(tokens.cacheRead))
    }

    /// SQL's own sum fails where counts of a hostile transcript exceed 64 bits.
    private func tokens() throws -> TokenUsage {
        var sum = TokenUsage()
        try SQLStatement(connection, "SELECT input, output, cache_creation, cache_read FROM replies").each([]) { row in
            sum = sum.adding(row.usage(0))
            return true
        }
        return sum
    }

    // MARK: Raw records

    private func rawFindings() throws -> [StoreFinding] {
        var findings: [StoreFinding] = []
        let (lost, used) = try readRecords()
        if lost > 0 {
            findings.append(StoreFinding(.records, cause: "\(lost) records cannot be opened", remedy: Self.rawRemedy, isRepairable: false))
        }
        progress("comparing long texts with their hashes")
        let (damaged, unused) = try readBlobs(used: used)
        if damaged > 0 {
            findings.append(
                StoreFinding(.blobs, cause: "\(damaged) long texts are not what was stored", remedy: Self.rawRemedy, isRepairable: false))
        }
        // Where a record cannot be opened, nobody knows which texts it names.
        if lost == 0, !unused.isEmpty {
            findings.append(
                StoreFinding(.blobs, cause: "\(unused.count) long texts belong to no record", remedy: "removes them", isRepairable: true))
        }
        return findings
    }

    func removeUnusedBlobs() throws {
        let (lost, used) = try readRecords()
        guard lost == 0 else { return }
        for id in try readBlobs(used: used).unused {
            try SQLStatement(connection, "DELETE FROM blobs WHERE id = ?").run(.integer(id))
        }
    }

    /// Opens every record that is kept.
    ///
    /// - Returns: how many cannot be opened, and the hashes of the long texts that the others name.
    private func readRecords() throws -> (lost: Int, used: Set<[UInt8]>) {
        var lost = 0
        var count = 0
        var used: Set<[UInt8]> = []
        let sequence = try RawRecordSequence(connection, operation: "open a record") { used.insert($0) }
        try SQLStatement(connection, "SELECT source, offset, place FROM records WHERE place IS NOT NULL ORDER BY source, offset").each([]) { row in
            do {
                _ = try sequence.record(source: row.integer(0), offset: row.integer(1), place: row.integer(2))
            } catch let error as StoreError where error.code == .corrupt { lost += 1 } catch is CompressionError { lost += 1 }
            count += 1
            if count.isMultiple(of: 5000) { progress("opened \(count) records") }
            return true
        }
        return (lost, used)
    }

    private func readBlobs(used: Set<[UInt8]>) throws -> (damaged: Int, unused: [Int64]) {
        var damaged = 0
        var unused: [Int64] = []
        try SQLStatement(connection, "SELECT id, hash, length, frame FROM blobs ORDER BY id").each([]) { row in
            let hash = row.bytes(1)
            let text = try? row.withBytes(3) { try decompressed($0, length: Int(row.integer(2))) }
            if text.map({ Array(SHA256.hash(data: $0)) }) != hash { damaged += 1 }
            if !used.contains(hash) { unused.append(row.integer(0)) }
            return true
        }
        return (damaged, unused)
    }
}

extension SQLRow {
    fileprivate func usage(_ column: Int32) -> TokenUsage {
        TokenUsage(
            input: integer(column), output: integer(column + 1), cacheCreation: integer(column + 2), cacheRead: integer(column + 3))
    }
}
