import Crypto
import GRDB
import JSON
import MemoryStore

/// Collects the raw records of a batch, packs them together and keeps long strings once.
///
/// A long string is replaced by `{"$blob":"HASH"}`. An object that has this shape of itself, one member named `$blob` or
/// `$$blob` and so on, gets one `$` more, so that reading takes one away and nothing is ambiguous.
struct RawChunkWriter: ~Copyable {
    static let blobLength = 8192
    /// A chunk is opened to read one record of it, so it stays small.
    private static let chunkLength = 1 << 20

    private let connection: Database
    private var source: Int64
    private let compressor: Compressor
    private var bytes: [UInt8] = []
    private var offsets: (first: Int64, last: Int64)?
    private var count = 0
    private var storedBlobs: Set<[UInt8]> = []

    init(_ connection: Database, source: Int64) throws {
        self.connection = connection
        self.source = source
        compressor = try Compressor()
    }

    /// The bytes of a record as a chunk holds it. Its long texts are stored here: only for a record that is kept.
    mutating func encode(_ value: JSONValue) throws -> [UInt8] {
        let encoding = RawRecordEncoding(value)
        for blob in encoding.blobs { try store(blob) }
        return encoding.bytes
    }

    /// What is added from now on is another source's.
    mutating func move(to source: Int64) throws {
        try flush()
        self.source = source
    }

    /// Adds a record and keeps its long texts; the answer is its place in the chunk.
    mutating func append(_ record: RawRecordEncoding, offset: Int64) throws -> Int64 {
        for blob in record.blobs { try store(blob) }
        return try append(record.bytes, offset: offset)
    }

    /// Adds a record; the answer is its place in the chunk.
    mutating func append(_ record: [UInt8], offset: Int64) throws -> Int64 {
        if count > 0, bytes.count + record.count > Self.chunkLength { try flush() }
        if count > 0 { bytes.append(UInt8(ascii: "\n")) }
        bytes.append(contentsOf: record)
        offsets = (offsets?.first ?? offset, offset)
        count += 1
        return Int64(count - 1)
    }

    mutating func flush() throws {
        guard let offsets else { return }
        try SQLStatement(connection, "INSERT INTO raw_chunks(source, first_offset, last_offset, length, frame) VALUES (?, ?, ?, ?, ?)").run(
            .integer(source), .integer(offsets.first), .integer(offsets.last), .integer(bytes.count), .bytes(try compressor.compress(bytes)))
        bytes.removeAll(keepingCapacity: true)
        self.offsets = nil
        count = 0
    }

    private mutating func store(_ blob: RawRecordEncoding.Blob) throws {
        guard storedBlobs.insert(blob.hash).inserted else { return }
        let isStored = try SQLStatement(connection, "SELECT 1 FROM blobs WHERE hash = ?").first(.bytes(blob.hash)) { _ in true }
        guard isStored == nil else { return }
        try SQLStatement(connection, "INSERT INTO blobs(hash, length, frame) VALUES (?, ?, ?)")
            .run(.bytes(blob.hash), .integer(blob.text.count), .bytes(try compressor.compress(blob.text)))
    }
}

/// A record as a chunk holds it, and the long texts that it names instead of holding them.
struct RawRecordEncoding {
    struct Blob {
        var hash: [UInt8]
        var text: [UInt8]
    }

    private(set) var bytes: [UInt8] = []
    private(set) var blobs: [Blob] = []

    init(_ value: JSONValue) {
        var writer = JSONWriter()
        write(value, to: &writer)
        bytes = writer.bytes
    }

    private mutating func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value {
        case .string(let text) where text.utf8.count >= RawChunkWriter.blobLength:
            let text = Array(text.utf8)
            let hash = Array(SHA256.hash(data: text))
            blobs.append(Blob(hash: hash, text: text))
            writer.beginObject()
            writer.key(BlobReference.key)
            writer.write(BlobReference.text(of: hash))
            writer.endObject()
        case .array(let elements):
            writer.beginArray()
            for element in elements { write(element, to: &writer) }
            writer.endArray()
        case .object(let object):
            let isLikeReference = object.count == 1 && BlobReference.resembles(object.members[0].key)
            writer.beginObject()
            for member in object.members {
                writer.key(isLikeReference ? "$" + member.key : member.key)
                write(member.value, to: &writer)
            }
            writer.endObject()
        default: writer.write(value)
        }
    }
}

enum BlobReference {
    static let key = "$blob"

    static func resembles(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        return bytes.count > 4 && bytes.suffix(4).elementsEqual("blob".utf8) && bytes.dropLast(4).allSatisfy { $0 == UInt8(ascii: "$") }
    }

    static func text(of hash: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func hash(_ text: String) -> [UInt8]? {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 64, !digits.contains(nil) else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
    }
}
