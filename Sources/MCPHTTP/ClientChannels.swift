import HTTPService
import JSON
import MCPCore

/// The way back to a client whose request came by POST: down the stream of that request.
struct ExchangeChannel: ClientChannel {
    let endpoint: MCPEndpoint
    let stream: AnswerStream
    /// `nil` for requests of 2026-07-28, which have none.
    let session: Session?
    /// Whether the client reads events at all.
    let streams: Bool

    func send(_ notification: JSONRPCNotification) {
        if streams { stream.send(notification.bytes) }
    }

    func ask(_ method: String, _ params: JSONObject) async throws -> JSONValue {
        guard streams, let session else {
            throw ClientUnreachable("The client cannot be asked: it accepts no event stream. Fix: accept text/event-stream.")
        }
        return try await endpoint.questions.ask(session.id.text, method, params) { stream.send($0) }
    }

    func remember(_ setting: ClientSetting) async throws(JSONRPCError) {
        guard let session else { throw JSONRPCError(.invalidRequest, "Revision 2026-07-28 keeps nothing between requests.") }
        try await endpoint.remember(setting, for: session)
    }

    func pause(retryAfter: Duration) { stream.pause(retryAfter: retryAfter) }
}

/// The way back to a client of HTTP+SSE: the one stream that its session is.
struct SSEChannel: ClientChannel {
    let endpoint: MCPEndpoint
    let session: SSESession

    func send(_ notification: JSONRPCNotification) { session.outlet.offer(ServerSentEvent.message(notification.bytes)) }

    func ask(_ method: String, _ params: JSONObject) async throws -> JSONValue {
        try await endpoint.questions.ask(session.id, method, params) { session.outlet.send(ServerSentEvent.message($0)) }
    }

    func remember(_ setting: ClientSetting) async throws(JSONRPCError) {
        guard session.remember(setting) else { throw MCPEndpoint.tooManySubscriptions }
    }
}
