import Access
import Authorization
import Diagnosis
import FoundationEssentials
import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import Listeners
import Logging
import MCPCore
import MCPHTTP
import MemoryStore
import NIOCore

/// Puts the HTTP server together: the MCP endpoint, `/health`, and the rules at the door.
enum MemoryHTTP {
    static func service(
        _ settings: Settings, server: MCPServer, store: any MemoryStore, listeners: [BoundListener], door: ListenSettings.Door, logger: Logger
    ) -> (endpoint: MCPEndpoint, http: HTTPService) {
        let challenge: @Sendable (AccessFailure) -> String = { failure in
            door.resource?.challenge(failure) ?? BearerChallenge(failure).text
        }
        let endpoint = MCPEndpoint(
            server: server, records: StoredSessionRecords(store: store), publicURL: settings.publicURL, challenge: challenge)
        let health = ServerHealth()
        var router = Router(endpoint.routes + AuthorizationRoutes.routes(door.resource), fallback: endpoint.unknownPathRoute)
        router.add(
            Route(.get, path: "/health", isAnonymous: true) { _ in
                let value = health.value
                return Response(
                    status: health.isFailed ? .serviceUnavailable : .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: value.description)))
            })
        let publicHost = settings.publicURL.flatMap { URL(string: $0)?.host() }
        var configuration = ServiceConfiguration(
            product: "magenta",
            hosts: HostRule(allowed: settings.allowedHosts + [publicHost].compactMap(\.self), ownNames: [ProcessInfo.processInfo.hostName]),
            origins: OriginRule(allowed: settings.allowedOrigins), authenticator: door.authenticator,
            certificate: settings.tls.map { CertificateFiles(certificate: $0.certificate, key: $0.key) }, accessLog: .debug, logger: logger)
        configuration.challenge = challenge
        configuration.tokenAdvice =
            door.resource == nil
            ? "configure the header \"Authorization: Bearer TOKEN\" with a token of this server; `magenta token create NAME` makes one"
            : AuthorizationRoutes.loginAdvice
        let usesTLS = settings.tls != nil
        let http = HTTPService(listeners: listeners, router: router, configuration: configuration) {
            for listener in listeners {
                logger.info(
                    "listening", metadata: ["address": "\(listener.endpoint)", "family": "\(listener.family.rawValue)"])
            }
            let report = await ReachReport.dial(listeners, probe: HealthProbe(name: MemoryServer.name, isSecure: usesTLS))
            health.set(report)
            for (family, reach) in report.families {
                let level: Logger.Level = reach.status == .ok ? .info : reach.status == .warning ? .warning : .error
                logger.log(level: level, "dialled itself", metadata: ["family": "\(family.rawValue)", "result": "\(reach.text)"])
            }
        }
        return (endpoint, http)
    }
}
