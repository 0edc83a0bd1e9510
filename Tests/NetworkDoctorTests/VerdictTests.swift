import Diagnosis
import JSON
import Listeners
import NetworkDoctor
import Testing

@Suite("The verdict, its exit code and its text")
struct VerdictTests {
    private func verdict(isStrict: Bool = false, _ spoil: (inout Report) throws -> Void) throws -> Verdict {
        var report = try Report.good()
        try spoil(&report)
        return Findings(report, isStrict: isStrict).verdict
    }

    @Test("One family is enough to be reachable, and counts as a warning only where warnings count")
    func oneFamily() throws {
        let lenient = try verdict { $0.fail(.ipv6, .failed("ECONNREFUSED")) }
        #expect(lenient.outcome == .good)
        #expect(lenient.text == "reachable: yes (IPv4 yes, IPv6 no)")
        #expect(try verdict(isStrict: true) { $0.fail(.ipv6, .failed("ECONNREFUSED")) }.outcome == .warnings)
    }

    @Test("A family that this host lacks is absent, and no warning")
    func absent() throws {
        let verdict = try verdict(isStrict: true) {
            $0.fail(.ipv6, .failed("EADDRNOTAVAIL"))
            $0.environment.hosts = .known([])
            $0.server.ownAddresses.removeAll { $0.address == .loopback6 }
        }
        #expect(verdict.text == "reachable: yes (IPv4 yes, IPv6 absent)")
        #expect(verdict.outcome == .good)
    }

    @Test("Nothing connects: 2")
    func unreachable() throws {
        let verdict = try verdict {
            $0.fail(.ipv4, .failed("ECONNREFUSED"))
            $0.fail(.ipv6, .timedOut)
        }
        #expect(verdict.outcome == .unreachable)
        #expect(verdict.text == "reachable: no (IPv4 no, IPv6 no)")
    }

    @Test("A proxy variable that leads to nobody: 2, although the doctor itself gets there")
    func proxy() throws {
        let verdict = try verdict {
            CheckTests.proxied(&$0)
            $0.http.throughProxy = .failed(.failed("ECONNREFUSED"))
        }
        #expect(verdict.outcome == .unreachable)
        #expect(verdict.text == "reachable: yes (IPv4 yes, IPv6 yes), but clients do not get there: see [✗]")
    }

    @Test("A name that only the proxy knows is reached through it")
    func onlyTheProxy() throws {
        var report = try Report.remote()
        CheckTests.unknown(&report, nameServer: "10.0.0.2")
        CheckTests.proxied(&report)
        report.http.health = []
        report.http.throughProxy = .answered(200, "application/json", "GET /health")
        let verdict = Findings(report, clients: Client.allCases.filter { $0 == .claudeCode || $0 == .bun }).verdict
        #expect(verdict.outcome == .good)
        #expect(verdict.text.hasPrefix("reachable: through the proxy only"))
    }

    @Test("A server of another make that answers every path with a page is good, where its MCP is")
    func otherMake() throws {
        let verdict = try verdict {
            $0.http.health = [.answered(200, "text/html", "GET /health")]
            $0.stream.pace = .known(.init(exchange: .answered(200, "text/html", "GET /health/stream")))
        }
        #expect(verdict.outcome == .good)
    }

    @Test("Refused by Host, credentials or path: 3", arguments: [401, 403, 404])
    func refused(status: Int) throws {
        #expect(try verdict { CheckTests.refuse(&$0, status) }.outcome == .refused)
    }

    @Test("Another program: 4")
    func notMCP() throws {
        let verdict = try verdict {
            $0.http.health = [.answered(200, "text/html", "GET /health")]
            $0.mcp.conversations = [.init(revision: "2026-07-28", exchange: .answered(200, "text/html"), outcome: .refused)]
            $0.stream = StreamFacts()
        }
        #expect(verdict.outcome == .notMCP)
    }

    @Test("MCP that is answered wrongly: 5")
    func wrongMCP() throws {
        #expect(try verdict { CheckTests.converse(&$0, 2, .answered(500), .refused) }.outcome == .wrongMCP)
    }

    @Test("JSON has the documented members, and every check its own")
    func json() throws {
        var report = try Report.good()
        report.fail(.ipv6, .failed("ECONNREFUSED"))
        let value = Findings(report).json
        #expect(value["schema"]?.integer == 1)
        #expect(value["target"]?.string == "http://localhost:8000/mcp")
        #expect(value["verdict"]?.string == "good")
        #expect(value["families"]?["v6"]?.string == "no")
        let check = try #require(value["checks"]?.array?.first { $0["errno"]?.string == "ECONNREFUSED" })
        #expect(check["id"]?.string == "tcp.connect")
        #expect(check["layer"]?.string == "tcp")
        #expect(check["status"]?.string == "warn")
        #expect(check["cause"]?.string?.isEmpty == false)
    }

    @Test("What a server sent cannot break a line or steer a terminal")
    func controls() throws {
        var report = try Report.good()
        CheckTests.refuse(&report, 404)
        report.mcp.conversations[0].exchange = .answered(400, body: "no\u{1B}[2J\u{202E}evil\u{7}")
        let text = FindingsText().text(Findings(report))
        #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202E })
    }
}
