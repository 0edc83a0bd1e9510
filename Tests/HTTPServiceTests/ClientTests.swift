import Access
import HTTPService
import HTTPTypes
import HummingbirdCore
import Listeners
import Logging
import PrometheusText
import Synchronization
import Testing

/// Who a request comes from and how many such there may be, on a real socket. Loopback plays the proxy, so that there are many clients.
@Suite struct `Clients of the HTTP service` {
    private static let proxies = TrustedProxies(["127.0.0.0/8"].compactMap { AddressBlock($0) })
    private static let who = Route(.get, path: "/who") { .text("\($0.peer) \($0.isSecure)") }

    private struct OneToken: Authenticator {
        func authenticate(authorization: String?) async -> Authentication {
            switch authorization {
            case nil: .missing
            case "Bearer good": .accepted(Principal(name: "token:good", scopes: [.read]))
            default: .invalid(reason: "the token is not this server's")
            }
        }
    }

    /// A time that goes on when a test says so.
    private final class Hand: Sendable {
        private let time = Mutex(ContinuousClock.now)

        @Sendable func now() -> ContinuousClock.Instant { time.withLock { $0 } }
        func advance(by duration: Duration) { time.withLock { $0 += duration } }
    }

    @Test func `are whom a trusted proxy names, in the route and in the log`() async throws {
        let log = RecordedLog()
        try await RunningService.with(
            [Self.who],
            configure: {
                $0.proxies = Self.proxies; $0.logger = log.logger; $0.accessLog = .info
            }
        ) { service in
            try await Dialog.with(service.listener) { (dialog: inout Dialog) async throws in
                let headers = "X-Forwarded-For: 198.51.100.1, 203.0.113.7\r\nX-Forwarded-Proto: https\r\n"
                #expect(try await dialog.get("/who", headers: headers).body == "203.0.113.7 true")
                #expect(try await dialog.get("/who", headers: "Forwarded: for=\"[2001:db8::7]:1\"\r\n").body == "2001:db8::7 false")
                for _ in 0..<3 {
                    #expect(try await dialog.get("/who", headers: "X-Forwarded-For: me\r\n").body == "127.0.0.1 false")
                }
            }
        }
        #expect(log.lines.contains { $0.contains("/who 200") && $0.contains(" peer=203.0.113.7 ") })
        #expect(
            log.lines.filter { $0.hasPrefix("warning") } == [
                "warning cannot read what a trusted proxy says of its client field=X-Forwarded-For proxy=127.0.0.1"
            ])
    }

    @Test func `are the peers themselves where no proxy is trusted`() async throws {
        try await RunningService.with([Self.who]) { service in
            try await Dialog.with(service.listener) { (dialog: inout Dialog) async throws in
                let headers = "X-Forwarded-For: 203.0.113.7\r\nForwarded: for=203.0.113.7\r\nX-Forwarded-Proto: https\r\n"
                #expect(try await dialog.get("/who", headers: headers).body == "127.0.0.1 false")
            }
        }
    }

    @Test func `never get another Host by X-Forwarded-Host`() async throws {
        try await RunningService.with([Self.who], configure: { $0.proxies = Self.proxies }) { service in
            try await Dialog.with(service.listener) { (dialog: inout Dialog) async throws in
                let forged = "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Host: localhost\r\nForwarded: for=203.0.113.7;host=localhost\r\n"
                #expect(try await dialog.get("/who", host: "evil.example", headers: forged).status == 421)
                #expect(try await dialog.get("/who", headers: "X-Forwarded-Host: evil.example\r\n").status == 200)
            }
        }
    }

    @Test func `are told when they sent too many, and when to come again`() async throws {
        let hand = Hand()
        let registry = MetricRegistry([
            MetricFamily(ServiceMetrics.duration, .histogram(bounds: [1]), "Durations."),
            MetricFamily(ServiceMetrics.refusals, .counter, "Refusals."),
        ])
        try await RunningService.with(
            [Self.who],
            configure: {
                $0.proxies = Self.proxies
                $0.limits.rate = RequestRate(perMinute: 3)
                $0.limits.rate.advice = "or pay"
                $0.now = hand.now
                $0.metrics = ServiceMetrics(factory: registry)
            }
        ) { service in
            try await Dialog.with(service.listener) { (dialog: inout Dialog) async throws in
                func ask(_ client: String) async throws -> Dialog.Answer {
                    try await dialog.get("/who", headers: "X-Forwarded-For: \(client)\r\n")
                }
                for _ in 0..<3 { #expect(try await ask("203.0.113.7").status == 200) }
                let refused = try await ask("203.0.113.7")
                #expect(refused.status == 429 && refused.header("Retry-After") == "20" && refused.header("Connection") == nil)
                #expect(refused.body == "test: more than 3 requests a minute came from 203.0.113.7. Fix: try again in 20 s; or pay\n")
                #expect(try await ask("203.0.113.8").status == 200)
                hand.advance(by: .seconds(20))
                #expect(try await ask("203.0.113.7").status == 200)
                #expect(try await ask("203.0.113.7").status == 429)
            }
        }
        #expect(registry.text().contains("http_refusals_total{reason=\"rate\"} 2\n"))
    }

    @Test func `of this host have no bound unless it is asked for, and then none for health`() async throws {
        var health = Route.echo("/health", isAnonymous: true)
        health.isProbe = true
        let routes = [Self.who, health]
        try await RunningService.with(routes, configure: { $0.limits.rate = RequestRate(perMinute: 2) }) { service in
            try await Dialog.with(service.listener) { (dialog: inout Dialog) async throws in
                for _ in 0..<5 { #expect(try await dialog.get("/who").status == 200) }
            }
        }
        try await RunningService.with(routes, configure: { $0.limits.rate = RequestRate(perMinute: 2, sparesLoopback: false) }) { service in
            try await Dialog.with(service.listener) { (dialog: inout Dialog) async throws in
                for _ in 0..<2 { #expect(try await dialog.get("/who").status == 200) }
                #expect(try await dialog.get("/who").status == 429)
                #expect(try await dialog.get("/nothing").status == 429)
                for _ in 0..<5 { #expect(try await dialog.get("/health").status == 200) }
            }
        }
    }

    @Test func `with wrong tokens are soon told less, and a good one always passes`() async throws {
        let hand = Hand()
        try await RunningService.with(
            [.echo("/"), .echo("/open", isAnonymous: true)],
            configure: {
                $0.authenticator = OneToken()
                $0.limits.rate = RequestRate(perMinute: 1000, sparesLoopback: false, failedLoginsPerMinute: 2)
                $0.now = hand.now
            }
        ) { service in
            try await Dialog.with(service.listener) { (dialog: inout Dialog) async throws in
                let wrong = "Authorization: Bearer wrong\r\n"
                for _ in 0..<2 { #expect(try await dialog.get("/", headers: wrong).status == 401) }
                let refused = try await dialog.get("/", headers: wrong)
                #expect(refused.status == 429 && refused.header("Retry-After") == "30")
                #expect(refused.header("WWW-Authenticate")?.hasPrefix("Bearer ") == true)
                #expect(
                    refused.body == "test: the bearer token is not valid: the token is not this server's, and more than 2 such requests a minute "
                        + "came from 127.0.0.1. Fix: configure the header \"Authorization: Bearer TOKEN\" with the server's token\n")
                #expect(try await dialog.get("/", headers: "Authorization: Bearer good\r\n").status == 200)
                #expect(try await dialog.get("/").status == 401)
                #expect(try await dialog.get("/open", headers: wrong).status == 200)
                hand.advance(by: .seconds(30))
                #expect(try await dialog.get("/", headers: wrong).status == 401)
            }
        }
    }

    @Test func `without any token are bound by their address`() async throws {
        try await RunningService.with(
            [.echo("/")],
            configure: {
                $0.authenticator = OneToken()
                $0.limits.rate = RequestRate(perMinute: 2, sparesLoopback: false)
            }
        ) { service in
            try await Dialog.with(service.listener) { (dialog: inout Dialog) async throws in
                for _ in 0..<2 { #expect(try await dialog.get("/").status == 401) }
                #expect(try await dialog.get("/").status == 429)
                for _ in 0..<2 { #expect(try await dialog.get("/", headers: "Authorization: Bearer good\r\n").status == 200) }
                let refused = try await dialog.get("/", headers: "Authorization: Bearer good\r\n")
                #expect(refused.status == 429 && refused.body.hasPrefix("test: more than 2 requests a minute came from token:good. Fix: "))
            }
        }
    }
}
