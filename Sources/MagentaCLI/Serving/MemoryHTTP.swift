import Access
import Authorization
import Diagnosis
import FoundationEssentials
import HTTPService
import Listeners
import Logging
import MCPCore
import MCPHTTP
import MemoryRecall
import MemoryStore
import Redaction
import ServiceLifecycle

/// Puts the HTTP server together: the MCP endpoint, `/health`, and the rules at the door.
enum MemoryHTTP {
    static func service(
        _ settings: Settings, server: MCPServer, store: any MemoryStore, redactor: Redactor, listeners: [BoundListener], door: ListenSettings.Door,
        proxies: TrustedProxies, metrics: ServerMetrics, capture: CaptureStatus, captureHealth: CaptureHealth,
        hooks: HookRoute.Surroundings = .init(), ingest: IngestDesk, logger: Logger,
        onReady: @escaping @Sendable () -> Void = {}
    ) -> (endpoint: MCPEndpoint, http: HTTPService) {
        let challenge: @Sendable (AccessFailure) -> String = { failure in
            door.resource?.challenge(failure) ?? BearerChallenge(failure).text
        }
        let endpoint = MCPEndpoint(
            server: server, records: StoredSessionRecords(store: store, redactor: redactor), publicURL: settings.publicURL, challenge: challenge)
        let state = ServiceState()
        let health = ServerHealth(
            state: state, metrics: metrics, listeners: listeners, store: store, storePath: settings.store, capture: capture,
            captureHealth: captureHealth)
        let router = Router(
            endpoint.routes + AuthorizationRoutes.routes(door.resource)
                + HealthRoutes.routes(health, metrics: metrics, state: state, challenge: challenge)
                + [
                    HookRoute(recall: Recall(store: store, notice: captureHealth.line), surroundings: hooks, challenge: challenge).route,
                    IngestRoute(desk: ingest, challenge: challenge).route,
                ],
            fallback: endpoint.unknownPathRoute)
        let publicHost = settings.publicURL.flatMap { URL(string: $0)?.host() }
        var configuration = ServiceConfiguration(
            product: "magenta",
            hosts: HostRule(allowed: settings.allowedHosts + [publicHost].compactMap(\.self), ownNames: [ProcessInfo.processInfo.hostName]),
            origins: OriginRule(allowed: settings.allowedOrigins), authenticator: door.authenticator,
            certificate: settings.tls.map { CertificateFiles(certificate: $0.certificate, key: $0.key) }, accessLog: .debug, logger: logger)
        configuration.challenge = challenge
        configuration.metrics = metrics.http
        configuration.state = state
        configuration.limits.drainTimeout = settings.drainTimeout
        configuration.limits.rate = RateSettings.rate(settings)
        configuration.proxies = proxies
        configuration.tokenAdvice =
            door.resource == nil
            ? "configure the header \"Authorization: Bearer TOKEN\" with a token of this server; `magenta token create NAME` makes one"
            : AuthorizationRoutes.loginAdvice
        let watch = ReachWatch(listeners, probe: HealthProbe(name: MemoryServer.name, isSecure: settings.tls != nil))
        let http = HTTPService(listeners: listeners, router: router, configuration: configuration) {
            for listener in listeners {
                logger.info(
                    "listening", metadata: ["address": "\(listener.endpoint)", "family": "\(listener.family.rawValue)"])
            }
            onReady()
            await cancelWhenGracefulShutdown {
                await watch.run { report in
                    if health.set(report) { log(report, to: logger) }
                }
            }
        }
        return (endpoint, http)
    }

    private static func log(_ report: ReachReport, to logger: Logger) {
        for (family, reach) in report.families {
            let level: Logger.Level = reach.status == .ok ? .info : reach.status == .warning ? .warning : .error
            logger.log(level: level, "dialled itself", metadata: ["family": "\(family.rawValue)", "result": "\(reach.text)"])
        }
    }
}
