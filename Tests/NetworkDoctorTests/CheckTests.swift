import Diagnosis
import JSON
import Listeners
import NetworkDoctor
import Testing
import Transcripts

/// Every check id, spoiled once in a report that is otherwise good: what the doctor then says of it.
@Suite("What each check says of what is wrong")
struct CheckTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var id: CheckID
        var status: Check.Status
        /// Words that must stand in the line, its cause or its fix.
        var words: [String]
        var spoil: @Sendable (inout Report) -> Void
        var testDescription: String { "\(id.rawValue): \(words.joined(separator: ", "))" }

        init(_ id: CheckID, _ status: Check.Status, _ words: String..., spoil: @escaping @Sendable (inout Report) -> Void) {
            self.id = id
            self.status = status
            self.words = words
            self.spoil = spoil
        }
    }

    static let entry = ConfiguredServer(
        name: "magenta-memory", file: ".mcp.json", scope: .project, type: "http", url: "http://localhost:8000/mcp",
        expandedURL: "http://localhost:8000/mcp", approval: .approved)

    @Test("Each id has a case", arguments: CheckID.allCases)
    func everyID(id: CheckID) {
        // A file that cannot be read and an entry that is no URL have no report to spoil: `withoutTarget` holds them.
        #expect(Self.cases.contains { $0.id == id } || [.configFile, .configURL].contains(id))
    }

    @Test("Names the cause and the fix", arguments: cases)
    func names(_ example: Case) throws {
        var report = try Report.good()
        example.spoil(&report)
        let check = try #require(report.check(example.id), "no check \(example.id.rawValue) that is not ok")
        #expect(check.status == example.status)
        let text = [check.subject, check.detail, check.errno ?? "", check.cause ?? "", check.fix ?? ""].joined(separator: " | ")
        for word in example.words { #expect(text.contains(word), "\"\(word)\" is not in: \(text)") }
        if example.status == .fail || example.status == .warn, example.id != .clientConnect {
            #expect(check.cause != nil)
            #expect(check.fix != nil)
        }
    }

    @Test("An entry whose url cannot be called, and a file that cannot be read")
    func withoutTarget() throws {
        let error = #expect(throws: TargetError.self) { try Target("ftp://user:hunter2@host/") }
        let entry = Self.with { $0.expandedURL = "ftp://user:hunter2@host/" }
        let findings = Findings(entry, flaws: [Findings.unreadable(".mcp.json", "no JSON at offset 3")], error: try #require(error))
        let broken = findings.checks.filter { $0.status == .fail }
        #expect(broken.map(\.id) == [CheckID.configFile.rawValue, CheckID.configURL.rawValue])
        #expect(broken.allSatisfy { $0.cause != nil && $0.fix != nil })
        #expect(findings.verdict.outcome == .unreachable)
        #expect(!findings.json.description.contains("hunter2"))
    }

    @Test("Nothing is wrong with a good report")
    func good() throws {
        let findings = Findings(try .good(), clients: Client.allCases)
        #expect(findings.checks.filter { $0.status == .fail || $0.status == .warn } == [])
        #expect(findings.verdict.outcome == .good)
        #expect(findings.verdict.text == "reachable: yes (IPv4 yes, IPv6 yes)")
    }

    static let cases: [Case] = configuration + environment + names + handshakes + http + streams + mcp + server
    static let configuration: [Case] = [
        Case(.configEntry, .fail, "headers", "magenta connect") {
            $0.entry = with {
                $0.flaws = ["headers stand beside the entry"]; $0.isSkipped = true
            }
        },
        Case(.configType, .fail, "neither http nor sse", "\"type\": \"http\"") { $0.entry = with { $0.type = "command" } },
        Case(.configType, .fail, "no type") { $0.entry = with { $0.type = nil } },
        Case(.configVariable, .fail, "MAGENTA_TOKEN", "export") { $0.entry = with { $0.missingVariables = ["MAGENTA_TOKEN"] } },
        Case(.configHeader, .fail, "Bearer") { $0.entry = with { $0.headers = ["Authorization": "abcdefgh12345678"] } },
        Case(.configHeader, .fail, "does not allow") { $0.entry = with { $0.headers = ["X Evil:": "1"] } },
        Case(.configApproval, .warn, "pending", "approve") { $0.entry = with { $0.approval = .pending } },
        Case(.configApproval, .fail, "rejected", "reset-project-choices") { $0.entry = with { $0.approval = .rejected } },
        Case(.configLocalhost, .warn, "container", "host.docker.internal") {
            $0.environment.container = .known(.docker)
            $0.server.sockets = .known([])
            $0.fail(.ipv4, .failed("ECONNREFUSED"))
            $0.fail(.ipv6, .failed("EADDRNOTAVAIL"))
        },
    ]
    static let environment: [Case] = [
        Case(.environmentContainer, .skip, "not checked") { $0.environment.container = .notChecked("there is no /proc") },
        Case(.environmentProxy, .fail, "HTTP_PROXY", "proxy.corp:3128", "NO_PROXY=localhost") { proxied(&$0) },
        Case(.environmentIPv6, .warn, "switched off", "enable_ipv6") {
            $0 = (try? .remote()) ?? $0
            $0.environment.ipv6 = .known(.init(disabledOn: ["all"]))
            $0.fail(.ipv6, .failed("ENETUNREACH"))
        },
        Case(.environmentIPv6, .warn, "EAFNOSUPPORT", "ipv6.disable=1") {
            $0 = (try? .remote()) ?? $0
            $0.environment.ipv6 = .known(.init(isSupported: false))
            $0.fail(.ipv6, .failed("EAFNOSUPPORT"))
        },
        Case(.environmentHosts, .warn, "::1", "/etc/hosts") { $0.environment.addresses = .known([.loopback4]) },
        Case(.environmentNameService, .warn, "nsswitch.conf", "files dns") { $0.environment.nameServices = .known("files") },
        Case(.environmentNameService, .warn, "multi on") { $0.environment.takesAllHostsLines = .known(false) },
        Case(.environmentAddressOrder, .warn, "precedence", "gai.conf") {
            $0.environment.addressOrderRules = .known(["precedence ::ffff:0:0/96 100"])
        },
    ]
    static let names: [Case] = [
        Case(.namesResolve, .fail, "EAI_AGAIN", "Docker's resolver does not know mcp-server", "docker compose ps") { report in
            unknown(&report, nameServer: "127.0.0.11")
        },
        Case(.namesResolve, .fail, "default bridge") { report in
            unknown(&report, nameServer: "10.0.0.2")
            report.environment.container = .known(.docker)
        },
        Case(.namesConfigured, .warn, "AI_ADDRCONFIG", "::1") {
            $0.names.configured = .known(.init(addresses: [.loopback4]))
        },
        Case(.namesServer, .warn, "silence", "resolv.conf") {
            $0.names.queries = [.init(nameServer: "10.0.0.2", kind: .a, outcome: .silence)]
        },
        Case(.namesServer, .warn, "SERVFAIL") { $0.names.queries = [.init(nameServer: "10.0.0.2", kind: .a, outcome: .failure("SERVFAIL"))] },
        Case(.namesServer, .warn, "NXDOMAIN", "musl") {
            $0.names.queries = [
                .init(nameServer: "10.0.0.2", kind: .a, outcome: .addresses([.loopback4])),
                .init(nameServer: "10.0.0.2", kind: .aaaa, outcome: .noSuchName),
            ]
        },
        Case(.tcpConnect, .fail, "ECONNREFUSED", "IPV6_V6ONLY", "host=None") {
            $0 = (try? .remote([.ipv4(0x0A4D_0001)])) ?? $0
            $0.fail(.ipv4, .failed("ECONNREFUSED"))
        },
        Case(.clientConnect, .fail, "Unable to connect") {
            $0.fail(.ipv4, .failed("ECONNREFUSED"))
            $0.fail(.ipv6, .failed("ECONNREFUSED"))
        },
        Case(.clientConnect, .warn, "first address only", "ipv4first") { $0.fail(.ipv6, .failed("ECONNREFUSED")) },
    ]
    static let handshakes: [Case] = [
        Case(.tlsHandshake, .fail, "plain HTTP", "http://") {
            $0.handshakes = [.init(address: .loopback4, outcome: .failed("plain HTTP is spoken there"))]
        },
        Case(.tlsTrust, .fail, "self signed", "NODE_EXTRA_CA_CERTS") {
            $0.handshakes = [.init(address: .loopback4, outcome: .untrusted("self signed"))]
        },
        Case(.tlsName, .fail, "memory.example", "localhost") {
            $0.handshakes = [.init(address: .loopback4, outcome: .wrongName(names: ["memory.example"]))]
        },
        Case(.tlsExpiry, .fail, "ended 2 days ago") {
            $0.handshakes = [.init(address: .loopback4, outcome: .established, expires: Report.now - 2 * 86_400)]
        },
        Case(.tlsExpiry, .warn, "ends in 3 days") {
            $0.handshakes = [.init(address: .loopback4, outcome: .established, expires: Report.now + 3 * 86_400)]
        },
    ]
    static let http: [Case] = [
        Case(.httpAnswer, .fail, "ECONNRESET", "port forwarder", "docker ps") {
            $0.http.health = [.failed(.closed, "GET /health")]
            $0.server = ServerFacts()
        },
        Case(.httpAnswer, .fail, "process 42 (magenta) takes the connection and closes it") {
            $0.http.health = [.failed(.closed, "GET /health")]
        },
        Case(.httpAnswer, .fail, "no answer in time") { $0.http.health = [.failed(.timedOut, "GET /health")] },
        Case(.httpIdentity, .fail, "nginx", "another program") {
            $0.http.health = [.answered(404, "text/html")]
            $0.http.health[0].outcome = .answered(.init(status: 404, headers: ["server": "nginx"]))
            $0.mcp = MCPFacts()
        },
        Case(.httpHealth, .fail, "failed", "its own sockets") {
            $0.http.health = [.answered(503, body: #"{"status":"failed","name":"magenta-memory","families":{"ipv4":"unreachable"}}"#)]
        },
        Case(.httpHealth, .warn, "stopping") { $0.http.health = [.answered(503, body: #"{"status":"draining","name":"magenta-memory"}"#)] },
        Case(.httpHost, .fail, "421", "evil.example", "--allow-host localhost") {
            $0.http.hosts = [.answered(421, body: "magenta: Host \"evil.example\" is not allowed")]
            $0.http.hosts[0].host = $0.target.authority
        },
        Case(.httpHost, .warn, "403") {
            $0.http.hosts = [.answered(403, body: "Forbidden: invalid Host header")]; $0.http.hosts[0].host = "other"
        },
        Case(.httpIntermediary, .fail, "301", "redirect") {
            $0.http.health = [.answered(301)]
            $0.http.health[0].outcome = .answered(.init(status: 301, headers: ["location": "https://x/"]))
        },
        Case(.httpIntermediary, .fail, "502", "upstream") { $0.http.health = [.answered(502, "text/html")] },
        Case(.httpProxy, .warn, "407", "NO_PROXY=localhost") {
            proxied(&$0)
            $0.http.throughProxy = .answered(407)
        },
        Case(.httpProxy, .fail, "403", "NO_PROXY=localhost") {
            proxied(&$0)
            $0.http.throughProxy = .answered(403)
        },
        Case(.httpAnswer, .fail, "[::1]:8000", "another program answers", "magenta answers at 127.0.0.1:8000") {
            $0.http.health[0].outcome = .answered(.init(status: 404, headers: ["server": "SimpleHTTP"]))
        },
        Case(.httpAuthorization, .fail, "401", "Dynamic Client Registration", "Bearer") { refuse(&$0, 401) },
        Case(.httpAuthorization, .fail, "403", "magenta token create") {
            refuse(&$0, 403)
            $0.http.authorizationSent = true
        },
        Case(.httpPath, .fail, "404", "MCP endpoint not found", "ask who runs the server") { refuse(&$0, 404) },
        Case(.httpPath, .fail, "400", "http://localhost:8000/mcp") {
            refuse(&$0, 400)
            $0.target.path = "/api?key=secret"
        },
        Case(.httpPath, .fail, "405", "\"type\": \"sse\"") {
            let stream = $0.stream
            refuse(&$0, 405)
            $0.stream = stream
        },
    ]
    static let streams: [Case] = [
        Case(.streamOpen, .fail, "no event came", "proxy_buffering off") {
            $0.stream.opening = .known(.init(exchange: .answered(200, "text/event-stream")))
        },
        Case(.streamOpen, .warn, "late") {
            $0.stream.opening = .known(.init(exchange: .answered(200, "text/event-stream"), firstEvent: .seconds(3), endpoint: "/x", retry: 300))
        },
        Case(.streamBuffering, .fail, "arrive together", "nginx", "proxy_buffering off") {
            $0.stream.pace = .known(.init(exchange: .answered(200, "text/event-stream"), arrivals: [.seconds(1), .seconds(1)]))
        },
        Case(.streamBuffering, .skip, "404") { $0.stream.pace = .known(.init(exchange: .answered(404))) },
        Case(.streamRetry, .skip, "not sent") {
            $0.stream.opening = .known(.init(exchange: .answered(200, "text/event-stream"), firstEvent: .zero, endpoint: "/x"))
        },
    ]
    static let mcp: [Case] = [
        Case(.mcpDiscover, .fail, "no MCP answer") { converse(&$0, 0, .answered(200, "text/html"), .refused) },
        Case(.mcpDiscover, .skip, "fall back to initialize") {
            converse(&$0, 0, .answered(200), .rejected(code: -32601, message: "Method not found"))
        },
        Case(.mcpInitialize, .warn, "-32602") { converse(&$0, 1, .answered(200), .rejected(code: -32602, message: "Unsupported protocol version")) },
        Case(.mcpInitialize, .fail, "HTTP 500", "log") { converse(&$0, 2, .answered(500, body: "broken"), .refused) },
        Case(.mcpInitialize, .warn, "HTTP 429", "--rate-limit") { converse(&$0, 2, .answered(429, body: "too many"), .refused) },
        Case(.mcpSession, .warn, "HTTP 400", "404 only") { $0.mcp.unknownSession = .known(400) },
        Case(.mcpTools, .warn, "no tools", "scopes") {
            $0.http.authorizationSent = true; $0.mcp.tools = .known(.init(count: 0, duration: .zero))
        },
    ]
    static let server: [Case] = [
        Case(.serverSocket, .skip, "another host") { $0.server = ServerFacts() },
        Case(.serverFamily, .warn, "IPv4 only", "--listen all:8000") {
            $0.server.sockets = .known([.init(address: .any4, port: 8000, owner: .process(id: 7, command: "node"))])
        },
        Case(.serverFamily, .warn, "different programs", "process 8 (python3)") {
            $0.server.sockets = .known([
                .init(address: .loopback4, port: 8000, owner: .process(id: 7, command: "magenta")),
                .init(address: .loopback6, port: 8000, isIPv6Only: true, owner: .process(id: 8, command: "python3")),
            ])
        },
        Case(.serverFamily, .fail, "IPv6 only", "IPV6_V6ONLY=1", "python3", "host=None") {
            $0.fail(.ipv4, .failed("ECONNREFUSED"))
            $0.fail(.ipv6, .failed("ECONNREFUSED"))
            $0.server.sockets = .known([.init(address: .any6, port: 8000, isIPv6Only: true, owner: .process(id: 7, command: "python3"))])
        },
        Case(.serverFamily, .fail, "nobody listens") { $0.server.sockets = .known([]) },
        Case(.serverAddress, .warn, "10.77.0.1:8000", "loopback only") {
            $0.server.sockets = .known([
                .init(address: .any6, port: 8000, isIPv6Only: true), .init(address: .loopback4, port: 8000, owner: .process(id: 7, command: "x")),
            ])
            $0.server.ownAddresses = [.init(address: .ipv4(0x0A4D_0001), port: 8000, outcome: .failed("ECONNREFUSED"))]
        },
        Case(.clientLog, .warn, "ECONNREFUSED", "/mcp") {
            $0.log = ClaudeCodeLog(file: "/home/x/log.jsonl", error: "Connection failed (ECONNREFUSED)", time: "2026-01-01T00:00:00Z")
            $0.fail(.ipv4, .failed("ECONNREFUSED"))
            $0.fail(.ipv6, .failed("ECONNREFUSED"))
        },
        Case(.captureCleanup, .warn, "2 not in the store", "magenta import") { $0.capture.missing = .known(2) },
    ]

    static func with(_ change: (inout ConfiguredServer) -> Void) -> ConfiguredServer {
        var entry = entry
        change(&entry)
        return entry
    }

    static func proxied(_ report: inout Report) {
        report.environment.proxies = [.init(variable: "HTTP_PROXY", address: "proxy.corp:3128")]
    }

    static func unknown(_ report: inout Report, nameServer: String) {
        report = (try? .remote()) ?? report
        report.names.plain = .known(.init(failure: "EAI_AGAIN", duration: .milliseconds(20)))
        report.names.configured = report.names.plain
        report.environment.nameServers = .known([nameServer])
        report.fail(.ipv4, .timedOut)
        report.fail(.ipv6, .timedOut)
        report.connections = []
    }

    static func refuse(_ report: inout Report, _ status: Int) {
        report.mcp = MCPFacts()
        report.mcp.conversations = [.init(revision: "2026-07-28", exchange: .answered(status, body: "no"), outcome: .refused)]
        report.stream = StreamFacts()
    }

    static func converse(_ report: inout Report, _ place: Int, _ exchange: Exchange, _ outcome: MCPFacts.Conversation.Outcome) {
        report.mcp.conversations[place].exchange = exchange
        report.mcp.conversations[place].outcome = outcome
    }
}
