import Access
import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import MCPCore

// Streamable HTTP of 2026-07-28: each request says all about itself, nothing is remembered.
extension MCPEndpoint {
    func stateless(_ rpc: JSONRPCRequest, _ request: RoutedRequest, _ accepting: Accepting, _ send: Send) async throws {
        let metadata: RequestMetadata
        let revision: Revision
        do throws(JSONRPCError) {
            metadata = try RequestMetadata(readingFrom: rpc.params)
            try RoutingHeaders.check(rpc, metadata, against: request.headers)
            revision = try metadata.revision()
            guard server.serves(rpc.method, in: revision) else { throw .methodNotFound(rpc.method) }
            try RoutingHeaders.checkParameters(rpc, of: server, against: request.headers)
        } catch {
            return try await send(Self.json(Response(id: rpc.id, error), status: Self.status(of: error.code)))
        }
        if rpc.method == MCPServer.listen { return try await listen(rpc, metadata, request, accepting, send) }
        let stream = AnswerStream(id: request.id, session: nil, limit: limits.eventsWaiting, keeps: 0)
        let channel = ExchangeChannel(endpoint: self, stream: stream, session: nil, streams: accepting.events)
        let delivery = Delivery(request: request, id: rpc.id, accepting: accepting, departureCancels: true, status: statelessStatus)
        try await deliver(stream, delivery, send) {
            do {
                let context = try RequestContext(rpc, metadata: metadata, principal: request.principal, channel: channel)
                stream.finish(try await inFlight.run { await server.respond(to: rpc, in: context) })
            } catch let error as RequestsInFlight<InFlightKey>.Refusal {
                stream.finish(Response(id: rpc.id, error.error))
            } catch let error as JSONRPCError {
                stream.finish(Response(id: rpc.id, error))
            } catch {
                stream.finish(nil)
            }
        }
    }

    /// A stream of changes, which stays open until its client leaves or the server stops.
    private func listen(
        _ rpc: JSONRPCRequest, _ metadata: RequestMetadata, _ request: RoutedRequest, _ accepting: Accepting, _ send: Send
    ) async throws {
        guard accepting.events else {
            throw Refusal(.notAcceptable, "subscriptions/listen is answered by an event stream. Fix: accept text/event-stream")
        }
        let subscription: Subscription
        do throws(JSONRPCError) {
            let context = try RequestContext(rpc, metadata: metadata, principal: request.principal)
            subscription = try server.subscribe(rpc, in: context)
        } catch {
            let response = Response(id: rpc.id, error)
            let (status, headers) = scopeStatus(response) ?? (Self.status(of: error.code), [:])
            return try await send(Self.json(response, status: status, headers: headers))
        }
        defer { subscription.end() }
        guard streams.openAlone() else {
            throw Self.tooManyStreams(limits.streams)
        }
        defer { streams.closeAlone() }
        let outlet = EventOutlet(limit: limits.eventsWaiting)
        outlet.send(ServerSentEvent.message(subscription.acknowledgement.bytes))
        let response = EventStreamAnswer(outlet: outlet, request: request, pulse: pulse).response {
            await request.drain.observe({ subscription.end() }) {
                await request.departure.observe({ subscription.end() }) {
                    await subscription.forEach { outlet.send(ServerSentEvent.message($0.bytes)) }
                }
            }
            outlet.send(ServerSentEvent.message(subscription.farewell.bytes))
        }
        try await send(response)
    }

    /// 2026-07-28 gives errors of the envelope an HTTP status; those of handlers go with 200, since clients take a 400 for an older server.
    private func statelessStatus(_ response: MCPCore.Response) -> (HTTPResponse.Status, HTTPFields) {
        if let status = scopeStatus(response) { return status }
        guard let code = response.error?.code, code != .invalidParams else { return (.ok, [:]) }
        return (Self.status(of: code), [:])
    }

    private static func status(of code: ErrorCode) -> HTTPResponse.Status {
        switch code {
        case .methodNotFound: .notFound
        case .parseError, .invalidRequest, .invalidParams, .headerMismatch, .missingCapability, .unsupportedVersion: .badRequest
        default: .ok
        }
    }

    /// 403 with a challenge, where the token's scopes do not reach (RFC 6750 section 3.1).
    func scopeStatus(_ response: MCPCore.Response) -> (HTTPResponse.Status, HTTPFields)? {
        guard let needed = response.error?.neededScopes, !needed.isEmpty else { return nil }
        let failure = AccessFailure.insufficientScope(needed: needed.sorted { $0.rawValue < $1.rawValue })
        return (.forbidden, [.wwwAuthenticate: challenge(failure)])
    }
}
