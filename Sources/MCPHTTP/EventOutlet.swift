import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import Synchronization

/// The events of one stream that wait to be written. Bounded: a reader that stalls loses its stream, not the server's memory.
final class EventOutlet: Sendable {
    let events: AsyncStream<ByteBuffer>
    private let continuation: AsyncStream<ByteBuffer>.Continuation

    private let limit: Int
    private let waiting = Atomic<Int>(0)
    /// Room that notifications leave to answers.
    private static let reserve = 256

    /// - Parameter limit: how many notifications may wait.
    init(limit: Int) {
        self.limit = limit
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit + Self.reserve))
    }

    /// Sends what must arrive; where there is no room for it the stream ends.
    ///
    /// - Returns: false where nobody will read it.
    @discardableResult func send(_ event: ByteBuffer) -> Bool {
        switch continuation.yield(event) {
        case .enqueued:
            waiting.add(1, ordering: .relaxed)
            return true
        case .dropped:
            continuation.finish()
            return false
        default: return false
        }
    }

    /// Sends what may be left out for a reader who is slow.
    func offer(_ event: ByteBuffer) {
        if waiting.load(ordering: .relaxed) < limit { send(event) }
    }

    /// The reader took an event.
    func took() { waiting.subtract(1, ordering: .relaxed) }

    /// What was sent before is still written.
    func finish() { continuation.finish() }
}

/// The lines of an event stream (HTML standard, section 9.2). Compact JSON holds no line break, so a message is one line of data.
enum ServerSentEvent {
    static func message(_ json: [UInt8], id: String? = nil) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(json.count + 64)
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("event: message\ndata: ")
        buffer.writeBytes(json)
        buffer.writeString("\n\n")
        return buffer
    }

    static func endpoint(_ reference: String, retry milliseconds: Int) -> ByteBuffer {
        ByteBuffer(string: "event: endpoint\nretry: \(milliseconds)\ndata: \(reference)\n\n")
    }

    static func priming(id: String) -> ByteBuffer { ByteBuffer(string: "id: \(id)\ndata:\n\n") }

    static func retry(after time: Duration) -> ByteBuffer {
        ByteBuffer(string: "retry: \(max(0, Int(time / .milliseconds(1))))\n\n")
    }

    static let ping = ByteBuffer(string: ": ping\n\n")
}

/// A response that is a stream of events from the start.
struct EventStreamAnswer {
    static let headers: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-cache, no-transform",
        // nginx holds back even the head of a response without it.
        .accelBuffering: "no",
    ]

    let outlet: EventOutlet
    let request: RoutedRequest
    let pulse: Pulse

    /// - Parameter work: what sends the events; the stream ends behind it.
    func response(work: @escaping @Sendable () async -> Void) -> HummingbirdCore.Response {
        HummingbirdCore.Response(status: .ok, headers: Self.headers, body: body(work))
    }

    private func body(_ work: @escaping @Sendable () async -> Void) -> ResponseBody {
        let (outlet, request, pulse) = (outlet, request, pulse)
        return ResponseBody { writer in
            let key = pulse.add { outlet.offer(ServerSentEvent.ping) }
            defer { pulse.remove(key) }
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await work()
                    outlet.finish()
                }
                await request.departure.observe({ outlet.finish() }) {
                    var isBroken = false
                    for await event in outlet.events where !isBroken {
                        outlet.took()
                        do { try await writer.write(event) } catch {
                            isBroken = true
                            outlet.finish()
                        }
                    }
                }
                group.cancelAll()
            }
            try await writer.finish(nil)
        }
    }
}
