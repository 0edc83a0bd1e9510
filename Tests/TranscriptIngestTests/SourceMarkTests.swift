import BinaryTesting
import Redaction
import Testing

@testable import TranscriptIngest

/// What tells a file that goes on from one that was written anew.
@Suite("Marks of sources")
struct SourceMarkTests {
    private static let lines = (0..<100).map { "line \($0) of the file\n" }

    private static func redactor(_ key: UInt8 = 3) throws -> Redactor { try Redactor(key: [UInt8](repeating: key, count: 32)) }

    private func file(_ text: String, _ scratch: Scratch) throws -> SourceFile {
        try SourceFile(path: try scratch.write(text, to: "file"))
    }

    /// Where a reading stands that took all of `text`.
    private func position(_ text: String, _ scratch: Scratch) throws -> SourcePosition {
        let file = try file(text, scratch)
        var position = SourcePosition(generation: 1, identity: file.identity, offset: Int64(text.utf8.count))
        try SourceMark.set(on: &position, of: file, tail: SourceTailBytes(of: file, before: position.offset), by: try Self.redactor())
        return position
    }

    @Test("A file that has grown is the same one, under the same key alone")
    func grown() async throws {
        try await Scratch.with { scratch in
            let text = Self.lines.joined()
            let position = try position(text, scratch)
            let grown = try file(text + "more\n", scratch)
            #expect(try SourceMark.stands(in: grown, position, by: try Self.redactor()))
            #expect(try !SourceMark.stands(in: grown, position, by: try Self.redactor(4)))
            // Nobody without the key can test what the file may have said.
            #expect(!position.headHash.contains(try #require(try grown.hash(at: 0, length: position.headLength))))
        }
    }

    @Test("One whose last kilobyte moved by a byte, or ends in another way, is not")
    func moved() async throws {
        try await Scratch.with { scratch in
            let text = Self.lines.joined()
            let position = try position(text, scratch)
            let others = [
                text.replacing("line 60 ", with: "line 6 ") + "more\n", text.replacing("line 60 ", with: "line 600 "), text.dropLast() + " \n",
                text.replacing("line 99 ", with: "line 98 "), String(text.dropLast(2)),
            ]
            for other in others {
                let other = try file(other, scratch)
                #expect(try !SourceMark.stands(in: other, position, by: try Self.redactor()))
            }
        }
    }

    @Test("Marks of earlier versions go on to be known: plain hashes of the head, and of the last line without its break")
    func earlier() async throws {
        try await Scratch.with { scratch in
            let text = Self.lines.joined()
            let head = SourceFile.hash(Array(text.utf8.prefix(1024)))
            let last = try #require(Self.lines.last)
            let tail = SourceFile.hash(Array(last.utf8.dropLast()))
            let whole = try file(text + "more\n", scratch)
            for mark in [head, "\(head) \(last.utf8.count - 1) \(tail)"] {
                let position = SourcePosition(
                    generation: 1, identity: "1:1", headHash: mark, headLength: 1024, offset: Int64(text.utf8.count), line: 100)
                #expect(try SourceMark.stands(in: whole, position, by: try Self.redactor()))
            }
            let position = SourcePosition(
                generation: 1, identity: "1:1", headHash: "\(head) \(last.utf8.count - 1) \(tail)", headLength: 1024,
                offset: Int64(text.utf8.count), line: 100)
            let shorter = try file(text.replacing("line 60 ", with: "line 6 ") + "more\n", scratch)
            #expect(try !SourceMark.stands(in: shorter, position, by: try Self.redactor()))
        }
    }
}
