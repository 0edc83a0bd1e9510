import BinaryTesting
import JSON
import MemoryStore
import MemoryStoreSQLite
import Redaction
import Testing

@testable import TranscriptIngest

@Suite("Forgetting in a spool")
struct SpoolErasureTests {
    /// By JSONWriter, Python, Jackson, PHP and Go, and by Go around Python.
    @Test(
        "A text is found as other writers of JSON escape it",
        arguments: [
            #"José/<Quagga> 😀"#, #"{"name": "Jos\u00e9/<Quagga> \ud83d\ude00"}"#, #"{"name":"Jos\u00E9/<Quagga> \uD83D\uDE00"}"#,
            #"{"name":"Jos\u00e9\/<Quagga> \ud83d\ude00"}"#, #"{"name":"José\/<Quagga> 😀"}"#, #"{"name":"José/\u003cQuagga\u003e 😀"}"#,
            #"{"out":"{\"name\": \"Jos\\u00e9/\u003cQuagga\u003e \\ud83d\\ude00\"}"}"#,
        ])
    func dialects(output: String) async throws {
        try await Scratch.with { scratch in
            let spool = try await LineSpool.open(path: scratch.path("spool.sqlite"), limit: 1 << 20)
            let lines: [JSONValue] = [["record": ["out": .string(output)]], ["record": ["out": "José lives in another house"]]]
            let path: RedactedText = "/t/a.jsonl"
            func place(_ offset: Int64) -> SpoolPosition {
                SpoolPosition(generation: 1, identity: "1:2", headHash: "ab", headLength: 1, offset: offset, line: offset / 10)
            }
            _ = try await spool.append([JSONWriter.bytes(of: ["lines": .array(lines)])], of: path, from: place(0), to: place(20))
            #expect(try await SpoolErasure(spool, text: "José/<Quagga> 😀").run() == 1)
            let batch = try #require(try await spool.next(bytes: 1000, count: 1, without: []).first)
            let left = try JSONReader().read(batch.content)["lines"]?.array
            #expect(left?.first?["refused"]?.string == "forgotten" && left?.first?["record"] == nil)
            #expect(left?.last == lines.last)
            try spool.close()
        }
    }
}
