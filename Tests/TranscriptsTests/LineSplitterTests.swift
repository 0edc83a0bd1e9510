import Testing
import Transcripts

@Suite("Line splitter")
struct LineSplitterTests {
    private struct Seen: Equatable {
        var offset: Int64
        var number: Int64
        var text: String?
        var length: Int
    }

    private func lines(_ text: String, chunk: Int, _ splitter: inout LineSplitter) -> [Seen] {
        let bytes = Array(text.utf8)
        var seen: [Seen] = []
        var index = 0
        while index < bytes.count {
            let end = min(index + chunk, bytes.count)
            bytes[index..<end].withUnsafeBytes { buffer in
                splitter.append(buffer) { line in
                    var text: String?
                    if case .bytes(let bytes) = line.content { text = String(decoding: bytes, as: UTF8.self) }
                    seen.append(Seen(offset: line.offset, number: line.number, text: text, length: line.length))
                }
            }
            index = end
        }
        return seen
    }

    @Test(arguments: [1, 2, 3, 5, 7, 100])
    func `lines come out the same whatever the chunks`(chunk: Int) {
        var splitter = LineSplitter()
        let seen = lines("one\n\nzwölf\r\nhalf", chunk: chunk, &splitter)
        #expect(
            seen == [
                Seen(offset: 0, number: 1, text: "one", length: 3), Seen(offset: 4, number: 2, text: "", length: 0),
                Seen(offset: 5, number: 3, text: "zwölf\r", length: 7),
            ])
        #expect(splitter.offset == 13)
        #expect(splitter.lineCount == 3)
        #expect(splitter.pendingLength == 4)
        #expect(splitter.readOffset == 17)
    }

    @Test func `a splitter goes on at an offset`() {
        var splitter = LineSplitter(offset: 13, lineCount: 3)
        #expect(lines("half\n", chunk: 2, &splitter) == [Seen(offset: 13, number: 4, text: "half", length: 4)])
        #expect(splitter.offset == 18)
    }

    @Test(arguments: [1, 4, 64])
    func `a line over the limit is reported and not kept`(chunk: Int) {
        var splitter = LineSplitter(maximumLength: 8)
        let seen = lines("12345678\n123456789\nok\n", chunk: chunk, &splitter)
        #expect(
            seen == [
                Seen(offset: 0, number: 1, text: "12345678", length: 8), Seen(offset: 9, number: 2, text: nil, length: 9),
                Seen(offset: 19, number: 3, text: "ok", length: 2),
            ])
        #expect(splitter.offset == 22)
    }

    @Test func `an error leaves the splitter before the line that caused it`() {
        struct Stop: Error {}
        var splitter = LineSplitter()
        #expect(throws: Stop.self) {
            try Array("a\nb\nc\n".utf8).withUnsafeBytes { bytes in
                try splitter.append(bytes) { line throws(Stop) in
                    if line.number == 2 { throw Stop() }
                }
            }
        }
        #expect(splitter.offset == 2)
        #expect(splitter.lineCount == 1)
    }
}
