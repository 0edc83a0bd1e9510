import MemoryStore

/// What tells a file that goes on from one that was rewritten at its path: its first bytes, and the last ones that were taken.
///
/// The head alone does not do: a file that was cut in the middle and has grown again past the place it was read to begins as it did
/// before, and the lines between the cut and that place would never be read.
///
/// Kept in ``SourcePosition/headHash`` as `HEAD TAIL-LENGTH TAIL`, each hash SHA-256 in hexadecimal. Earlier versions left the last line
/// break out of the tail, took the tail of the last line alone, and kept the head by itself where that line was blank.
enum SourceMark {
    private static let headLength = 1024
    fileprivate static let tailLength = 1024

    static func set(on position: inout SourcePosition, of file: SourceFile, tail: SourceTailBytes) throws(ImportError) {
        position.headLength = Int(min(position.offset, Int64(headLength)))
        let head = try file.hash(at: 0, length: position.headLength) ?? ""
        position.headHash = "\(head) \(tail.bytes.count) \(SourceFile.hash(tail.bytes))"
    }

    static func stands(in file: SourceFile, _ position: SourcePosition) throws(ImportError) -> Bool {
        let parts = position.headHash.split(separator: " ", omittingEmptySubsequences: false)
        guard try file.hash(at: 0, length: position.headLength) == parts.first.map(String.init) else { return false }
        guard parts.count == 3, let length = Int(parts[1]) else { return parts.count == 1 }
        for start in [position.offset - Int64(length), position.offset - 1 - Int64(length)] {
            guard (0...tailLength).contains(length), start >= 0 else { return false }
            if try file.hash(at: start, length: length) == String(parts[2]) { return true }
        }
        return false
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
