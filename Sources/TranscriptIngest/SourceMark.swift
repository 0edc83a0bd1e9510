import MemoryStore
import Redaction

/// What tells a file that goes on from one that was rewritten at its path: its first bytes, and the last ones that were taken.
///
/// The head alone does not do: a file that was cut in the middle and has grown again past the place it was read to begins as it did
/// before, and the lines between the cut and that place would never be read.
///
/// Kept in ``SourcePosition/headHash`` as `2 HEAD TAIL-LENGTH TAIL`, each a ``Fingerprint``: the file is not redacted. Earlier versions
/// kept plain SHA-256, without the 2 and with the tail of the last line alone and without its break, or the head alone.
enum SourceMark {
    private static let headLength = 1024
    fileprivate static let tailLength = 1024
    private static let version = "2"

    static func set(on position: inout SourcePosition, of file: SourceFile, tail: SourceTailBytes, by redactor: Redactor) throws(ImportError) {
        position.headLength = Int(min(position.offset, Int64(headLength)))
        let head = try file.fingerprint(at: 0, length: position.headLength, by: redactor) ?? ""
        position.headHash = "\(version) \(head) \(tail.bytes.count) \(redactor.fingerprint(of: tail.bytes))"
    }

    static func stands(in file: SourceFile, _ position: SourcePosition, by redactor: Redactor) throws(ImportError) -> Bool {
        let parts = position.headHash.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == version else { return try standsUnkeyed(in: file, position, parts) }
        guard let length = readLength(parts[2], before: position.offset) else { return false }
        guard try file.fingerprint(at: 0, length: position.headLength, by: redactor) == parts[1] else { return false }
        return try file.fingerprint(at: position.offset - Int64(length), length: length, by: redactor) == parts[3]
    }

    private static func standsUnkeyed(in file: SourceFile, _ position: SourcePosition, _ parts: [String]) throws(ImportError) -> Bool {
        guard try file.hash(at: 0, length: position.headLength) == parts.first else { return false }
        guard parts.count == 3 else { return parts.count == 1 }
        guard let length = readLength(parts[1], before: position.offset - 1) else { return false }
        // Without the break a line that became shorter by one byte would pass.
        guard try file.hash(at: position.offset - 1, length: 1) == SourceFile.hash([UInt8(ascii: "\n")]) else { return false }
        return try file.hash(at: position.offset - 1 - Int64(length), length: length) == parts[2]
    }

    private static func readLength(_ text: String, before offset: Int64) -> Int? {
        Int(text).flatMap { (0...tailLength).contains($0) && Int64($0) <= offset ? $0 : nil }
    }
}

/// The bytes in front of the place that a reading has come to, whatever lines they belong to: a blank line by itself would tell nothing.
///
/// They are kept as they were read. Were they read again, a file that was cut meanwhile would go unseen.
struct SourceTailBytes {
    /// The last bytes in front of the last line's end, that line's break among them.
    private(set) var bytes: [UInt8]
    /// The last bytes that were read.
    private var recent: [UInt8]

    /// - Parameter before: where a reading begins.
    /// - Returns: with a tail of no bytes where the file is shorter.
    init(of file: SourceFile, before offset: Int64) throws(ImportError) {
        let length = Int(min(offset, Int64(SourceMark.tailLength)))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(length, 1), alignment: 1)
        defer { buffer.deallocate() }
        let count = try file.read(at: offset - Int64(length), into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<length]))
        bytes = Array(buffer[..<count])
        recent = bytes
    }

    /// - Parameters:
    ///   - offset: where the chunk stands in the file: behind the one before.
    ///   - lineEnd: the place behind the last line break so far.
    mutating func append(_ chunk: UnsafeRawBufferPointer, at offset: Int64, lineEnd: Int64) {
        if lineEnd > offset {
            let whole = chunk[..<min(Int(lineEnd - offset), chunk.count)]
            bytes = Self.last(of: recent, whole)
        }
        recent = Self.last(of: recent, chunk[...])
    }

    private static func last(of recent: [UInt8], _ chunk: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        Array((recent + chunk.suffix(SourceMark.tailLength)).suffix(SourceMark.tailLength))
    }
}
