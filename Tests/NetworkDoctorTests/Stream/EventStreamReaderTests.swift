import Testing

@testable import NetworkDoctor

@Suite("The reader of event streams")
struct EventStreamReaderTests {
    private let text = "\u{FEFF}: hello\nretry: 300\nevent: endpoint\ndata: /mcp?session_id=1\n\ndata:a\r\ndata: b\r\n\r\nid: 1\rdata\r\r"
    private let events = [
        StreamEvent(type: "endpoint", data: "/mcp?session_id=1"), StreamEvent(type: "message", data: "a\nb"), StreamEvent(type: "message", data: ""),
    ]

    @Test("Reads every kind of line end, comments, retry and a byte order mark")
    func whole() {
        var reader = EventStreamReader()
        #expect(reader.read(text.utf8) == events)
        #expect(reader.retry == 300)
    }

    @Test("Reads the same wherever the stream is cut")
    func cut() {
        let bytes = Array(text.utf8)
        for place in bytes.indices {
            var reader = EventStreamReader()
            #expect(reader.read(bytes[..<place]) + reader.read(bytes[place...]) == events)
        }
    }

    @Test("Gives nothing for an event that has not ended, or has no data")
    func unfinished() {
        var reader = EventStreamReader()
        #expect(reader.read("event: a\n\ndata: b\n".utf8).isEmpty)
        #expect(reader.read("\n".utf8) == [StreamEvent(type: "message", data: "b")])
    }

    @Test("Takes no retry that is no number")
    func retry() {
        var reader = EventStreamReader()
        _ = reader.read("retry: soon\nretry: -1\nretry: 99999999999999999999\nretry:\n\n".utf8)
        #expect(reader.retry == nil)
    }

    @Test("Stops at an event over the limit, in one line or in many")
    func bounded() {
        var long = EventStreamReader(limit: 100)
        #expect(long.read(String(repeating: "x", count: 101).utf8).isEmpty && long.isOverrun)
        var many = EventStreamReader(limit: 100)
        #expect(many.read(String(repeating: "data: 123456789\n", count: 20).utf8).isEmpty && many.isOverrun)
        #expect(many.read("\n\ndata: a\n\n".utf8).isEmpty)
    }
}
