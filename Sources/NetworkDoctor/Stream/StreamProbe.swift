import NIOCore
import NIOHTTP1

/// Opens event streams as clients do and notes what comes when.
struct StreamProbe: Sendable {
    let peer: Peer

    private static let eventsKept = 10

    /// A GET as Claude Code's type `sse` sends it; the stream is closed after its first event.
    func opening(_ path: String, until deadline: NIODeadline) async -> StreamFacts.Opening {
        let start = peer.stopwatch.read()
        var reader = EventStreamReader()
        var arrival: Duration?
        var endpoint: String?
        let exchange = await peer.ask(.GET, path, ["Accept": "text/event-stream"], until: deadline) { answer, part in
            guard answer.isEventStream else { return .kept }
            guard let event = reader.read(part).first else { return reader.isOverrun ? .stop : .all }
            arrival = peer.stopwatch.read()
            if event.type == "endpoint" { endpoint = event.data }
            return .stop
        }
        return StreamFacts.Opening(exchange: exchange, firstEvent: arrival.map { $0 - start }, endpoint: endpoint, retry: reader.retry)
    }

    /// The stream that the server times: an event at 0 s and one at 1 s, then its end. An older server answers 404.
    func pace(_ path: String, until deadline: NIODeadline) async -> StreamFacts.Pace {
        let start = peer.stopwatch.read()
        var reader = EventStreamReader()
        var arrivals: [Duration] = []
        let exchange = await peer.ask(.GET, path, ["Accept": "text/event-stream"], until: deadline) { answer, part in
            guard answer.isEventStream else { return .kept }
            let events = reader.read(part)
            if !events.isEmpty {
                let now = peer.stopwatch.read() - start
                arrivals += events.map { _ in now }
            }
            return reader.isOverrun || arrivals.count >= Self.eventsKept ? .stop : .all
        }
        return StreamFacts.Pace(exchange: exchange, arrivals: Array(arrivals.prefix(Self.eventsKept)))
    }
}

extension Exchange.Answer {
    var isEventStream: Bool { status == 200 && mediaType == "text/event-stream" }
}
