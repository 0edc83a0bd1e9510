import Listeners
import NIOCore
import Synchronization
import Testing

@testable import NetworkDoctor

@Suite("The event streams of a server")
struct StreamProbeTests {
    private func probe(_ server: LoopbackServer, _ stopwatch: Stopwatch = .system) -> StreamProbe {
        StreamProbe(peer: Peer(target: Target(host: "localhost", port: server.port), address: .loopback4, stopwatch: stopwatch))
    }

    private var soon: NIODeadline { .now() + .seconds(30) }

    @Test("Reads endpoint and retry of the first event and leaves the stream")
    func opening() async throws {
        let first = LoopbackServer.events(": hello\n\nretry: 300\nevent: endpoint\ndata: /mcp?session_id=1\n\n")
        try await LoopbackServer.with(reply: { _ in .sendAndStay(first) }) { server in
            let opening = await probe(server).opening("/mcp", until: soon)
            #expect(opening.endpoint == "/mcp?session_id=1" && opening.retry == 300 && opening.firstEvent != nil)
            #expect(server.requests.texts.first?.lowercased().contains("accept: text/event-stream\r\n") == true)
        }
    }

    @Test("Knows no first event where the answer is no stream, and keeps what it says")
    func refused() async throws {
        try await LoopbackServer.with(reply: { _ in .send(LoopbackServer.json("POST here", status: "405 Method Not Allowed")) }) { server in
            let opening = await probe(server).opening("/mcp", until: soon)
            #expect(opening.firstEvent == nil && opening.exchange.answer?.status == 405 && opening.exchange.answer?.body == "POST here")
        }
    }

    @Test("Knows no first event of a stream that has only comments")
    func silent() async throws {
        try await LoopbackServer.with(reply: { _ in .send(LoopbackServer.events(": hello\n\n")) }) { server in
            let opening = await probe(server).opening("/mcp", until: soon)
            #expect(opening.firstEvent == nil && opening.exchange.answer?.status == 200)
        }
    }

    @Test("Gives both events one arrival where they come together")
    func buffered() async throws {
        let both = LoopbackServer.events("data: {\"at\":0}\n\ndata: {\"at\":1}\n\n")
        try await LoopbackServer.with(reply: { _ in .send(both) }) { server in
            let pace = await probe(server, Stopwatch(counting: .seconds(1))).pace("/health/stream", until: soon)
            // Reading 0 is the stream's start, 1 the request's, 2 its head's, 3 the events'.
            #expect(pace.arrivals == [.seconds(3), .seconds(3)])
        }
    }

    @Test("Takes the time of each event where they come one by one")
    func paced() async throws {
        let gate = Gate()
        try await LoopbackServer.with(
            onAccept: { gate.hold($0) }, reply: { _ in .sendAndStay(LoopbackServer.events("data: 0\n\n")) }
        ) { server in
            // The second event is sent when the first has its time.
            let stopwatch = Stopwatch(counting: .seconds(1)) { if $0 == 3 { gate.send("data: 1\n\n") } }
            let pace = await probe(server, stopwatch).pace("/health/stream", until: soon)
            #expect(pace.arrivals == [.seconds(3), .seconds(4)])
        }
    }

    @Test("Takes a server without the timed stream as a fact")
    func absent() async throws {
        try await LoopbackServer.with(reply: { _ in .send(LoopbackServer.notFound) }) { server in
            let pace = await probe(server).pace("/health/stream", until: soon)
            #expect(pace.exchange.answer?.status == 404 && pace.arrivals.isEmpty)
        }
    }
}

/// The connection of a server, to send on and end it from outside.
private final class Gate: Sendable {
    private let channel = Mutex<(any Channel)?>(nil)

    func hold(_ channel: any Channel) { self.channel.withLock { $0 = channel } }

    func send(_ text: String) {
        guard let channel = channel.withLock({ $0 }) else { return }
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        channel.close(promise: nil)
    }
}

extension Stopwatch {
    /// Goes on by `step` with every reading; tells which one it is.
    fileprivate init(counting step: Duration, _ read: @escaping @Sendable (Int) -> Void = { _ in }) {
        let count = Mutex(-1)
        self.init {
            let number = count.withLock { count in
                count += 1
                return count
            }
            read(number)
            return step * number
        }
    }
}
