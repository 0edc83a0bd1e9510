import GRDB
import MemoryModel
package import MemoryStore
import Redaction

extension SQLiteStore {
    package func exclusions() async throws(StoreError) -> [ExclusionRule] {
        try await read("read the rules of what is not stored") { connection in
            try SQLStatement(connection, "SELECT name, kind, pattern, created FROM exclusions ORDER BY name").all { row in
                // A kind of a newer version excludes nothing here, and is not lost.
                ExclusionRule.Kind(rawValue: row.text(1)).map { kind in
                    ExclusionRule(name: row.text(0), kind: kind, pattern: row.text(2), created: Timestamp(milliseconds: row.integer(3)))
                }
            }.compactMap(\.self)
        }
    }

    package func addExclusion(_ rule: ExclusionRule) async throws(StoreError) {
        let operation = "add the rule \(rule.name)"
        try await write(operation) { connection in
            guard try !Self.exists("SELECT 1 FROM exclusions WHERE name = ?", .text(rule.name), connection) else {
                throw StoreError(.invalid, operation: operation, cause: "there is a rule of that name; remove it first, or choose another name")
            }
            try SQLStatement(connection, "INSERT INTO exclusions(name, kind, pattern, created) VALUES (?, ?, ?, ?)").run(
                .text(rule.name), .text(rule.kind.rawValue), .text(rule.pattern), .integer(rule.created.milliseconds))
        }
    }

    package func removeExclusion(_ name: String) async throws(StoreError) {
        let operation = "remove the rule \(name)"
        try await write(operation) { connection in
            guard try Self.exists("SELECT 1 FROM exclusions WHERE name = ?", .text(name), connection) else {
                throw StoreError(.invalid, operation: operation, cause: "there is none of that name; `magenta exclude` lists them")
            }
            try SQLStatement(connection, "DELETE FROM exclusions WHERE name = ?").run(.text(name))
        }
    }

    package func excludedLines() async throws(StoreError) -> [String: Int] {
        try await read("count the lines that were not stored") { connection in
            let prefix = ExclusionRule.reasonPrefix
            var result: [String: Int] = [:]
            try SQLStatement(
                connection, "SELECT reason, count(*) FROM records WHERE reason >= ?1 AND substr(reason, 1, ?2) = ?1 GROUP BY reason"
            ).each([.text(prefix), .integer(prefix.count)]) { row in
                result[String(row.text(0).dropFirst(prefix.count))] = Int(row.integer(1))
                return true
            }
            return result
        }
    }

    package func lastReason(of key: SourceKey) async throws(StoreError) -> String? {
        try await read("read what became of the last line of \(key.path.value)") { connection in
            let source = try SQLStatement(
                connection, "SELECT id FROM sources WHERE spool = ? AND path = ? ORDER BY generation DESC LIMIT 1"
            ).first(.text(key.spool.value), .text(key.path.value)) { $0.integer(0) }
            guard let source else { return nil }
            return try SQLStatement(connection, "SELECT reason FROM records WHERE source = ? ORDER BY offset DESC LIMIT 1")
                .first(.integer(source)) { $0.optionalText(0) } ?? nil
        }
    }

    package func retentions() async throws(StoreError) -> [RetentionRule] {
        try await read("read the rules of how long is kept") { connection in
            try SQLStatement(connection, "SELECT project, days FROM retentions ORDER BY project").all { row in
                RetentionRule(project: row.text(0).isEmpty ? nil : row.text(0), days: row.optionalInteger(1).map { Int($0) })
            }
        }
    }

    package func setRetention(_ rule: RetentionRule) async throws(StoreError) {
        try await write("keep the rule of how long is kept") { connection in
            try SQLStatement(
                connection, "INSERT INTO retentions(project, days) VALUES (?, ?) ON CONFLICT DO UPDATE SET days = excluded.days"
            ).run(.text(rule.project ?? ""), .integer(rule.days.map { Int64($0) }))
        }
    }

    package func removeRetention(project: String?) async throws(StoreError) {
        let operation = "remove the rule of how long \(project ?? "everything") is kept"
        try await write(operation) { connection in
            guard try Self.exists("SELECT 1 FROM retentions WHERE project = ?", .text(project ?? ""), connection) else {
                throw StoreError(.invalid, operation: operation, cause: "there is none; `magenta retention` lists them")
            }
            try SQLStatement(connection, "DELETE FROM retentions WHERE project = ?").run(.text(project ?? ""))
        }
    }

    package func noteCopy(_ copy: StoreCopy) async throws(StoreError) {
        try await write("note the copy \(copy.path)") { connection in
            try SQLStatement(
                connection, "INSERT INTO copies(kind, path, time) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET time = excluded.time"
            ).run(.text(copy.kind.rawValue), .text(copy.path), .integer(copy.time.milliseconds))
        }
    }

    package func copies() async throws(StoreError) -> [StoreCopy] {
        let noted = try await read("read which copies there are") { connection in
            try SQLStatement(connection, "SELECT kind, path, time FROM copies ORDER BY time, id").all { row in
                StoreCopy.Kind(rawValue: row.text(0)).map { kind in
                    StoreCopy(kind: kind, path: row.text(1), time: Timestamp(milliseconds: row.integer(2)))
                }
            }.compactMap(\.self)
        }
        let files = files
        let former = try await Self.blocking(on: queue) { () throws(StoreError) in files.formerStores() }
        return noted + former.filter { copy in !noted.contains { $0.path == copy.path } }
    }

    static func exists(_ sql: String, _ value: SQLValue, _ connection: Database) throws -> Bool {
        try SQLStatement(connection, sql).first(value) { _ in true } ?? false
    }
}
