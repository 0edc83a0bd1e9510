import Diagnosis
import HTTPService
import Listeners
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bug that this server exists for: a server on `::` whose socket was IPv6-only, in a container network with IPv4 alone. Clients saw
/// `fetch failed` and nothing else.
@Suite struct `The founding bug: a wildcard listener that refuses IPv4` {
    @Test func `an IPv6-only wildcard refuses IPv4 while ours answers both`() async throws {
        let alone = try ListenerBinding.bind(BindPlan([.literal(.any6, port: 0)])).listeners
        let listener = try #require(alone.first)
        let port = try #require(listener.port)
        #expect(listener.isIPv6Only)
        #expect(await HealthProbe(timeout: .seconds(60)).ask(.internet(.loopback4, port: port)) == .refused(code: ECONNREFUSED))
        close(listener.descriptor)

        try await RunningService.with([.echo("/health")], listen: [.all(port: 0)]) { service in
            #expect(service.listeners.map(\.family) == [.ipv4, .ipv6])
            let report = await ReachReport.dial(service.listeners)
            #expect(report[.ipv4] == .reachable)
            // A host without ::1 lacks the family; that is no fault of the server.
            #expect(report[.ipv6] == .reachable || report[.ipv6].status == .warning)
        }
    }
}

@Suite struct `Health probe` {
    @Test func `tells a port where nobody listens`() async throws {
        let listener = try #require(try ListenerBinding.bind(BindPlan([.literal(.loopback4, port: 0)])).listeners.first)
        close(listener.descriptor)
        #expect(await HealthProbe(timeout: .seconds(60)).ask(listener.endpoint) == .refused(code: ECONNREFUSED))
    }

    @Test func `gives up on a socket that accepts and says nothing`() async throws {
        // The kernel accepts for a listener that nobody serves.
        let listener = try #require(try ListenerBinding.bind(BindPlan([.literal(.loopback4, port: 0)])).listeners.first)
        defer { close(listener.descriptor) }
        #expect(await HealthProbe(timeout: .milliseconds(50)).ask(listener.endpoint) == .timedOut)
    }

    @Test func `says that TLS is not what the port speaks`() async throws {
        try await RunningService.with([.echo("/health")]) { service in
            guard case .unintelligible = await HealthProbe(isSecure: true, timeout: .seconds(60)).ask(service.listener.dialled) else {
                Issue.record("an answer over TLS from a port without TLS")
                return
            }
        }
    }
}

@Suite struct `Reach report` {
    func report(_ reaches: (ListenEndpoint, FamilyReach)...) -> ReachReport {
        ReachReport(entries: reaches.map { ReachReport.Entry(endpoint: $0.0, reach: $0.1) })
    }

    let v4 = ListenEndpoint.internet(.loopback4, port: 1)
    let v6 = ListenEndpoint.internet(.loopback6, port: 1)

    @Test func `is a warning where a family has no address`() {
        let report = report((v4, .reachable), (v6, .absent(reason: "x")))
        #expect(report.status == .warning)
        #expect(report.families.map(\.family) == [.ipv4, .ipv6])
    }

    @Test func `is failed where a family has an address and does not answer`() {
        #expect(report((v4, .reachable), (v6, .unreachable(reason: "x"))).status == .failed)
    }

    @Test func `is failed where nothing answers at all`() {
        #expect(report((v6, .absent(reason: "x"))).status == .failed)
        #expect(report().status == .failed)
    }

    @Test func `says of a family without a listener that nothing listens`() {
        let report = report((v4, .reachable))
        #expect(report[.ipv6] == .notListening && report.status == .ok)
    }
}
