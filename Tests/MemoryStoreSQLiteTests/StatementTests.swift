import GRDB
import Testing

@testable import MemoryStoreSQLite

@Suite struct `SQL statements` {
    @Test func `values come back as they were bound, empty ones and NUL too`() throws {
        let connection = try DatabaseQueue()
        try connection.read { connection in
            let statement = try SQLStatement(connection, "SELECT ?1, typeof(?1), ifnull(length(CAST(?1 AS BLOB)), -1)")
            let values: [(SQLValue, String, Int64, [UInt8])] = [
                (.null, "null", -1, []), (.integer(-7), "integer", 2, Array("-7".utf8)), (.text(""), "text", 0, []),
                (.text("a\0b"), "text", 3, [97, 0, 98]), (.utf8(""), "blob", 0, []), (.utf8("é\0"), "blob", 3, [195, 169, 0]),
                (.bytes([]), "blob", 0, []), (.bytes([0, 255]), "blob", 2, [0, 255]),
            ]
            for (value, type, length, bytes) in values {
                let row = try statement.first(value) { ($0.bytes(0), $0.text(1), $0.integer(2)) }
                #expect(row?.0 == bytes)
                #expect(row?.1 == type)
                #expect(row?.2 == length)
            }
        }
    }

    @Test func `a failure tells SQLite's code`() throws {
        let connection = try DatabaseQueue()
        try connection.write { connection in
            try connection.execute(sql: "CREATE TABLE once(id INTEGER PRIMARY KEY)")
            let insert = try SQLStatement(connection, "INSERT INTO once VALUES (?)")
            try insert.run(.integer(1))
            let error = #expect(throws: DatabaseError.self) { try insert.run(.integer(1)) }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT)
            try insert.run(.integer(2))
        }
    }
}
