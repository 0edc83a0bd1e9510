import Access
import JSON
import MCPCore

/// What one line comes to, given what came before. Touched by the reader alone, so the order of lines is the order of events.
struct StdioConversation {
    enum Outcome: Sendable {
        case nothing
        /// A line to write at once.
        case answer([UInt8])
        /// Something that may take its time, beside the lines that follow.
        case work(@Sendable () async -> Void)
    }

    let server: MCPServer
    let principal: Principal
    let writer: LineWriter
    let lineLimit: Int
    private let requests: RequestsInFlight<RequestID>
    /// Streams of 2026-07-28 that listen to changes, each ended by the id of its request.
    private let listens: RequestsInFlight<RequestID>
    private let questions: PendingQuestions<Int>
    /// What the client sets while requests run.
    private let settings: StdioSettings
    /// What `initialize` agreed on.
    private var legacy: LegacyConversation?

    init(server: MCPServer, principal: Principal, writer: LineWriter, settings: StdioSettings, limits: StdioServer.Limits) {
        self.server = server
        self.principal = principal
        self.writer = writer
        self.settings = settings
        lineLimit = limits.lineBytes
        requests = RequestsInFlight(limit: limits.requestsInFlight)
        listens = RequestsInFlight(limit: limits.requestsInFlight)
        questions = PendingQuestions(limit: limits.requestsInFlight, timeout: limits.questionTimeout)
    }

    mutating func receive(_ line: LineReader.Line) async -> Outcome {
        guard case .text(let bytes) = line else {
            return .answer(
                Response(
                    id: nil, JSONRPCError(.invalidRequest, "Invalid request: the line is longer than \(lineLimit) bytes; send less at once.")
                ).bytes)
        }
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return .nothing }
        do throws(JSONRPCDecodingError) {
            return receive(try JSONRPCMessage.read(bytes))
        } catch {
            return .answer(Response(id: error.id, error.error).bytes)
        }
    }

    private mutating func receive(_ message: JSONRPCMessage) -> Outcome {
        switch message {
        case .request(let request): return receive(request)
        case .notification(let notification):
            // The only notification that asks for something; the conversation is one client's, so it may cancel by id in any revision.
            cancel(notification)
            return .nothing
        case .response(let response):
            questions.answer(0, response)
            return .nothing
        case .batch(let elements): return receive(elements)
        }
    }

    private mutating func receive(_ request: JSONRPCRequest) -> Outcome {
        if request.method == "initialize", !RequestMetadata.isClaimed(in: request.params) { return .answer(initialize(request).bytes) }
        let answer: Answer
        do throws(JSONRPCError) { answer = try admit(request) } catch { return .answer(Response(id: request.id, error).bytes) }
        let writer = writer
        return .work {
            if let response = await answer() { await writer.write(response.bytes) }
        }
    }

    private func cancel(_ notification: JSONRPCNotification) {
        guard let id = notification.cancelledRequestID else { return }
        requests.cancel(id)
        listens.cancel(id)
    }

    /// Ends the streams that only the client could end.
    func endListening() { listens.cancelAll { _ in true } }

    private mutating func initialize(_ request: JSONRPCRequest) -> Response {
        guard legacy == nil else { return Response(id: request.id, LegacyConversation.alreadyInitialized) }
        do throws(JSONRPCError) {
            let conversation = try LegacyConversation(initialize: request)
            legacy = conversation
            settings.open()
            return conversation.welcome(to: request, from: server)
        } catch {
            return Response(id: request.id, error)
        }
    }

    private typealias Answer = @Sendable () async -> Response?

    /// Finds out in which revision a request speaks and takes it on.
    private func admit(_ request: JSONRPCRequest) throws(JSONRPCError) -> Answer {
        let context = try context(of: request)
        if request.method == MCPServer.listen, !context.revision.isLegacy { return try listen(request, context) }
        let ticket: RequestsInFlight<RequestID>.Ticket
        do { ticket = try requests.admit(request.id) } catch { throw error.error }
        let requests = requests
        let server = server
        return { await requests.run(ticket) { await server.respond(to: request, in: context) } }
    }

    /// Several streams share the output, told apart by the id of their request. It is the client that ends them, or the end of the process.
    private func listen(_ request: JSONRPCRequest, _ context: RequestContext) throws(JSONRPCError) -> Answer {
        let subscription = try server.subscribe(request, in: context)
        let ticket: RequestsInFlight<RequestID>.Ticket
        do { ticket = try listens.admit(request.id) } catch {
            subscription.end()
            throw error.error
        }
        let (writer, listens) = (writer, listens)
        return {
            writer.offer(subscription.acknowledgement.bytes)
            _ = await listens.run(ticket) {
                await subscription.forEach { writer.offer($0.bytes) }
                return true
            }
            subscription.end()
            return nil
        }
    }

    private func context(of request: JSONRPCRequest) throws(JSONRPCError) -> RequestContext {
        let channel = StdioChannel(writer: writer, questions: questions, settings: settings)
        // Before any initialize, a method that only the new revision has shows which one is meant.
        let isModern = RequestMetadata.isClaimed(in: request.params) || (legacy == nil && request.method == "server/discover")
        if isModern {
            return try RequestContext(request, metadata: RequestMetadata(readingFrom: request.params), principal: principal, channel: channel)
        }
        if var legacy {
            legacy.logLevel = settings.logLevel
            return legacy.context(for: request, principal: principal, channel: channel)
        }
        guard request.method == "ping" else {
            throw JSONRPCError(
                .invalidRequest,
                "The conversation is not open: send initialize first, or put \(RequestMetadata.versionKey) into the _meta of each request.")
        }
        return LegacyConversation(revision: .newestLegacy).context(for: request, principal: principal)
    }

    /// Batches belong to 2025-03-26 alone.
    private func receive(_ elements: [Result<JSONRPCMessage, JSONRPCDecodingError>]) -> Outcome {
        guard legacy?.revision == .v2025_03_26 else {
            return .answer(
                Response(id: nil, JSONRPCError(.invalidRequest, "Invalid request: batches belong to protocol revision 2025-03-26 alone.")).bytes)
        }
        var answers: [Answer] = []
        for element in elements {
            switch element {
            case .failure(let error): answers.append { Response(id: error.id, error.error) }
            case .success(.request(let request)): answers.append(admitFromBatch(request))
            case .success(.notification(let notification)): cancel(notification)
            case .success(.response(let response)): questions.answer(0, response)
            case .success(.batch): break
            }
        }
        guard !answers.isEmpty else { return .nothing }
        let writer = writer
        let batch = answers
        return .work {
            let responses = await withTaskGroup(of: Response?.self) { group in
                for answer in batch { group.addTask { await answer() } }
                return await group.reduce(into: [Response]()) { if let response = $1 { $0.append(response) } }
            }
            guard !responses.isEmpty else { return }
            var json = JSONWriter(capacity: 1024)
            json.beginArray()
            for response in responses { response.write(to: &json) }
            json.endArray()
            await writer.write(json.bytes)
        }
    }

    private func admitFromBatch(_ request: JSONRPCRequest) -> Answer {
        do throws(JSONRPCError) {
            guard request.method != "initialize" else { throw JSONRPCError(.invalidRequest, "initialize cannot stand in a batch.") }
            guard !RequestMetadata.isClaimed(in: request.params) else {
                throw JSONRPCError(.invalidRequest, "A request of protocol revision 2026-07-28 cannot stand in a batch.")
            }
            return try admit(request)
        } catch {
            return { Response(id: request.id, error) }
        }
    }
}
