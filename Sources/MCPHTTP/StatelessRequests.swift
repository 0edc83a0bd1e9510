import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import MCPCore

// Streamable HTTP of 2026-07-28: each request says all about itself, nothing is remembered.
extension MCPEndpoint {
    func stateless(_ rpc: JSONRPCRequest, _ request: RoutedRequest, _ accepting: Accepting) async -> HummingbirdCore.Response {
        let metadata: RequestMetadata
        do throws(JSONRPCError) {
            metadata = try RequestMetadata(readingFrom: rpc.params)
            try RoutingHeaders.check(rpc, metadata, against: request.headers)
        } catch {
            return Self.json(Response(id: rpc.id, error), status: .badRequest)
        }
        let revision = Revision(rawValue: metadata.version) ?? .newest
        guard server.serves(rpc.method, in: revision) else {
            return Self.json(Response(id: rpc.id, .methodNotFound(rpc.method)), status: .notFound)
        }
        // One number each: two clients may use the same id at the same time.
        let key = InFlightKey(session: request.id, id: rpc.id)
        let answers: @Sendable (NotificationOutlet) async -> MCPCore.Response = { outlet in
            do throws(JSONRPCError) {
                let context = try RequestContext(rpc, metadata: metadata, principal: request.principal, outlet: outlet)
                return await inFlightAnswer(rpc, key: key, departure: request.departure) { await server.respond(to: rpc, in: context) }
            } catch {
                return Response(id: rpc.id, error)
            }
        }
        guard streamsAnswer(rpc, accepting) else {
            let response = await answers(.none)
            return Self.json(response, status: Self.status(of: response))
        }
        let outlet = EventOutlet(limit: limits.eventsWaiting)
        return EventStreamAnswer(outlet: outlet, request: request, pingInterval: limits.pingInterval).response {
            let response = await answers(NotificationOutlet { outlet.send(ServerSentEvent.message($0.bytes)) })
            outlet.send(ServerSentEvent.message(response.bytes))
        }
    }

    /// Whether the answer goes out as events: where notifications of the request may come before it, or the client reads nothing else.
    func streamsAnswer(_ rpc: JSONRPCRequest, _ accepting: Accepting) -> Bool {
        accepting.events && (!accepting.json || (accepting.namesEvents && rpc.params["_meta"]?["progressToken"] != nil))
    }

    private func inFlightAnswer(
        _ rpc: JSONRPCRequest, key: InFlightKey, departure: Signal, _ answer: @escaping @Sendable () async -> MCPCore.Response
    ) async -> MCPCore.Response {
        do throws(RequestsInFlight<InFlightKey>.Refusal) {
            let response = await departure.observe({ inFlight.cancel(key) }) {
                () -> Result<MCPCore.Response?, RequestsInFlight<InFlightKey>.Refusal> in
                do throws(RequestsInFlight<InFlightKey>.Refusal) { return .success(try await inFlight.run(key, answer)) } catch {
                    return .failure(error)
                }
            }
            return try response.get() ?? Response(id: rpc.id, .cancelled)
        } catch {
            return Response(id: rpc.id, error.error)
        }
    }

    /// 2026-07-28 gives errors of the envelope an HTTP status; those of handlers go with 200, since clients take a 400 for an older server.
    private static func status(of response: MCPCore.Response) -> HTTPResponse.Status {
        switch response.error?.code {
        case .methodNotFound?: .notFound
        case .parseError?, .invalidRequest?, .headerMismatch?, .missingCapability?, .unsupportedVersion?: .badRequest
        default: .ok
        }
    }
}
