import Access
import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import MCPCore

// Streamable HTTP of 2025-03-26 to 2025-11-25: a handshake, then a session id that carries what it agreed on.
extension MCPEndpoint {
    func initialize(_ rpc: JSONRPCRequest, _ request: RoutedRequest, _ accepting: Accepting) async throws -> HummingbirdCore.Response {
        // A client that lost its session may still send the old id: only one that is alive is initialized already.
        let isAlive =
            if let header = request.headers.trimmed(.mcpSessionID) { try await session(header, of: request.principal) != nil } else { false }
        do throws(JSONRPCError) {
            guard !isAlive else { throw LegacyConversation.alreadyInitialized }
            let conversation = try LegacyConversation(initialize: rpc)
            let session = Session(
                id: .random(), revision: conversation.revision, capabilities: CapabilityBits(conversation.clientCapabilities),
                expires: now() + limits.sessionLifetime, principal: SessionTokens.hash(of: request.principal))
            return single(
                conversation.welcome(to: rpc, from: server).bytes, request, accepting, headers: [.mcpSessionID: tokens.token(for: session)])
        } catch {
            return single(Response(id: rpc.id, error).bytes, request, accepting)
        }
    }

    func inSession(_ message: JSONRPCMessage, _ request: RoutedRequest, _ accepting: Accepting) async throws -> HummingbirdCore.Response {
        if let refusal = versionRefusal(request) { return refusal }
        let id: RequestID? = if case .request(let rpc) = message { rpc.id } else { nil }
        guard let header = request.headers.trimmed(.mcpSessionID) else {
            let error = JSONRPCError(
                .invalidRequest, "The header Mcp-Session-Id is missing. Fix: send initialize first, then its session id with every request.")
            return Self.json(Response(id: id, error), status: .badRequest)
        }
        guard let session = try await session(header, of: request.principal) else { return Self.sessionNotFound(id) }
        let conversation = session.conversation
        switch message {
        case .request(let rpc):
            let answers: @Sendable (NotificationOutlet) async -> MCPCore.Response? = { outlet in
                await answer(rpc, of: conversation, session: session.id.text, principal: request.principal, outlet: outlet)
            }
            guard streamsAnswer(rpc, accepting) else {
                guard let response = await answers(.none) else { return Self.json(Response(id: rpc.id, .cancelled)) }
                return Self.json(response)
            }
            let outlet = EventOutlet(limit: limits.eventsWaiting)
            let stream = EventStreamAnswer(outlet: outlet, request: request, pingInterval: limits.pingInterval, departureCancels: false)
            // An event id with empty data comes first in 2025-11-25 alone: older clients would read the data as JSON.
            if conversation.revision == .v2025_11_25 { outlet.send(ServerSentEvent.priming(id: "\(request.id)-0")) }
            return stream.response {
                let response = await answers(NotificationOutlet { outlet.send(ServerSentEvent.message($0.bytes)) })
                // A cancelled request gets no answer, but its stream must end somehow.
                if let response { outlet.send(ServerSentEvent.message(response.bytes)) }
            }
        case .notification(let notification):
            receive(notification, session: session.id.text)
            return Self.accepted
        case .response:
            // The server asked nothing, so nothing waits for it.
            return Self.accepted
        case .batch(let elements):
            return await answer(elements, of: conversation, session: session.id.text, request, accepting)
        }
    }

    /// A batch (2025-03-26): each request gets its response, in the order of the requests.
    private func answer(
        _ batch: [Result<JSONRPCMessage, JSONRPCDecodingError>], of conversation: LegacyConversation, session: String,
        _ request: RoutedRequest, _ accepting: Accepting
    ) async -> HummingbirdCore.Response {
        guard conversation.revision == .v2025_03_26 else {
            let error = JSONRPCError(.invalidRequest, "Revision \(conversation.revision.rawValue) has no batches; send one message in a POST.")
            return conversation.revision < .v2025_11_25
                ? Self.text(.badRequest, error.message) : Self.json(Response(id: nil, error), status: .badRequest)
        }
        var responses: [[UInt8]] = []
        for element in batch {
            switch element {
            case .success(.request(let rpc)):
                let response = await answer(rpc, of: conversation, session: session, principal: request.principal, outlet: .none)
                if let response { responses.append(response.bytes) }
            case .success(.notification(let notification)): receive(notification, session: session)
            case .success: continue
            case .failure(let error): responses.append(Response(id: error.id, error.error).bytes)
            }
        }
        guard !responses.isEmpty else { return Self.accepted }
        return single(Array("[".utf8) + responses.joined(separator: Array(",".utf8)) + Array("]".utf8), request, accepting)
    }

    /// - Returns: `nil` for a request that its client cancelled.
    func answer(
        _ rpc: JSONRPCRequest, of conversation: LegacyConversation, session: String, principal: Principal, outlet: NotificationOutlet
    ) async -> MCPCore.Response? {
        guard rpc.method != "initialize" else { return Response(id: rpc.id, LegacyConversation.alreadyInitialized) }
        let context = conversation.context(for: rpc, principal: principal, outlet: outlet)
        do throws(RequestsInFlight<InFlightKey>.Refusal) {
            return try await inFlight.run(InFlightKey(session: session, id: rpc.id)) { await server.respond(to: rpc, in: context) }
        } catch {
            return Response(id: rpc.id, error.error)
        }
    }

    func receive(_ notification: JSONRPCNotification, session: String) {
        if let id = notification.cancelledRequestID { inFlight.cancel(InFlightKey(session: session, id: id)) }
    }

    /// The GET stream of a session: nothing belongs on it yet, but clients keep it open and watch it for a restart.
    func sessionStream(_ request: RoutedRequest) async throws -> HummingbirdCore.Response {
        guard let session = try await session(request.headers.trimmed(.mcpSessionID) ?? "", of: request.principal) else {
            return Self.sessionNotFound(nil)
        }
        let outlet = EventOutlet(limit: limits.eventsWaiting)
        guard streams.open(outlet, of: session.id.text) else { throw Self.tooManyStreams(limits.streams) }
        let (streams, name) = (streams, session.id.text)
        // The head goes out with this comment, at once.
        outlet.send(ServerSentEvent.ping)
        return EventStreamAnswer(outlet: outlet, request: request, pingInterval: limits.pingInterval).response {
            await request.drain.wait()
            streams.close(outlet, of: name)
        }
    }

    func endSession(_ request: RoutedRequest) async throws -> HummingbirdCore.Response {
        guard let session = try await session(request.headers.trimmed(.mcpSessionID) ?? "", of: request.principal) else {
            return Self.sessionNotFound(nil)
        }
        try await records.save(SessionRecord(session: session.id.text, expires: session.expires, hasEnded: true))
        streams.end(session.id.text)
        return HummingbirdCore.Response(status: .noContent)
    }

    /// - Returns: `nil` for an id that is unknown, expired, ended, or another principal's: to its sender they are all the same.
    func session(_ header: String, of principal: Principal) async throws -> Session? {
        guard let session = tokens.session(from: header, principal: principal, now: now()) else { return nil }
        if let record = try await records.record(of: session.id.text), record.hasEnded { return nil }
        return session
    }

    private func versionRefusal(_ request: RoutedRequest) -> HummingbirdCore.Response? {
        guard let version = request.headers.trimmed(.mcpProtocolVersion), Revision(rawValue: version) == nil else { return nil }
        return Self.text(.badRequest, "MCP-Protocol-Version names no revision that this server speaks")
    }

    /// One JSON text as the client takes it: as JSON where it can, else as the one event of a stream.
    private func single(_ json: [UInt8], _ request: RoutedRequest, _ accepting: Accepting, headers: HTTPFields = [:]) -> HummingbirdCore.Response {
        guard !accepting.json else { return Self.json(json, status: .ok, headers: headers) }
        let outlet = EventOutlet(limit: 2)
        outlet.send(ServerSentEvent.message(json))
        return EventStreamAnswer(outlet: outlet, request: request, pingInterval: limits.pingInterval).response(headers: headers) {}
    }

    /// 404 makes clients start over with initialize, which is what a lost session needs.
    private static func sessionNotFound(_ id: RequestID?) -> HummingbirdCore.Response {
        let error = JSONRPCError(.invalidRequest, "This session does not exist, or it has ended. Fix: send initialize again.")
        return json(Response(id: id, error), status: .notFound)
    }

    static func tooManyStreams(_ limit: Int) -> Refusal {
        Refusal(
            .serviceUnavailable, "\(limit) event streams are open, which is the limit. Fix: close one, or try again later",
            headers: [.retryAfter: "5"])
    }
}
