import GRDB
import GRDBSQLite

/// A value bound to a statement.
///
/// GRDB binds and reads a string up to its first NUL; transcripts hold NUL characters in texts and may hold them in ids. So
/// statements are bound and read here, with lengths, on the connections that GRDB keeps.
enum SQLValue {
    case null
    case integer(Int64)
    case text(String)
    /// The UTF-8 bytes of a string as a BLOB.
    case utf8(String)
    case bytes([UInt8])

    static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    static func integer(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
    static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    static func bytes(_ value: [UInt8]?) -> SQLValue { value.map { .bytes($0) } ?? .null }
    static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}

/// A prepared statement of one connection; each call binds, runs and resets it.
struct SQLStatement {
    private let statement: Statement
    private var handle: OpaquePointer { statement.sqliteStatement }

    /// Takes the statement from the connection's cache: no two users of the same text may be under way at once.
    init(_ connection: Database, _ sql: String) throws {
        statement = try connection.cachedStatement(sql: sql)
    }

    func run(_ values: SQLValue...) throws {
        try each(values) { _ in true }
    }

    func first<T>(_ values: SQLValue..., read: (SQLRow) throws -> T) throws -> T? {
        var result: T?
        try each(values) { row in
            result = try read(row)
            return false
        }
        return result
    }

    func all<T>(_ values: SQLValue..., read: (SQLRow) throws -> T) throws -> [T] {
        try all(values, read: read)
    }

    func all<T>(_ values: [SQLValue], read: (SQLRow) throws -> T) throws -> [T] {
        var result: [T] = []
        try each(values) { row in
            result.append(try read(row))
            return true
        }
        return result
    }

    /// Calls `body` with each row until it returns `false`.
    func each(_ values: [SQLValue], _ body: (SQLRow) throws -> Bool) throws {
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: guard try body(SQLRow(handle: handle)) else { return }
            case SQLITE_DONE: return
            default: throw failure
            }
        }
    }

    private func bind(_ value: SQLValue, at index: Int32) throws {
        let code =
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let number): sqlite3_bind_int64(handle, index, number)
            case .text(var text): text.withUTF8 { bindText($0, at: index) }
            case .utf8(var text): text.withUTF8 { bindBytes(UnsafeRawBufferPointer($0), at: index) }
            case .bytes(let bytes): bytes.withUnsafeBytes { bindBytes($0, at: index) }
            }
        guard code == SQLITE_OK else { throw failure }
    }

    // An empty buffer has no address, and a null pointer would bind NULL where an empty value is meant.
    private func bindText(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int32) -> Int32 {
        guard !bytes.isEmpty else { return sqlite3_bind_text(handle, index, "", 0, Self.copied) }
        return bytes.withMemoryRebound(to: CChar.self) {
            sqlite3_bind_text64(handle, index, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
        }
    }

    private func bindBytes(_ bytes: UnsafeRawBufferPointer, at index: Int32) -> Int32 {
        guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
        return sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), Self.copied)
    }

    private var failure: DatabaseError {
        let connection = sqlite3_db_handle(handle)
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)), message: String(cString: sqlite3_errmsg(connection)))
    }

    /// `SQLITE_TRANSIENT`, a cast macro that Swift does not import: SQLite copies the bytes before the call returns.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

/// The row that a statement stands on; valid only inside of the closure that received it.
struct SQLRow {
    fileprivate let handle: OpaquePointer

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }
    func flag(_ column: Int32) -> Bool { integer(column) != 0 }
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The column's bytes as text, whether it holds TEXT or a BLOB.
    func text(_ column: Int32) -> String {
        withBytes(column) { String(decoding: $0, as: UTF8.self) }
    }

    func bytes(_ column: Int32) -> [UInt8] {
        withBytes(column) { Array($0) }
    }

    func withBytes<T>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        let start = sqlite3_column_blob(handle, column)
        return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
    }
}
