package import Access
package import Logging

/// Everything that an ``HTTPService`` is told.
package struct ServiceConfiguration: Sendable {
    /// What sentences start with: `magenta: Host "x" is not allowed`.
    package var product: String
    /// The `Server` header; none where `nil`.
    package var serverHeader: String?
    package var hosts: HostRule
    package var origins: OriginRule
    package var authenticator: any Authenticator
    /// What `WWW-Authenticate` says to a request that is not let through. Without an authorization server it names none: a realm or
    /// resource_metadata would send clients to look for one.
    package var challenge: @Sendable (AccessFailure) -> String = { BearerChallenge($0).text }
    /// What a person does who has no good token, behind `Fix: ` in the answer.
    package var tokenAdvice = "configure the header \"Authorization: Bearer TOKEN\" with the server's token"
    package var limits: ServiceLimits
    /// Whose word about the client's address is taken.
    package var proxies = TrustedProxies()
    package var certificate: CertificateFiles?
    /// How often the certificate's files are looked at for a change, by ``clock``.
    package var certificateInterval = Duration.seconds(10)
    package var clock: any Clock<Duration> = ContinuousClock()
    /// The time by which rates are measured.
    package var now: @Sendable () -> ContinuousClock.Instant = { .now }
    /// The level of one line per request; `nil` writes none.
    package var accessLog: Logger.Level?
    package var logger: Logger
    package var metrics = ServiceMetrics()
    /// Kept up to date by the service.
    package var state = ServiceState()
    /// Gives the next request's id; at most 15 ASCII characters stay off the heap.
    package var requestIdentifiers: @Sendable () -> String

    package init(
        product: String, serverHeader: String? = nil, hosts: HostRule = HostRule(), origins: OriginRule = OriginRule(),
        authenticator: any Authenticator = OpenAccess(), limits: ServiceLimits = ServiceLimits(), certificate: CertificateFiles? = nil,
        accessLog: Logger.Level? = .info, logger: Logger, requestIdentifiers: (@Sendable () -> String)? = nil
    ) {
        self.product = product
        self.serverHeader = serverHeader
        self.hosts = hosts
        self.origins = origins
        self.authenticator = authenticator
        self.limits = limits
        self.certificate = certificate
        self.accessLog = accessLog
        self.logger = logger
        self.requestIdentifiers = requestIdentifiers ?? RequestIdentifiers().next
    }
}

/// What one client, or all of them together, may take.
package struct ServiceLimits: Sendable, Hashable {
    package var bodyBytes = 8 * 1024 * 1024
    package var urlBytes = 8 * 1024
    package var headerBytes = 32 * 1024
    package var headerCount = 100
    package var requestsInFlight = 1024
    package var connections = 2048
    /// From accept to the first complete head.
    package var headTimeout: Duration = .seconds(15)
    /// From a head to the end of its body.
    package var bodyTimeout: Duration = .seconds(60)
    /// Between two requests of one connection. Longer than the pools of common clients, which else send into a closing connection.
    package var idleTimeout: Duration = .seconds(120)
    /// How long a client may leave what is written to it unread.
    package var stallTimeout: Duration = .seconds(60)
    /// From the order to stop until what still runs is cut off.
    package var drainTimeout: Duration = .seconds(8)

    package var rate = RequestRate()

    package init() {}
}
