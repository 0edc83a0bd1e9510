import Diagnosis
import Listeners
import NetworkDoctor
import Transcripts

/// A report of a server where everything is as it should be; a test spoils what it is about.
extension Report {
    static let now: Int64 = 1_790_000_000

    static func good(_ url: String = "http://localhost:8000/mcp", addresses: [InternetAddress] = [.loopback6, .loopback4]) throws -> Report {
        var report = Report(time: now, target: try Target(url))
        report.environment = .good
        if report.target.literal == nil {
            report.names.plain = .known(.init(addresses: addresses, duration: .milliseconds(1)))
            report.names.configured = .known(.init(addresses: addresses, duration: .milliseconds(1)))
        }
        let port = report.target.port
        report.connections = addresses.map { ConnectionFact(address: $0, port: port, outcome: .connected, duration: .milliseconds(1)) }
        report.http.health = addresses.map { health($0, report.target) }
        report.http.hosts = [health(addresses[0], report.target)]
        report.stream.opening = .known(
            .init(
                exchange: .answered(200, "text/event-stream", "GET \(report.target.path)"), firstEvent: .milliseconds(2),
                endpoint: "/mcp?session_id=x", retry: 300))
        report.stream.pace = .known(
            .init(exchange: .answered(200, "text/event-stream", "GET /health/stream"), arrivals: [.milliseconds(2), .milliseconds(1002)]))
        report.mcp.conversations = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"].map {
            .init(
                revision: $0, exchange: .answered(200, "application/json"), outcome: .agreed(name: "magenta-memory", version: "0.1.0", revision: $0),
                hasSession: $0 < "2026")
        }
        report.mcp.tools = .known(.init(count: 9, duration: .milliseconds(3)))
        report.mcp.unknownSession = .known(404)
        report.server.isLocal = true
        report.server.sockets = .known([
            .init(address: .loopback4, port: port, owner: .process(id: 42, command: "magenta")),
            .init(address: .loopback6, port: port, isIPv6Only: true, owner: .process(id: 42, command: "magenta")),
        ])
        report.server.ownAddresses = addresses.map { ConnectionFact(address: $0, port: port, outcome: .connected) }
        report.capture.cleanupDays = .known(30)
        report.capture.transcripts = .known(3)
        report.capture.missing = .known(0)
        return report
    }

    private static func health(_ address: InternetAddress, _ target: Target) -> Exchange {
        let body = #"{"status":"ok","name":"magenta-memory","version":"0.1.0","families":{"ipv4":"reachable","ipv6":"reachable"}}"#
        return Exchange(
            request: "GET /health", address: address, host: target.authority,
            outcome: .answered(.init(status: 200, headers: ["content-type": "application/json"], body: body)), duration: .milliseconds(2))
    }
}

extension Exchange {
    static func answered(_ status: Int, _ type: String? = nil, _ request: String = "POST /mcp", body: String = "") -> Exchange {
        Exchange(
            request: request, address: .loopback4, host: "localhost:8000",
            outcome: .answered(.init(status: status, headers: type.map { ["content-type": $0] } ?? [:], body: body)), duration: .milliseconds(2))
    }

    static func failed(_ outcome: Outcome, _ request: String = "POST /mcp") -> Exchange {
        Exchange(request: request, address: .loopback4, host: "localhost:8000", outcome: outcome, duration: .milliseconds(2))
    }
}

extension EnvironmentFacts {
    static var good: EnvironmentFacts {
        var facts = EnvironmentFacts()
        facts.container = .known(nil)
        facts.ipv6 = .known(.init())
        facts.addresses = .known([.loopback4, .loopback6, .ipv4(0x0A4D_0001)])
        facts.hosts = .known([.init(address: .loopback4, names: ["localhost"]), .init(address: .loopback6, names: ["localhost"])])
        facts.nameServers = .known([])
        facts.nameServices = .known("files dns")
        facts.takesAllHostsLines = .known(true)
        facts.addressOrderRules = .known([])
        facts.resolver = .known("glibc")
        return facts
    }
}

extension Report {
    /// A server on another host, by name and address.
    static func remote(_ addresses: [InternetAddress] = [.ipv6(high: 0xFD77_0000_0000_0000, low: 1), .ipv4(0x0A4D_0001)]) throws -> Report {
        var report = try good("http://mcp-server:8000/mcp", addresses: addresses)
        report.server = ServerFacts()
        return report
    }

    mutating func fail(_ family: AddressFamily, _ outcome: ConnectionFact.Outcome, after duration: Duration = .zero) {
        for place in connections.indices where connections[place].address.canonical.family == family {
            connections[place].outcome = outcome
            connections[place].duration = duration
        }
        http.health.removeAll { $0.address.canonical.family == family }
        guard !connections.contains(where: { $0.outcome == .connected }) else { return }
        http.hosts = []
        stream = StreamFacts()
        mcp = MCPFacts()
    }

    func check(_ id: CheckID, where matches: (Check) -> Bool = { $0.status != .ok }) -> Check? {
        Findings(self, clients: Client.allCases).checks.first { $0.id == id.rawValue && matches($0) }
    }
}
