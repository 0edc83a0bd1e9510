import GRDB
package import MemoryModel
package import MemoryStore

extension SQLiteStore {
    /// So many nodes of a prefix are looked at: those of records that are no messages stand among them.
    private static let searchedNodes = 10_000

    package func messageIDs(startingWith prefix: String, limit: Int) async throws(StoreError) -> [String] {
        let operation = "complete the id of a message"
        let limit = try Self.bounded(limit, operation: operation)
        return try await read(operation) { connection in
            try SQLStatement(
                connection,
                """
                SELECT nodes.uuid FROM (SELECT uuid, message FROM nodes WHERE uuid >= ? AND uuid < ? ORDER BY uuid LIMIT \(Self.searchedNodes))
                    AS nodes CROSS JOIN messages ON messages.id = nodes.message WHERE messages.is_own_echo = 0 ORDER BY nodes.uuid LIMIT ?
                """
            ).all(.text(prefix), .text(IndexRange.end(of: prefix)), .integer(limit)) { $0.text(0) }
        }
    }

    package func windowIDs(startingWith digits: String, limit: Int) async throws(StoreError) -> [WindowID] {
        let operation = "complete the number of a window"
        let limit = try Self.bounded(limit, operation: operation)
        let ranges = Self.numbers(startingWith: digits)
        return try await read(operation) { connection in
            let select = try SQLStatement(connection, "SELECT id FROM windows WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?")
            var found: [WindowID] = []
            for range in ranges where found.count < limit {
                found += try select.all(.integer(range.lowerBound), .integer(range.upperBound), .integer(limit - found.count)) {
                    WindowID(number: $0.integer(0))
                }
            }
            return found
        }
    }

    /// The numbers that begin with these digits, each with one digit more than the next.
    private static func numbers(startingWith digits: String) -> [ClosedRange<Int64>] {
        if digits.isEmpty { return [1 ... .max] }
        guard digits.utf8.count <= 18, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(digits), digits.first != "0"
        else { return [] }
        var ranges: [ClosedRange<Int64>] = []
        var power: Int64 = 1
        for _ in digits.utf8.count...18 {
            ranges.append(number * power...(number * power + power - 1))
            power *= 10
        }
        return ranges.reversed()
    }

    package func projects(startingWith prefix: String, limit: Int) async throws(StoreError) -> [String] {
        let operation = "complete the name of a project"
        let limit = try Self.bounded(limit, operation: operation)
        let column = prefix.contains("/") || prefix.contains("\\") ? "path" : "name"
        return try await read(operation) { connection in
            try SQLStatement(
                connection, "SELECT DISTINCT \(column) FROM projects WHERE \(column) >= ? AND \(column) < ? ORDER BY \(column) LIMIT ?"
            ).all(.text(prefix), .text(IndexRange.end(of: prefix)), .integer(limit)) { $0.text(0) }
        }
    }
}
