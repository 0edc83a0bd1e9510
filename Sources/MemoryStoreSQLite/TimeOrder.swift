import GRDB
package import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func messages(_ query: MessageQuery) async throws(StoreError) -> [Message] {
        let operation = "read messages in the order of time"
        let limit = try Self.bounded(query.limit, operation: operation)
        return try await read(operation) { connection in
            let filter = try FilterRows(query.filter, connection)
            if filter.matchesNothing { return [] }
            let (sql, values) = filter.timeOrdered(query.order, after: query.after, limit: limit)
            let rows = try SQLStatement(connection, sql).all(values) { $0.integer(0) }
            return try MessageReader(connection, textLimit: query.textLimit, place: filter.place).messages(rows)
        }
    }

    package func randomMessages(_ filter: MessageFilter, count: Int, textLimit: Int?) async throws(StoreError) -> [Message] {
        let operation = "draw messages at random"
        let count = try Self.bounded(count, operation: operation)
        return try await read(operation) { connection in
            let filter = try FilterRows(filter, connection)
            if filter.matchesNothing || count == 0 { return [] }
            let rows = try Self.draw(count, filter, connection) ?? Self.drawFromAll(count, filter, connection)
            return try MessageReader(connection, textLimit: textLimit, place: filter.place).messages(rows)
        }
    }

    /// Draws rows and keeps those that fit: each is equally likely, and the cost does not depend on how many there are.
    /// `nil` where too few of the store's rows fit.
    private static func draw(_ count: Int, _ filter: FilterRows, _ connection: Database) throws -> [Int64]? {
        let range = try SQLStatement(connection, "SELECT min(id), max(id) FROM messages").first { row in
            row.isNull(0) ? nil : row.integer(0)...row.integer(1)
        }
        guard let range, let range, range.count > count * 2 else { return nil }
        let fits = try SQLStatement(connection, "SELECT messages.id FROM messages WHERE \(filter.sql) AND messages.id = ?")
        var drawn: Set<Int64> = []
        var result: [Int64] = []
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<count * 8 + 64 {
            let id = Int64.random(in: range, using: &generator)
            guard drawn.insert(id).inserted else { continue }
            let isFit = try fits.all(filter.arguments + [.integer(id)]) { _ in true }
            if !isFit.isEmpty { result.append(id) }
            if result.count == count { return result }
        }
        return nil
    }

    private static func drawFromAll(_ count: Int, _ filter: FilterRows, _ connection: Database) throws -> [Int64] {
        try SQLStatement(connection, "SELECT messages.id FROM messages WHERE \(filter.sql) ORDER BY random() LIMIT ?")
            .all(filter.arguments + [.integer(count)]) { $0.integer(0) }
    }
}
