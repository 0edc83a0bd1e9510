import GRDB
package import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func eras() async throws(StoreError) -> [Era] {
        try await read("read the eras") { try Self.eras($0) }
    }

    package func startEra(_ name: String, at start: Timestamp) async throws(StoreError) -> Era {
        let operation = "start an era"
        try Self.check(eraName: name, operation: operation)
        return try await write(operation) { connection in
            let eras = try Self.eras(connection)
            try Self.check(name, isFreeAmong: eras, operation: operation)
            if let current = eras.last, start <= current.start {
                throw StoreError(
                    .invalid, operation: operation,
                    cause: "it would begin at \(start), and the current era began at \(current.start); give a later instant")
            }
            try SQLStatement(connection, "INSERT INTO eras(name, start) VALUES (?, ?)").run(.text(name), .integer(start.milliseconds))
            return Era(name: name, start: start, end: nil)
        }
    }

    package func renameEra(_ name: String, to newName: String) async throws(StoreError) -> Era {
        let operation = "rename an era"
        try Self.check(eraName: newName, operation: operation)
        return try await write(operation) { connection in
            let eras = try Self.eras(connection)
            guard let era = eras.first(where: { $0.name.lowercased() == name.lowercased() }) else {
                throw StoreError(.invalid, operation: operation, cause: "no era has that name; `magenta era list` shows them")
            }
            try Self.check(newName, isFreeAmong: eras.filter { $0 != era }, operation: operation)
            try SQLStatement(connection, "UPDATE eras SET name = ? WHERE start = ?").run(.text(newName), .integer(era.start.milliseconds))
            return Era(name: newName, start: era.start, end: era.end)
        }
    }

    package func statistics(from start: Timestamp, until end: Timestamp?) async throws(StoreError) -> EraStatistics {
        try await read("count what an era holds") { connection in
            var result = EraStatistics()
            let range = "is_own_echo = 0 AND time >= ?1 AND time < ?2"
            let values: [SQLValue] = [.integer(start.milliseconds), .integer(end?.milliseconds ?? .max)]
            try SQLStatement(connection, "SELECT count(*), min(time), max(time) FROM messages WHERE \(range)").each(values) { row in
                result.messages = Int(row.integer(0))
                result.first = row.optionalInteger(1).map { Timestamp(milliseconds: $0) }
                result.last = row.optionalInteger(2).map { Timestamp(milliseconds: $0) }
                return false
            }
            try SQLStatement(
                connection,
                """
                SELECT count(*), count(DISTINCT conversation) FROM windows
                WHERE id IN (SELECT window FROM messages WHERE \(range))
                """
            ).each(values) { row in
                result.windows = Int(row.integer(0))
                result.conversations = Int(row.integer(1))
                return false
            }
            result.projects = try SQLStatement(
                connection, "SELECT path FROM projects WHERE id IN (SELECT project FROM messages WHERE \(range)) ORDER BY path"
            ).all(values) { $0.text(0) }
            return result
        }
    }

    private static func eras(_ connection: Database) throws -> [Era] {
        let rows = try SQLStatement(connection, "SELECT name, start FROM eras ORDER BY start").all {
            (name: $0.text(0), start: Timestamp(milliseconds: $0.integer(1)))
        }
        return rows.indices.map { index in
            Era(name: rows[index].name, start: rows[index].start, end: index + 1 < rows.count ? rows[index + 1].start : nil)
        }
    }

    private static func check(eraName name: String, operation: String) throws(StoreError) {
        guard (1...200).contains(name.utf8.count), name.contains(where: { !$0.isWhitespace }), !name.utf8.contains(where: { $0 < 0x20 })
        else {
            throw StoreError(.invalid, operation: operation, cause: "a name is one line of 1 to 200 bytes")
        }
    }

    private static func check(_ name: String, isFreeAmong eras: [Era], operation: String) throws(StoreError) {
        guard !eras.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw StoreError(.invalid, operation: operation, cause: "another era has that name; choose a new one")
        }
    }
}

/// Eras that come in with an archive.
enum EraRows {
    /// What the first era is called in a store whose user has not named it.
    private static let firstName = "Era 1"

    /// Adds an era unless one begins at the same instant. The first one, which every store has, takes the archive's name where it has
    /// only the one that it was made with. A name that is taken gets a number.
    static func add(_ name: String, start: Timestamp, _ connection: Database) throws {
        let eras = try SQLStatement(connection, "SELECT name, start FROM eras").all { (name: $0.text(0), start: $0.integer(1)) }
        let same = eras.first { $0.start == start.milliseconds }
        guard same?.name != name, same == nil || (start == .distantPast && same?.name == firstName) else { return }
        let taken = Set(eras.filter { $0.start != start.milliseconds }.map { $0.name.lowercased() })
        var free = name
        var number = 2
        while taken.contains(free.lowercased()) {
            free = "\(name) (\(number))"
            number += 1
        }
        let sql =
            same == nil ? "INSERT INTO eras(name, start) VALUES (?, ?)" : "UPDATE eras SET name = ? WHERE start = ?"
        try SQLStatement(connection, sql).run(.text(free), .integer(start.milliseconds))
    }
}
