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

    func inSession(_ message: JSONRPCMessage, _ request: RoutedRequest, _ accepting: Accepting, _ send: Send) async throws {
        if let refusal = versionRefusal(request) { return try await send(refusal) }
        let id: RequestID? = if case .request(let rpc) = message { rpc.id } else { nil }
        guard let header = request.headers.trimmed(.mcpSessionID) else {
            let error = JSONRPCError(
                .invalidRequest, "The header Mcp-Session-Id is missing. Fix: send initialize first, then its session id with every request.")
            return try await send(Self.error(error, id: id, request, status: .badRequest))
        }
        guard let (session, record) = try await session(header, of: request.principal) else {
            return try await send(Self.sessionNotFound(id, request))
        }
        var conversation = session.conversation
        if let level = record?.logLevel.flatMap(LogLevel.init(rawValue:)) { conversation.logLevel = level }
        switch message {
        case .request(let rpc): try await answer(rpc, of: conversation, session, request, accepting, send)
        case .notification(let notification):
            receive(notification, session: session.id.text)
            try await send(Self.accepted)
        case .response(let response):
            // One that nobody waits for any more, or that another process asked, is taken and dropped.
            questions.answer(session.id.text, response)
            try await send(Self.accepted)
        case .batch(let elements):
            try await send(try await answer(elements, of: conversation, session: session, request, accepting))
        }
    }

    private func answer(
        _ rpc: JSONRPCRequest, of conversation: LegacyConversation, _ session: Session, _ request: RoutedRequest, _ accepting: Accepting,
        _ send: Send
    ) async throws {
        let isResumable = conversation.revision == .v2025_11_25 && accepting.events
        let stream = AnswerStream(
            id: request.id, session: session.id.text, limit: limits.eventsWaiting, keeps: isResumable ? limits.keptStreamBytes : 0)
        let channel = ExchangeChannel(endpoint: self, stream: stream, session: session, streams: accepting.events)
        let work: @Sendable () async -> Void = {
            stream.finish(await answer(rpc, of: conversation, session: session.id.text, principal: request.principal, channel: channel))
        }
        let delivery = Delivery(request: request, id: rpc.id, accepting: accepting, isResumable: isResumable, status: legacyStatus)
        // Its client may come back for the answer, so it must not end with this connection.
        if isResumable { replays.keep(stream) }
        if isResumable, server.background.start(work) {
            try await deliver(stream, delivery, send)
        } else {
            try await deliver(stream, delivery, send, work: work)
        }
    }

    /// A batch (2025-03-26): the requests are answered side by side, the responses stand in the order of the requests.
    private func answer(
        _ batch: [Result<JSONRPCMessage, JSONRPCDecodingError>], of conversation: LegacyConversation, session: Session,
        _ request: RoutedRequest, _ accepting: Accepting
    ) async throws -> HummingbirdCore.Response {
        guard conversation.revision == .v2025_03_26 else {
            let error = JSONRPCError(.invalidRequest, "Revision \(conversation.revision.rawValue) has no batches; send one message in a POST.")
            return conversation.revision < .v2025_11_25
                ? Self.text(.badRequest, error.message) : Self.json(Response(id: nil, error), status: .badRequest)
        }
        let name = session.id.text
        // It keeps what the session sets; a batch has no stream of its own for anything else.
        let channel = ExchangeChannel(
            endpoint: self, stream: AnswerStream(id: request.id, session: name, limit: 0, keeps: 0), session: session, streams: false)
        let responses = await withTaskGroup(of: (Int, [UInt8]?).self) { group in
            for (place, element) in batch.enumerated() {
                switch element {
                case .success(.request(let rpc)):
                    group.addTask {
                        let response = await answer(rpc, of: conversation, session: name, principal: request.principal, channel: channel)
                        return (place, response?.bytes)
                    }
                case .success(.notification(let notification)): receive(notification, session: name)
                case .success(.response(let response)): questions.answer(name, response)
                case .success(.batch): continue
                // One without an id could be matched to nothing, and the schema has no error without one.
                case .failure(let error): if let id = error.id { group.addTask { (place, Response(id: id, error.error).bytes) } }
                }
            }
            return await group.reduce(into: [(Int, [UInt8]?)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.compactMap(\.1)
        }
        guard !responses.isEmpty else {
            guard case .failure(let error)? = batch.first(where: { if case .failure = $0 { true } else { false } }) else { return Self.accepted }
            return Self.text(.badRequest, error.error.message)
        }
        return single(Array("[".utf8) + responses.joined(separator: Array(",".utf8)) + Array("]".utf8), request, accepting)
    }

    /// - Returns: `nil` for a request that its client cancelled.
    func answer(
        _ rpc: JSONRPCRequest, of conversation: LegacyConversation, session: String, principal: Principal, channel: any ClientChannel
    ) async -> MCPCore.Response? {
        guard rpc.method != "initialize" else { return Response(id: rpc.id, LegacyConversation.alreadyInitialized) }
        let context = conversation.context(for: rpc, principal: principal, channel: channel)
        do throws(RequestsInFlight<InFlightKey>.Refusal) {
            return try await inFlight.run(InFlightKey(session: session, id: rpc.id)) { await server.respond(to: rpc, in: context) }
        } catch {
            return Response(id: rpc.id, error.error)
        }
    }

    func receive(_ notification: JSONRPCNotification, session: String) {
        if let id = notification.cancelledRequestID { inFlight.cancel(InFlightKey(session: session, id: id)) }
    }

    /// The GET stream of a session: what changes, and what belongs to no request. With `Last-Event-ID`, the rest of the stream of a request.
    func sessionStream(_ request: RoutedRequest, _ send: Send) async throws {
        guard let (session, _) = try await session(request.headers.trimmed(.mcpSessionID) ?? "", of: request.principal) else {
            return try await send(Self.sessionNotFound(nil, request))
        }
        let name = session.id.text
        if let eventID = request.headers.trimmed(.lastEventID) {
            if let (stream, number) = replays.find(eventID, session: name), try await resume(stream, after: number, request, send) { return }
            return try await send(
                Self.text(.badRequest, "Last-Event-ID names no event of this session that is kept. Fix: open the stream without it"))
        }
        let outlet = EventOutlet(limit: limits.eventsWaiting)
        guard streams.open(outlet, of: name) else { throw Self.tooManyStreams(limits.streams) }
        defer { streams.close(outlet, of: name) }
        // Behind the opening, so that nothing is missed that is set meanwhile.
        streams.subscribe(name, to: try await records.record(of: name)?.subscriptions ?? [])
        let streams = streams
        let changes = server.changes.subscribe { streams.wants($0, session: name) }
        defer { changes.end() }
        // The head goes out with this comment, at once.
        outlet.send(ServerSentEvent.ping)
        let response = EventStreamAnswer(outlet: outlet, request: request, pulse: pulse).response {
            await request.drain.observe({ changes.end() }) {
                await request.departure.observe({ changes.end() }) {
                    for await change in changes.changes {
                        if let notification = change.legacyNotification { outlet.offer(ServerSentEvent.message(notification.bytes)) }
                    }
                }
            }
        }
        try await send(response)
    }

    func endSession(_ request: RoutedRequest) async throws -> HummingbirdCore.Response {
        guard let (session, _) = try await session(request.headers.trimmed(.mcpSessionID) ?? "", of: request.principal) else {
            return Self.sessionNotFound(nil, request)
        }
        let name = session.id.text
        _ = try await records.update(name, expires: session.expires) { $0.hasEnded = true }
        streams.end(name)
        questions.abandon(name)
        replays.forgetAll(of: name)
        inFlight.cancelAll { $0.session == name }
        return HummingbirdCore.Response(status: .noContent)
    }

    /// Keeps what a client set, where every process that serves the session finds it.
    func remember(_ setting: ClientSetting, for session: Session) async throws(JSONRPCError) {
        let name = session.id.text
        do {
            let record = try await records.update(name, expires: session.expires) { record in
                switch setting {
                case .logLevel(let level): record.logLevel = level.rawValue
                case .subscription(let uri, let isOn):
                    record.subscriptions.removeAll { $0 == uri }
                    if isOn { record.subscriptions.append(uri) }
                    record.subscriptions = Array(record.subscriptions.prefix(SessionRecord.maximumSubscriptions))
                }
            }
            streams.subscribe(name, to: record.subscriptions)
            if case .subscription(let uri, true) = setting, !record.subscriptions.contains(uri) { throw Self.tooManySubscriptions }
        } catch let error as JSONRPCError {
            throw error
        } catch {
            throw JSONRPCError(.internalError, "The session's setting could not be kept; try again.")
        }
    }

    static let tooManySubscriptions = JSONRPCError(
        .invalidParams, "The session subscribes to \(SessionRecord.maximumSubscriptions) resources already; unsubscribe from some.")

    /// - Returns: `nil` for an id that is unknown, expired, ended, or another principal's: to its sender they are all the same.
    func session(_ header: String, of principal: Principal) async throws -> (session: Session, record: SessionRecord?)? {
        guard let session = tokens.session(from: header, principal: principal, now: now()) else { return nil }
        let record = try await records.record(of: session.id.text)
        return record?.hasEnded == true ? nil : (session, record)
    }

    private func versionRefusal(_ request: RoutedRequest) -> HummingbirdCore.Response? {
        guard let version = request.headers.trimmed(.mcpProtocolVersion), Revision(rawValue: version) == nil else { return nil }
        return Self.text(.badRequest, "MCP-Protocol-Version names no revision that this server speaks")
    }

    /// One JSON text as the client takes it: as JSON where it can, else as the one event of a stream.
    private func single(_ json: [UInt8], _ request: RoutedRequest, _ accepting: Accepting, headers: HTTPFields = [:]) -> HummingbirdCore.Response {
        guard !accepting.json else { return Self.json(json, status: .ok, headers: headers) }
        var fields = EventStreamAnswer.headers
        fields.append(contentsOf: headers)
        return HummingbirdCore.Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: ServerSentEvent.message(json)))
    }

    /// In-band errors go with 200: a 404 would end the session. Only what the token does not allow is said by the status too.
    private func legacyStatus(_ response: MCPCore.Response) -> (HTTPResponse.Status, HTTPFields) { scopeStatus(response) ?? (.ok, [:]) }

    /// 404 makes clients start over with initialize, which is what a lost session needs.
    private static func sessionNotFound(_ id: RequestID?, _ request: RoutedRequest) -> HummingbirdCore.Response {
        let error = JSONRPCError(.invalidRequest, "This session does not exist, or it has ended. Fix: send initialize again.")
        return Self.error(error, id: id, request, status: .notFound)
    }

    /// Up to 2025-06-18 the schemas want an id in every error: without one the sentence goes as plain text.
    private static func error(
        _ error: JSONRPCError, id: RequestID?, _ request: RoutedRequest, status: HTTPResponse.Status
    ) -> HummingbirdCore.Response {
        let revision = request.headers.trimmed(.mcpProtocolVersion).flatMap(Revision.init(rawValue:)) ?? .v2025_03_26
        return id == nil && revision < .v2025_11_25 ? text(status, error.message) : json(Response(id: id, error), status: status)
    }

    static func tooManyStreams(_ limit: Int) -> Refusal {
        Refusal(
            .serviceUnavailable, "\(limit) event streams are open, which is the limit. Fix: close one, or try again later",
            headers: [.retryAfter: "5"])
    }
}
