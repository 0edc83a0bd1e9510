import GRDB
import JSON
import MemoryStore

/// Takes lines out of raw chunks: the chunk is written anew without them, so that nothing of a line is left in its frame.
final class RawErasure {
    private let connection: Database
    private let forgotten: ForgottenRows?
    private let compressor: Compressor
    private let operation: String

    /// - Parameter forgotten: where the lines' hashes are kept; `nil` where the line's id is known to be there.
    init(_ connection: Database, forgotten: ForgottenRows?, operation: String) throws {
        self.connection = connection
        self.forgotten = forgotten
        self.operation = operation
        compressor = try Compressor()
    }

    /// Takes what these lines said; their places stay accounted for.
    func erase(source: Int64, offsets: [Int64]) throws {
        var rest = Set(offsets)
        while let offset = rest.min() {
            let chunk = try self.chunk(of: source, offset)
            let here = chunk.map { chunk in rest.filter { $0 <= chunk.last } } ?? [offset]
            try erase(here.sorted(), of: source, chunk)
            rest.subtract(here)
        }
    }

    private struct Chunk {
        var id: Int64
        var last: Int64
        var lines: [[UInt8]]
    }

    private func chunk(of source: Int64, _ offset: Int64) throws -> Chunk? {
        let chunk = try SQLStatement(
            connection,
            """
            SELECT id, last_offset, length, frame FROM raw_chunks WHERE source = ? AND first_offset <= ? ORDER BY first_offset DESC LIMIT 1
            """
        ).first(.integer(source), .integer(offset)) { row in
            let bytes = try row.withBytes(3) { try decompressed($0, length: Int(row.integer(2))) }
            return Chunk(
                id: row.integer(0), last: row.integer(1),
                lines: bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init))
        }
        guard let chunk, chunk.last >= offset else { return nil }
        return chunk
    }

    private func erase(_ offsets: [Int64], of source: Int64, _ chunk: Chunk?) throws {
        var lines = chunk?.lines ?? []
        let select = try SQLStatement(connection, "SELECT place FROM records WHERE source = ? AND offset = ?")
        let update = try SQLStatement(
            connection, "UPDATE records SET outcome = ?, reason = ?, place = NULL, hash = NULL WHERE source = ? AND offset = ?")
        for offset in offsets {
            let place = try select.first(.integer(source), .integer(offset)) { $0.optionalInteger(0) } ?? nil
            if let place, lines.indices.contains(Int(place)) {
                let line = lines[Int(place)]
                try forgotten?.add(.raw, line)
                try noteBlobs(of: line)
                lines[Int(place)] = []
            }
            try update.run(
                .integer(RecordOutcome.known.column), .text(ForgottenRows.reason), .integer(source), .integer(offset))
        }
        guard let chunk, lines != chunk.lines else { return }
        if lines.allSatisfy(\.isEmpty) {
            return try SQLStatement(connection, "DELETE FROM raw_chunks WHERE id = ?").run(.integer(chunk.id))
        }
        let bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        try SQLStatement(connection, "UPDATE raw_chunks SET length = ?, frame = ? WHERE id = ?")
            .run(.integer(bytes.count), .bytes(try compressor.compress(bytes)), .integer(chunk.id))
    }

    /// Long texts that the line named may belong to nobody now.
    private func noteBlobs(of line: [UInt8]) throws {
        for hash in BlobReference.all(in: line[...]) {
            try SQLStatement(connection, "INSERT OR IGNORE INTO erasing_blobs(hash) VALUES (?)").run(.bytes(hash))
        }
    }
}

extension BlobReference {
    private static let start = Array("\"$blob\":\"".utf8)

    /// The hashes that bytes of a chunk name. What only looks like a reference is among them: it keeps a text that could go, or asks
    /// for one that is in use.
    static func all(in bytes: ArraySlice<UInt8>) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var rest = bytes
        while let quote = rest.firstIndex(of: UInt8(ascii: "$")) {
            let end = quote + start.count - 1 + 64 - 1
            if quote > bytes.startIndex, end < bytes.endIndex, bytes[(quote - 1)..<(quote - 1 + start.count)].elementsEqual(start) {
                let digits = bytes[(quote - 1 + start.count)..<(quote - 1 + start.count + 64)]
                if let hash = hash(String(decoding: digits, as: UTF8.self)) { result.append(hash) }
            }
            rest = rest[(quote + 1)...]
        }
        return result
    }
}

/// Removes long texts that no raw record names any more.
enum BlobErasure {
    /// - Returns: the hashes that some chunk names, and the newest chunk that was looked at.
    static func used(_ connection: Database) throws -> (hashes: Set<[UInt8]>, newest: Int64)? {
        let isNeeded = try SQLStatement(connection, "SELECT 1 FROM erasing_blobs LIMIT 1").first { _ in true } ?? false
        guard isNeeded else { return nil }
        return try used(connection, behind: 0)
    }

    /// Chunks that came since are looked at here, in the transaction that removes.
    static func remove(unusedBut used: (hashes: Set<[UInt8]>, newest: Int64), _ connection: Database) throws {
        let since = try self.used(connection, behind: used.newest).hashes
        let candidates = try SQLStatement(connection, "SELECT hash FROM erasing_blobs").all { $0.bytes(0) }
        for hash in candidates where !used.hashes.contains(hash) && !since.contains(hash) {
            try SQLStatement(connection, "DELETE FROM blobs WHERE hash = ?").run(.bytes(hash))
        }
        try SQLStatement(connection, "DELETE FROM erasing_blobs").run()
    }

    private static func used(_ connection: Database, behind id: Int64) throws -> (hashes: Set<[UInt8]>, newest: Int64) {
        var hashes: Set<[UInt8]> = []
        var newest = id
        try SQLStatement(connection, "SELECT id, length, frame FROM raw_chunks WHERE id > ? ORDER BY id").each([.integer(id)]) { row in
            newest = row.integer(0)
            let bytes = try row.withBytes(2) { try decompressed($0, length: Int(row.integer(1))) }
            hashes.formUnion(BlobReference.all(in: bytes[...]))
            return true
        }
        return (hashes, newest)
    }
}
