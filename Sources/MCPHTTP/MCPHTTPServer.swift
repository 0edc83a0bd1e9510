public import Access
public import Authorization
import HTTPService
import Listeners
public import Logging
public import MCPCore
public import ServiceLifecycle

/// Serves an ``MCPServer`` over HTTP: Streamable HTTP of every revision and HTTP+SSE, on `/mcp`, `/sse` and `/`, on IPv4 and IPv6.
///
/// ```swift
/// try await MCPHTTPServer(server: server, listen: ["localhost:8000"], authenticator: OpenAccess()).run()
/// ```
///
/// It stops when its task is cancelled, or gracefully in a `ServiceGroup`: requests in flight are answered, then the streams end.
public struct MCPHTTPServer: Service {
    private let endpoint: MCPEndpoint
    private let listen: [String]
    private let configuration: ServiceConfiguration
    private let protectedResource: ProtectedResource?
    private let onListening: @Sendable ([String]) -> Void

    /// - Parameters:
    ///   - server: what is served.
    ///   - listen: where: `localhost[:port]` and `all[:port]` (both families), an address with a port, `unix:PATH` or `fd:N`.
    ///   - authenticator: who may come in; ``OpenAccess`` lets in everybody who reaches a listener.
    ///   - protectedResource: this server as OAuth clients see it, for an authenticator that takes the tokens of authorization servers:
    ///     clients are then told where they get one. Without it, that they must be given one.
    ///   - records: what is remembered of sessions.
    ///   - limits: what clients may take.
    ///   - allowedHosts: names in `Host` beside addresses, names without a dot and those of this host.
    ///   - allowedOrigins: web origins whose pages may call the server.
    ///   - logger: gets one line per request at level `info`.
    ///   - onListening: hears the addresses once every listener is bound.
    public init(
        server: MCPServer, listen: [String] = ["localhost:8000"], authenticator: any Authenticator,
        protectedResource: ProtectedResource? = nil, records: any SessionRecords = SessionRecordsInMemory(),
        limits: EndpointLimits = EndpointLimits(), allowedHosts: [String] = [], allowedOrigins: [String] = [],
        logger: Logger = Logger(label: "mcp"), onListening: @escaping @Sendable ([String]) -> Void = { _ in }
    ) {
        let challenge: @Sendable (AccessFailure) -> String = { failure in
            protectedResource?.challenge(failure) ?? BearerChallenge(failure).text
        }
        endpoint = MCPEndpoint(server: server, records: records, limits: limits, challenge: challenge)
        self.protectedResource = protectedResource
        self.listen = listen
        self.onListening = onListening
        var service = ServiceLimits()
        // A stream keeps its connection, and what clients ask beside their streams needs some too.
        service.connections = max(service.connections, limits.streams + 1024)
        var configuration = ServiceConfiguration(
            product: server.info.name, hosts: HostRule(allowed: allowedHosts), origins: OriginRule(allowed: allowedOrigins),
            authenticator: authenticator, limits: service, logger: logger)
        configuration.challenge = challenge
        if protectedResource != nil { configuration.tokenAdvice = AuthorizationRoutes.loginAdvice }
        self.configuration = configuration
    }

    /// Listens and serves until it is told to stop.
    ///
    /// - Throws: where an address cannot be read or listened on, one error whose description names it, the reason and the fix.
    public func run() async throws {
        let specifications = try listen.map { try ListenSpecification.parse($0) }
        let outcome = try ListenerBinding.bind(BindPlan(specifications))
        for warning in outcome.warnings { configuration.logger.warning("\(warning)") }
        let addresses = outcome.listeners.map { "\($0.endpoint)" }
        let onListening = onListening
        let service = HTTPService(
            listeners: outcome.listeners,
            router: Router(endpoint.routes + AuthorizationRoutes.routes(protectedResource), fallback: endpoint.unknownPathRoute),
            configuration: configuration
        ) { onListening(addresses) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await endpoint.runUntilCancelled() }
            try await service.run()
            group.cancelAll()
        }
    }
}
