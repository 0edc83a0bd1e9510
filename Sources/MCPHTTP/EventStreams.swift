import HTTPService
import HTTPTypes
import HummingbirdCore
import MCPCore
import NIOCore

// GET and DELETE, and HTTP+SSE (2024-11-05): the stream is the session, messages are posted beside it.
extension MCPEndpoint {
    /// What a client waits before it opens a lost stream again, in milliseconds. Claude Code's own default is ten times as long.
    private static let retry = 300

    func channel(_ request: RoutedRequest, _ send: Send) async throws {
        switch ChannelClass(method: request.method, path: request.path, headers: request.headers) {
        case .legacySSE: try await openSSE(request, send)
        case .sessionStream: try await sessionStream(request, send)
        case .endSession: try await send(try await endSession(request))
        case .methodNotAllowed:
            throw Refusal(.methodNotAllowed, "revision 2026-07-28 has POST alone", headers: [.allow: "POST"])
        case .missingSession: throw Refusal(.badRequest, "the header Mcp-Session-Id is missing, so there is no session to end")
        case .unknownVersion: throw Refusal(.badRequest, "MCP-Protocol-Version names no revision that this server speaks")
        case .landing:
            try await send(
                Self.text(.ok, "\(server.info.name) \(server.info.version): an MCP server. Connect a client to this URL, with type http or sse."))
        case .notAcceptable:
            throw Refusal(.notAcceptable, "a GET here opens an event stream. Fix: send Accept: text/event-stream, or POST an MCP message")
        }
    }

    private func openSSE(_ request: RoutedRequest, _ send: Send) async throws {
        // A stream that is opened again says which revision was agreed on before.
        let revision = request.headers.trimmed(.mcpProtocolVersion).flatMap(Revision.init(rawValue:)) ?? .v2024_11_05
        let session = SSESession(
            id: SessionID.random().text, principal: request.principal, revision: revision, waiting: limits.eventsWaiting)
        guard streams.open(session) else { throw Self.tooManyStreams(limits.streams) }
        defer {
            streams.close(session)
            questions.abandon(session.id)
        }
        session.outlet.send(ServerSentEvent.endpoint("\(pathPrefix)\(request.path)?session_id=\(session.id)", retry: Self.retry))
        let changes = server.changes.subscribe { session.wants($0) }
        defer { changes.end() }
        let response = EventStreamAnswer(outlet: session.outlet, request: request, pulse: pulse).response {
            let stop: @Sendable () -> Void = {
                session.stopTaking()
                changes.end()
            }
            await request.drain.observe(stop) {
                await request.departure.observe(stop) {
                    // The answers are children of the stream: they end before it does.
                    await withDiscardingTaskGroup { group in
                        group.addTask {
                            for await change in changes.changes {
                                if let notification = change.legacyNotification { session.outlet.offer(ServerSentEvent.message(notification.bytes)) }
                            }
                        }
                        for await message in session.inbox {
                            group.addTask { await answer(message, on: session) }
                        }
                    }
                }
            }
        }
        try await send(response)
    }

    private func answer(_ message: JSONRPCMessage, on session: SSESession) async {
        guard case .request(let rpc) = message else { return }
        let response: MCPCore.Response?
        if rpc.method == "initialize" {
            response = initialize(rpc, on: session)
        } else {
            response = await answer(
                rpc, of: session.conversation, session: session.id, principal: session.principal,
                channel: SSEChannel(endpoint: self, session: session))
        }
        if let response { session.outlet.send(ServerSentEvent.message(response.bytes)) }
    }

    private func initialize(_ rpc: JSONRPCRequest, on session: SSESession) -> MCPCore.Response {
        do throws(JSONRPCError) {
            let conversation = try LegacyConversation(initialize: rpc)
            guard session.adopt(conversation) else { throw LegacyConversation.alreadyInitialized }
            return conversation.welcome(to: rpc, from: server)
        } catch {
            return Response(id: rpc.id, error)
        }
    }

    /// A message for a stream: taken here, answered there.
    func post(_ request: RoutedRequest, toStream id: String) async throws -> HummingbirdCore.Response {
        guard let session = streams.session(id), session.principal == request.principal else {
            throw Refusal(.notFound, "this event stream is not open here. Fix: open it again with GET and post to the endpoint that it names")
        }
        guard Self.isJSON(request.headers[.contentType]) else { throw Self.notJSON }
        let bytes = try await request.collectBytes()
        let message: JSONRPCMessage
        do throws(JSONRPCDecodingError) { message = try read(bytes) } catch {
            throw Refusal(.badRequest, error.error.message)
        }
        switch message {
        case .batch: throw Refusal(.badRequest, "HTTP+SSE takes one message in a POST")
        case .notification(let notification): receive(notification, session: id)
        // An answer is never given to a stream that it was not asked on.
        case .response(let response): questions.answer(session.id, response)
        case .request:
            guard session.deliver(message) else {
                throw Refusal(.serviceUnavailable, "too many messages wait on this stream, or it is ending", headers: [.retryAfter: "1"])
            }
        }
        return HummingbirdCore.Response(
            status: .accepted, headers: [.contentType: "text/plain; charset=utf-8"], body: ResponseBody(byteBuffer: .init(string: "Accepted")))
    }
}
