import Access
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Takes a request from head to answer in the one order: connection limit, Host and Origin, size, authentication, route.
final class Responder: Sendable {
    private let configuration: ServiceConfiguration
    private let router: Router
    private let drain: Signal
    private let date = HTTPDate()
    private let strangers = Mutex<Set<String>>([])
    private let rates: Mutex<ClientRates>

    init(configuration: ServiceConfiguration, router: Router, drain: Signal) {
        self.configuration = configuration
        rates = Mutex(ClientRates(configuration.limits.rate))
        self.router = router
        self.drain = drain
    }

    func respond(to request: Request, with writer: consuming ResponseWriter, on connection: Connection) async throws {
        let client = client(of: request, on: connection)
        var place = Place(request: request, id: configuration.requestIdentifiers(), started: .now, client: client)
        let state = configuration.state
        let running = state.requestBegan()
        var isCounted = true
        defer { if isCounted { state.requestEnded() } }

        var unwritten: ResponseWriter? = consume writer
        func write(_ response: Response) async throws {
            guard let writer = unwritten.take() else { preconditionFailure("a route answers a request once") }
            // A stream has its own limit, where streams are opened; it must not hold a place for hours.
            if response.body.contentLength == nil, isCounted {
                isCounted = false
                state.requestEnded()
            }
            try await self.write(response, with: writer, at: place)
        }
        do {
            let (route, routed) = try await admit(request, id: place.id, running: running, from: client, on: connection)
            place.route = route.path
            if request.headers[.expect].map({ $0.lowercased() == "100-continue" }) ?? false {
                try await unwritten?.writeInformationalHead(HTTPResponse(status: .continue))
            }
            switch route.kind {
            case .whole(let answer): try await write(try await answer(routed))
            case .late(let answer): try await answer(routed, write)
            }
        } catch {
            // With an answer under way the connection is all that can still say that something failed.
            guard unwritten != nil else { throw error }
            try await write(refusal(for: error, at: place).response(product: configuration.product))
        }
    }

    /// What every line about one request has in common.
    private struct Place {
        var request: Request
        var id: String
        /// As the router has it.
        var route = "none"
        var started: ContinuousClock.Instant
        var client: TrustedProxies.Client
    }

    private func write(_ response: consuming Response, with writer: consuming ResponseWriter, at place: Place) async throws {
        var response = response
        complete(&response, for: place.request, id: place.id)
        guard place.request.method != .head else {
            if response.body.contentLength == nil { response.headers[.contentLength] = "0" }
            defer { note(place, status: response.status, bytes: 0) }
            return try await writer.writeResponse(response.head)
        }
        guard let length = response.body.contentLength else { return try await stream(response, with: writer, at: place) }
        defer { note(place, status: response.status, bytes: length) }
        try await writer.write(response: response.head, body: response.body)
    }

    /// A stream may stay open for hours: what is measured is how long its head took, and its line stands in the log when it has ended.
    private func stream(_ response: Response, with writer: consuming ResponseWriter, at place: Place) async throws {
        configuration.metrics.answered(route: place.route, status: response.status.code, after: .now - place.started)
        let state = configuration.state
        state.streamOpened()
        let bytes = StreamLength()
        defer {
            state.streamClosed()
            log(place, status: response.status, bytes: bytes.total.load(ordering: .relaxed))
        }
        let body = response.body.map { part in
            bytes.total.add(part.readableBytes, ordering: .relaxed)
            return part
        }
        try await writer.write(response: response.head, body: body)
    }

    private final class StreamLength: Sendable {
        let total = Atomic<Int>(0)
    }

    private func note(_ place: Place, status: HTTPResponse.Status, bytes: Int) {
        configuration.metrics.answered(route: place.route, status: status.code, after: .now - place.started)
        log(place, status: status, bytes: bytes)
    }

    private func refusal(for error: any Error, at place: Place) -> Refusal {
        switch error {
        case let refusal as Refusal:
            if let reason = refusal.reason { configuration.metrics.refused(reason) }
            return refusal
        case is CancellationError: return stopping
        default:
            configuration.logger.error(
                "request failed", metadata: ["request": "\(place.id)", "path": "\(quotable(place.request.uri.path))", "error": "\(error)"])
            return Refusal(
                .internalServerError, "the request failed inside the server; its log has the reason under request id \(place.id)")
        }
    }

    private var stopping: Refusal {
        Refusal(
            .serviceUnavailable, "the server is stopping. Fix: try again in a moment", headers: [.retryAfter: "1"], closesConnection: true)
    }

    private func admit(
        _ request: Request, id: String, running: Int, from client: TrustedProxies.Client, on connection: Connection
    ) async throws -> (Route, RoutedRequest) {
        let limits = configuration.limits
        let headers = request.headers
        if connection.isSurplus {
            throw Refusal(
                .serviceUnavailable, "\(limits.connections) connections are open, which is the limit. Fix: close some, or try again later",
                headers: [.retryAfter: "5"], closesConnection: true, reason: .limit)
        }
        let origin = try admitHostAndOrigin(request)

        if (request.head.path?.utf8.count ?? 0) > limits.urlBytes {
            throw Refusal(.uriTooLong, "the URL is longer than \(limits.urlBytes) bytes. Fix: send what is long in the body", reason: .limit)
        }
        if running > limits.requestsInFlight {
            throw Refusal(
                .serviceUnavailable,
                "\(limits.requestsInFlight) requests are being answered, which is the limit. Fix: try again in a moment",
                headers: [.retryAfter: "1"], reason: .limit)
        }
        let path = request.uri.path
        let match = router.match(method: request.method, path: path, accept: headers[values: .accept])
        var route: Route?
        if case .route(let found) = match { route = found }
        if case .unknownPath = match { route = router.fallback }
        let bodyLimit = route?.maximumBodyBytes ?? limits.bodyBytes
        if let length = headers[.contentLength] {
            guard let length = Int(length), length <= bodyLimit else { throw Refusal.bodyTooLarge(limit: bodyLimit) }
        }
        let isProbe = route?.isProbe ?? false
        let principal = try await admitPrincipal(
            headers[.authorization], isAnonymous: route?.isAnonymous ?? false, isProbe: isProbe, from: client)
        try admitRate(of: principal, isProbe: isProbe, from: client)
        guard let route else { throw unrouted(match, method: request.method, path: path) }
        let routed = RoutedRequest(
            request: request, id: id, principal: principal, peer: client.peer, family: connection.family,
            isSecure: client.isSecure, origin: origin, departure: connection.departure, drain: drain, maximumBodyBytes: bodyLimit)
        return (route, routed)
    }

    private func admitHostAndOrigin(_ request: Request) throws(Refusal) -> OriginRule.Verdict {
        let value = request.head.authority
        let verdict = configuration.hosts.verdict(value)
        guard case .accepted(let host) = verdict else {
            if case .foreign(let name) = verdict { logOnce("Host", name) }
            throw verdict.refusal(value: value) ?? Refusal(.badRequest, "Host is not valid", reason: .host)
        }
        // The first Host becomes the authority; a second one stays among the fields (RFC 9112 section 3.2: 400).
        if request.headers.contains(.host) {
            throw Refusal(.badRequest, "the request has two Host headers. Fix: send one", closesConnection: true, reason: .host)
        }
        guard let field = request.headers[.origin] else { return .absent }
        let origin = configuration.origins.verdict(field, host: host)
        if let refusal = origin.refusal {
            logOnce("Origin", field)
            throw refusal
        }
        return origin
    }

    private func admitPrincipal(
        _ authorization: String?, isAnonymous: Bool, isProbe: Bool, from client: TrustedProxies.Client
    ) async throws(Refusal) -> Principal {
        switch await configuration.authenticator.authenticate(authorization: authorization) {
        case .accepted(let principal): return principal
        case _ where isAnonymous: return Self.nobody
        case .missing:
            try admitRate(of: Self.nobody, isProbe: isProbe, from: client)
            throw unauthorized(.missing, .unauthorized, "a bearer token is needed")
        case .malformed(let reason):
            throw failed(.malformed(reason: reason), .badRequest, "the Authorization header is malformed: \(reason)", from: client)
        case .invalid(let reason):
            throw failed(.invalid(reason: reason), .unauthorized, "the bearer token is not valid: \(reason)", from: client)
        case .unavailable(let reason):
            throw Refusal(
                .serviceUnavailable, "the bearer token cannot be checked now: \(reason). Fix: try again in a moment", headers: [.retryAfter: "5"],
                reason: .auth)
        }
    }

    private func unauthorized(_ failure: AccessFailure, _ status: HTTPResponse.Status, _ sentence: String) -> Refusal {
        Refusal(
            status, "\(sentence). Fix: \(configuration.tokenAdvice)", headers: [.wwwAuthenticate: configuration.challenge(failure)], reason: .auth)
    }

    /// Whoever has a good token has passed before this is asked: a neighbour's wrong ones lock nobody out.
    private func failed(
        _ failure: AccessFailure, _ status: HTTPResponse.Status, _ sentence: String, from client: TrustedProxies.Client
    ) -> Refusal {
        let verdict = rates.withLock { $0.failedLogin(from: client, at: configuration.now()) }
        guard case .refused(let wait, let perMinute) = verdict else { return unauthorized(failure, status, sentence) }
        var refusal = unauthorized(
            failure, .tooManyRequests, "\(sentence), and more than \(perMinute) such requests a minute came from \(quotable(client.peer))")
        refusal.headers[.retryAfter] = String(wait)
        return refusal
    }

    private func admitRate(of principal: Principal, isProbe: Bool, from client: TrustedProxies.Client) throws(Refusal) {
        let verdict = rates.withLock { $0.request(of: principal, isProbe: isProbe, from: client, at: configuration.now()) }
        guard case .refused(let wait, let perMinute) = verdict else { return }
        let name = principal.isNamed ? principal.name : client.peer
        throw Refusal(
            .tooManyRequests,
            "more than \(perMinute) requests a minute came from \(quotable(name)). Fix: try again in \(wait) s; \(configuration.limits.rate.advice)",
            headers: [.retryAfter: String(wait)], reason: .rate)
    }

    private func client(of request: Request, on connection: Connection) -> TrustedProxies.Client {
        let client = configuration.proxies.client(behind: connection.client, fields: request.headers)
        if let field = client.malformed {
            let proxy = connection.client.peer
            logOnce("proxy", "\(proxy): \(field.rawValue)") { logger in
                logger.warning(
                    "cannot read what a trusted proxy says of its client",
                    metadata: ["proxy": "\(proxy)", "field": "\(field.rawValue)"])
            }
        }
        return client
    }

    private static let nobody = Principal(name: "anonymous", scopes: [])

    private func unrouted(_ match: Router.Match, method: HTTPRequest.Method, path: String) -> Refusal {
        switch match {
        case .wrongMethod(let allowed):
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            return Refusal(
                .methodNotAllowed, "\(quotable(method.rawValue, limit: 20)) is not served on \"\(quotable(path))\". Fix: use \(list)",
                headers: [.allow: list])
        case .notAcceptable(let offered):
            return Refusal(
                .notAcceptable, "Accept names nothing that \"\(quotable(path))\" has. Fix: accept \(offered.joined(separator: ", "))")
        case .route, .unknownPath:
            return Refusal(.notFound, "there is nothing at \"\(quotable(path))\". Fix: check the path of the URL")
        }
    }

    private func complete(_ response: inout Response, for request: Request, id: String) {
        response.headers[.date] = date.now()
        response.headers[.requestID] = id
        if let name = configuration.serverHeader { response.headers[.server] = name }
        if drain.isRaised || request.headers[.connection].map(Self.asksToClose) ?? false { response.headers[.connection] = "close" }
        if response.status.code >= 400, response.headers[.connection] == nil, Self.bodyMayBeEndless(request) {
            response.headers[.connection] = "close"
        }
    }

    private static func asksToClose(_ value: String) -> Bool {
        value == "close" || value.lowercased().split(separator: ",").contains { $0.trimmed == "close" }
    }

    private static func bodyMayBeEndless(_ request: Request) -> Bool {
        request.headers.contains(.transferEncoding)
    }

    private func log(_ place: Place, status: HTTPResponse.Status, bytes: Int) {
        guard let level = configuration.accessLog, configuration.logger.logLevel <= level else { return }
        let micros = (ContinuousClock.now - place.started) / .microseconds(1)
        // Never the query: it may carry session ids.
        configuration.logger.log(
            level: level, "\(place.request.method.rawValue) \(quotable(place.request.uri.path)) \(status.code)",
            metadata: [
                "request": "\(place.id)", "peer": "\(place.client.peer)", "ms": "\((micros / 10).rounded() / 100)", "bytes": "\(bytes)",
            ])
    }

    /// A page that tries again every second must not fill the log; neither must a scanner with many names.
    private func logOnce(_ header: String, _ name: String) {
        logOnce(header, name) { $0.warning("refused a request", metadata: ["\(header.lowercased())": "\(quotable(name))"]) }
    }

    private func logOnce(_ kind: String, _ name: String, _ log: (Logger) -> Void) {
        let isNew = strangers.withLock { $0.count < 256 && $0.insert("\(kind) \(name.prefix(300))").inserted }
        if isNew { log(configuration.logger) }
    }
}
