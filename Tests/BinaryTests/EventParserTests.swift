import BinaryTesting
import Testing

/// The tests' own reader of event streams: what the other tests say about streams rests on it.
@Suite("Event parser of the tests")
struct EventParserTests {
    private static let stream = "retry: 300\n\n: ping\n\nevent: endpoint\r\ndata: /mcp?session_id=1\r\n\r\nid: 7\ndata: {\ndata: }\n\n"

    @Test("Events are the same however the bytes are cut")
    func cuts() {
        for length in 1...Self.stream.utf8.count {
            var parser = EventParser()
            var rest = Array(Self.stream.utf8)[...]
            while !rest.isEmpty {
                parser.feed(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            #expect(parser.comments == 1)
            #expect(
                parser.parsed == [
                    ServerSentEvent(retry: 300), ServerSentEvent(type: "endpoint", data: "/mcp?session_id=1"),
                    ServerSentEvent(data: "{\n}", id: "7"),
                ])
        }
    }
}
