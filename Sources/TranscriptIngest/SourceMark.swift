import MemoryStore
import Transcripts

/// What tells a file that goes on from one that was rewritten at its path: its first bytes, and its last line that was taken.
///
/// The head alone does not do: a file that was cut in the middle and has grown again past the place it was read to begins as it did
/// before, and the lines between the cut and that place would never be read.
///
/// Kept in ``SourcePosition/headHash`` as `HEAD` or `HEAD TAIL-LENGTH TAIL`, each hash SHA-256 in hexadecimal; earlier versions kept
/// the head alone.
enum SourceMark {
    private static let headLength = 1024
    private static let tailLength = 1024

    /// The last bytes of a line as it was parsed, without its line break; empty for one too long to be held.
    static func tail(of line: LineSplitter.Line) -> [UInt8] {
        if case .bytes(let bytes) = line.content { Array(bytes.suffix(tailLength)) } else { [] }
    }

    /// - Parameter tail: the bytes of the last line as they were parsed. Were they read again, a file that was cut meanwhile would go unseen.
    static func set(on position: inout SourcePosition, of file: SourceFile, tail: [UInt8]) throws(ImportError) {
        position.headLength = Int(min(position.offset, Int64(headLength)))
        let head = try file.hash(at: 0, length: position.headLength) ?? ""
        position.headHash = tail.isEmpty ? head : "\(head) \(tail.count) \(SourceFile.hash(tail))"
    }

    static func stands(in file: SourceFile, _ position: SourcePosition) throws(ImportError) -> Bool {
        let parts = position.headHash.split(separator: " ", omittingEmptySubsequences: false)
        guard try file.hash(at: 0, length: position.headLength) == parts.first.map(String.init) else { return false }
        guard parts.count == 3, let length = Int(parts[1]) else { return parts.count == 1 }
        let start = position.offset - 1 - Int64(length)
        guard (0...tailLength).contains(length), start >= 0 else { return false }
        return try file.hash(at: start, length: length) == String(parts[2])
    }
}
