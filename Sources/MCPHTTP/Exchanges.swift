import HTTPService
import HTTPTypes
import HummingbirdCore
import MCPCore
import NIOCore

// How a POST is answered: the head of the response waits for the first thing that is to be said, so that an answer alone goes as JSON
// with the status that it asks for, and only a message before it makes a stream of it.
extension MCPEndpoint {
    typealias Send = (HummingbirdCore.Response) async throws -> Void

    /// What stays the same while one request is answered.
    struct Delivery {
        var request: RoutedRequest
        /// Of the JSON-RPC request; older revisions want it in every error.
        var id: RequestID?
        var accepting: Accepting
        /// 2025-11-25 begins a stream with an event that has an id and no data, from which a client can come back; older clients would read it as JSON.
        var isResumable = false
        /// 2026-07-28: a client that goes away cancels. Older revisions: it does not.
        var departureCancels = false
        var status: @Sendable (MCPCore.Response) -> (HTTPResponse.Status, HTTPFields) = { _ in (.ok, [:]) }
    }

    /// Runs `work`, which ends the stream, and delivers what it puts there.
    func deliver(_ stream: AnswerStream, _ delivery: Delivery, _ send: Send, work: @escaping @Sendable () async -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ended, end) = AsyncStream.makeStream(of: Never.self)
            group.addTask {
                await work()
                end.finish()
            }
            let delivered: Result<Void, any Error>
            do { delivered = .success(try await deliver(stream, delivery, send)) } catch { delivered = .failure(error) }
            if !delivery.departureCancels {
                // The client may be gone; what it asked for goes on, but not beyond the end of the server.
                await delivery.request.drain.observe({ end.finish() }) { for await _ in ended {} }
            }
            group.cancelAll()
            try delivered.get()
        }
    }

    /// Delivers what somebody else puts there.
    func deliver(_ stream: AnswerStream, _ delivery: Delivery, _ send: Send) async throws {
        guard let reading = stream.read() else { return try await send(Self.cancelled(delivery)) }
        let key = pulse.add { stream.ping() }
        defer { pulse.remove(key) }
        try await delivery.request.departure.observe({ reading.leave() }) {
            for await event in reading.events {
                reading.took()
                switch event {
                case .answer(let response, _) where delivery.accepting.json || delivery.status(response).0 != .ok:
                    // A status that says more than the answer cannot go with a stream, whatever the client accepts.
                    if delivery.isResumable { replays.forget(stream) }
                    let (status, headers) = delivery.status(response)
                    return try await send(Self.json(response, status: status, headers: headers))
                // A client that reads no events waits for its answer.
                case .ping where !delivery.accepting.events: continue
                default: return try await send(response(of: stream, delivery, from: event, then: reading))
                }
            }
            // A cancelled request gets no answer, but its POST must end somehow.
            try await send(Self.cancelled(delivery))
        }
    }

    private static func cancelled(_ delivery: Delivery) -> HummingbirdCore.Response { json(Response(id: delivery.id, .cancelled)) }

    /// The rest of a stream, for a client that came back with the id of the last event that it saw.
    ///
    /// - Returns: false where there is no such event.
    func resume(_ stream: AnswerStream, after number: Int, _ request: RoutedRequest, _ send: Send) async throws -> Bool {
        guard let reading = stream.read(after: number) else { return false }
        defer { reading.leave() }
        let delivery = Delivery(request: request, id: nil, accepting: Accepting("text/event-stream"), isResumable: true)
        try await send(response(of: stream, delivery, from: nil, then: reading))
        return true
    }

    /// - Parameter first: was taken from the events already; `nil` where the client has seen the stream before.
    private func response(
        of stream: AnswerStream, _ delivery: Delivery, from first: AnswerStream.Event?, then reading: AnswerStream.Reading
    ) -> HummingbirdCore.Response {
        let (isResumable, pulse, departure) = (delivery.isResumable, pulse, delivery.request.departure)
        let body = ResponseBody { writer in
            let key = pulse.add { stream.ping() }
            defer { pulse.remove(key) }
            func write(_ event: AnswerStream.Event) async throws {
                switch event {
                case .message(let bytes, let number): try await writer.write(ServerSentEvent.message(bytes, id: id(number)))
                case .answer(let response, let number): try await writer.write(ServerSentEvent.message(response.bytes, id: id(number)))
                case .pause(let time): try await writer.write(ServerSentEvent.retry(after: time))
                case .ping: try await writer.write(ServerSentEvent.ping)
                }
            }
            func id(_ number: Int) -> String? { isResumable ? "\(stream.id)-\(number)" : nil }
            try await departure.observe({ reading.leave() }) {
                if let first {
                    if isResumable { try await writer.write(ServerSentEvent.priming(id: "\(stream.id)-0")) }
                    try await write(first)
                }
                for await event in reading.events {
                    reading.took()
                    try await write(event)
                }
            }
            try await writer.finish(nil)
        }
        return HummingbirdCore.Response(status: .ok, headers: EventStreamAnswer.headers, body: body)
    }
}
