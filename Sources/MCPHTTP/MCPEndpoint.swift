package import Access
package import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
package import MCPCore
import NIOCore
import ServiceLifecycle

/// One endpoint for every client: Streamable HTTP of four revisions and HTTP+SSE, told apart by the request itself, so that it
/// does not matter which type and which path a user wrote into a configuration.
///
/// It is a service too: ``run()`` keeps open streams alive and runs what outlives its request. Run it beside the HTTP service, and end it after that.
package struct MCPEndpoint: Service {
    /// Where it answers. Whatever a client was configured with is likely among these.
    package static let paths = ["/mcp", "/mcp/", "/sse", "/sse/", "/", "/messages", "/messages/"]

    let server: MCPServer
    let tokens: SessionTokens
    let records: any SessionRecords
    let limits: EndpointLimits
    let now: @Sendable () -> UInt32
    /// What `WWW-Authenticate` says where a token's scopes do not reach.
    let challenge: @Sendable (AccessFailure) -> String
    let streams: OpenStreams
    let inFlight: RequestsInFlight<InFlightKey>
    /// By session, the questions that handlers asked.
    let questions: PendingQuestions<String>
    let replays: ReplayBuffer
    let pulse: Pulse
    /// What a proxy takes off the path; the event `endpoint` has to name it all the same.
    let pathPrefix: String
    private let reader: JSONReader

    /// What tells requests in flight apart: the session they came in, or one number each for those without.
    struct InFlightKey: Hashable, Sendable {
        var session: String
        var id: RequestID
    }

    /// - Parameters:
    ///   - server: its key signs the sessions: replicas that share it serve each other's.
    ///   - publicURL: where clients reach the endpoint, if a proxy in front of it takes something off the path.
    ///   - challenge: the value of `WWW-Authenticate` where a token's scopes do not reach.
    ///   - now: seconds since 1970.
    package init(
        server: MCPServer, records: any SessionRecords, limits: EndpointLimits = EndpointLimits(), publicURL: String? = nil,
        challenge: @escaping @Sendable (AccessFailure) -> String = { BearerChallenge($0).text }, now: (@Sendable () -> UInt32)? = nil
    ) {
        self.server = server
        self.challenge = challenge
        pathPrefix = publicURL.map(Self.pathPrefix) ?? ""
        tokens = SessionTokens(serverKey: server.key)
        self.records = records
        self.limits = limits
        self.now = now ?? { WallClock.seconds() }
        streams = OpenStreams(limit: limits.streams)
        inFlight = RequestsInFlight(limit: limits.requestsInFlight)
        questions = PendingQuestions(limit: limits.requestsInFlight, timeout: limits.questionTimeout)
        replays = ReplayBuffer(limit: limits.keptStreams, lifetime: limits.keptStreamLifetime)
        pulse = Pulse(interval: limits.pingInterval)
        reader = JSONReader(maximumDepth: limits.nestingDepth)
    }

    /// Runs until the task is cancelled, or a graceful shutdown has come this far: behind the HTTP service, whose calls may run here.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await runUntilCancelled() }
            group.addTask { try? await gracefulShutdown() }
            await group.next()
            group.cancelAll()
        }
    }

    func runUntilCancelled() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pulse.run() }
            group.addTask { await server.run() }
            group.addTask {
                while (try? await Task.sleep(for: limits.pingInterval)) != nil { replays.sweep() }
            }
        }
    }

    /// `/memory` of `https://example.com/memory/mcp`: the path up to the one that is served here.
    package static func pathPrefix(of url: String) -> String {
        // Behind `scheme://host`.
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1].isEmpty else { return "" }
        let path = "/" + parts[3].prefix { $0 != "?" && $0 != "#" }
        let served = paths.filter { path.hasSuffix($0) }.max { $0.utf8.count < $1.utf8.count } ?? ""
        return String(path.dropLast(served.count))
    }

    /// The routes of the endpoint.
    package var routes: [Route] {
        Self.paths.flatMap { path in
            [
                Route(.get, .delete, path: path, answersHead: false, maximumBodyBytes: limits.bodyBytes, late: { try await channel($0, $1) }),
                Route(.post, path: path, answersHead: false, maximumBodyBytes: limits.bodyBytes, late: { try await answer($0, $1) }),
            ]
        }
    }

    /// What answers on paths that nobody serves: a client that posts MCP there has a wrong URL, and is shown a 400's text, not a 404's.
    package var unknownPathRoute: Route {
        Route(.get, .post, .delete, .put, .patch, .options, .head, path: "/*", answersHead: false) { request in
            let isMessage = request.method == .post && request.headers[.contentType]?.hasPrefix("application/json") == true
            guard isMessage || request.headers[.mcpProtocolVersion] != nil else { throw request.unknownPath() }
            throw Refusal(.badRequest, "no MCP endpoint at this path. Fix: end the URL in /mcp")
        }
    }

    private func answer(_ request: RoutedRequest, _ send: Send) async throws {
        if let id = request.queryValue("session_id") { return try await send(try await post(request, toStream: id)) }
        guard Self.isJSON(request.headers[.contentType]) else { throw Self.notJSON }
        let accepting = Accepting(request.headers[.accept])
        guard accepting.json || accepting.events else {
            throw Refusal(.notAcceptable, "the answer is application/json or text/event-stream. Fix: accept one of them")
        }
        let bytes = try await request.collectBytes()
        let message: JSONRPCMessage
        do throws(JSONRPCDecodingError) { message = try read(bytes) } catch {
            return try await send(unreadable(error, version: request.headers.trimmed(.mcpProtocolVersion)))
        }
        try await answer(message, request, accepting, send)
    }

    private func answer(_ message: JSONRPCMessage, _ request: RoutedRequest, _ accepting: Accepting, _ send: Send) async throws {
        let version = request.headers.trimmed(.mcpProtocolVersion)
        // Before anything is begun, so that the status can say it; between here and the registry a race is refused in band.
        if case .request(let rpc) = message, inFlight.count >= limits.requestsInFlight {
            let refusal = RequestsInFlight<InFlightKey>.Refusal.full(limit: limits.requestsInFlight)
            return try await send(Self.json(Response(id: rpc.id, refusal.error), status: .serviceUnavailable, headers: [.retryAfter: "1"]))
        }
        switch MessageClass(message, version: version) {
        case .stateless:
            guard case .request(let rpc) = message else { return try await send(Self.accepted) }
            try await stateless(rpc, request, accepting, send)
        case .droppedNotification: try await send(Self.accepted)
        case .notStateless:
            let error = JSONRPCError(.invalidRequest, "Revision 2026-07-28 takes one request or notification in a POST, and no responses.")
            try await send(Self.json(Response(id: nil, error), status: .badRequest))
        case .unknownVersion(let version):
            try await send(Self.json(Response(id: nil, .unsupportedVersion(version)), status: .badRequest))
        case .initialize:
            guard case .request(let rpc) = message else { return try await send(Self.accepted) }
            try await send(try await initialize(rpc, request, accepting))
        case .session, .batch: try await inSession(message, request, accepting, send)
        }
    }

    static let notJSON = Refusal(.unsupportedMediaType, "a message must come with Content-Type: application/json")

    func read(_ bytes: [UInt8]) throws(JSONRPCDecodingError) -> JSONRPCMessage {
        try JSONRPCMessage.read(bytes, reader: reader)
    }

    /// A message too broken to have an id: up to 2025-06-18 the schemas want an id in every error, so those get plain text.
    private func unreadable(_ error: JSONRPCDecodingError, version: String?) -> HummingbirdCore.Response {
        let isOld = version.flatMap(Revision.init(rawValue:)).map { $0 < .v2025_11_25 } ?? (version == nil)
        if error.id == nil, isOld { return Self.text(.badRequest, error.error.message) }
        return Self.json(Response(id: error.id, error.error), status: .badRequest)
    }

    static func isJSON(_ contentType: String?) -> Bool {
        contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } == "application/json"
    }

    // MARK: Answers

    static let accepted = HummingbirdCore.Response(status: .accepted)

    static func json(_ response: MCPCore.Response, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> HummingbirdCore.Response {
        json(response.bytes, status: status, headers: headers)
    }

    static func json(_ bytes: [UInt8], status: HTTPResponse.Status, headers extra: HTTPFields = [:]) -> HummingbirdCore.Response {
        var headers = extra
        headers[.contentType] = "application/json"
        return HummingbirdCore.Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func text(_ status: HTTPResponse.Status, _ sentence: String) -> HummingbirdCore.Response {
        HummingbirdCore.Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: ResponseBody(byteBuffer: ByteBuffer(string: sentence + "\n")))
    }
}
