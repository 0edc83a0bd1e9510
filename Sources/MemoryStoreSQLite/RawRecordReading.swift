import GRDB
import JSON
package import MemoryStore
package import Redaction

extension SQLiteStore {
    /// The record that brought a message or another node of the chain, as it was captured; `nil` where none is kept.
    package func rawRecord(id: String) async throws(StoreError) -> RedactedJSON? {
        try await rawRecord("read the raw record \(id)") { connection in
            try SQLStatement(connection, "SELECT source, offset FROM nodes WHERE uuid = ?").first(.text(id)) { ($0.integer(0), $0.integer(1)) }
        }
    }

    /// The record of one line of a source.
    package func rawRecord(path: String, generation: Int, offset: Int64) async throws(StoreError) -> RedactedJSON? {
        try await rawRecord("read the raw record at \(offset) of \(path)") { connection in
            try SQLStatement(connection, "SELECT id FROM sources WHERE spool = '' AND path = ? AND generation = ?")
                .first(.text(path), .integer(generation)) { ($0.integer(0), offset) }
        }
    }

    private func rawRecord(
        _ operation: String, at place: @escaping @Sendable (Database) throws -> (source: Int64, offset: Int64)?
    ) async throws(StoreError) -> RedactedJSON? {
        try await read(operation) { connection in
            guard let place = try place(connection) else { return nil }
            return try RawRecordReader(connection: connection, operation: operation).record(source: place.source, offset: place.offset)
        }
    }
}

struct RawRecordReader {
    let connection: Database
    let operation: String
    /// Is told the hash of each long text that a record names.
    var sawBlob: (([UInt8]) -> Void)?

    func record(source: Int64, offset: Int64) throws -> RedactedJSON? {
        let place = try SQLStatement(connection, "SELECT place FROM records WHERE source = ? AND offset = ?")
            .first(.integer(source), .integer(offset)) { $0.optionalInteger(0) }
        guard let place, let place else { return nil }
        let chunk = try SQLStatement(
            connection,
            "SELECT length, frame FROM raw_chunks WHERE source = ? AND first_offset <= ? ORDER BY first_offset DESC LIMIT 1"
        ).first(.integer(source), .integer(offset)) { row in
            try row.withBytes(1) { try decompressed($0, length: Int(row.integer(0))) }
        }
        guard let chunk else { throw damage("its chunk is missing") }
        let lines = chunk.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(Int(place)) else { throw damage("its chunk is too short") }
        return try record(Array(lines[Int(place)]))
    }

    /// A record from the bytes that its chunk holds of it.
    func record(_ line: [UInt8]) throws -> RedactedJSON {
        // What was redacted may nest as deep as the redactor goes.
        let reader = JSONReader(maximumDepth: Redactor.maximumDepth + 2, refusesDuplicateKeys: false)
        guard let value = try? reader.read(line) else { throw damage("it is no JSON") }
        return RedactedJSON(readBackFromStore: try restored(value))
    }

    private func restored(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .array(let elements): return .array(try elements.map { try restored($0) })
        case .object(let object):
            guard object.count == 1, let member = object.members.first, BlobReference.resembles(member.key) else {
                return .object(JSONObject(try object.members.map { JSONObject.Member(key: $0.key, value: try restored($0.value)) }))
            }
            if member.key == BlobReference.key { return .string(try blob(member.value)) }
            return .object(JSONObject([JSONObject.Member(key: String(member.key.dropFirst()), value: try restored(member.value))]))
        default: return value
        }
    }

    private func blob(_ reference: JSONValue) throws -> String {
        guard let hash = reference.string.flatMap(BlobReference.hash) else { throw damage("it names no blob") }
        sawBlob?(hash)
        let text = try SQLStatement(connection, "SELECT length, frame FROM blobs WHERE hash = ?").first(.bytes(hash)) { row in
            String(decoding: try row.withBytes(1) { try decompressed($0, length: Int(row.integer(0))) }, as: UTF8.self)
        }
        guard let text else { throw damage("one of its long texts is missing") }
        return text
    }

    func damage(_ cause: String) -> StoreError {
        StoreError(.corrupt, operation: operation, cause: "\(cause); restore a backup")
    }
}

/// Reads records in the order of their sources and offsets, and opens each chunk once.
final class RawRecordSequence {
    private let reader: RawRecordReader
    private let select: SQLStatement
    private var source: Int64?
    private var offsets: ClosedRange<Int64>?
    private var lines: [ArraySlice<UInt8>] = []

    init(_ connection: Database, operation: String, sawBlob: (([UInt8]) -> Void)? = nil) throws {
        reader = RawRecordReader(connection: connection, operation: operation, sawBlob: sawBlob)
        select = try SQLStatement(
            connection,
            """
            SELECT length, frame, first_offset, last_offset FROM raw_chunks WHERE source = ? AND first_offset <= ?
            ORDER BY first_offset DESC LIMIT 1
            """)
    }

    /// - Parameter place: the number of the record's line in its chunk.
    func record(source: Int64, offset: Int64, place: Int64) throws -> RedactedJSON {
        if source != self.source || offsets?.contains(offset) != true { try open(source, offset) }
        guard lines.indices.contains(Int(place)) else { throw reader.damage("its chunk is too short") }
        return try reader.record(Array(lines[Int(place)]))
    }

    private func open(_ source: Int64, _ offset: Int64) throws {
        offsets = nil
        try select.each([.integer(source), .integer(offset)]) { row in
            let bytes = try row.withBytes(1) { try decompressed($0, length: Int(row.integer(0))) }
            lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            offsets = row.integer(2)...max(row.integer(2), row.integer(3))
            return false
        }
        self.source = source
        guard offsets?.contains(offset) == true else { throw reader.damage("its chunk is missing") }
    }
}
