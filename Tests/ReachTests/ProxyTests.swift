import BinaryTesting
import ReachTesting
import Testing

/// What stands between a client and magenta: a company's forward proxy, or nginx with nothing set but where to pass requests.
@Suite("Behind a proxy", .enabled(if: TestNetwork.isAvailable, "\(TestNetwork.missing ?? "")"))
struct ProxyTests {
    /// Those that use a proxy which their environment names.
    static let clients: [any ReachClient.Type] = [Curl.self, PythonSDK.self, ClaudeList.self].filter { $0.missing == nil }
    static let visits = Visit.Transport.allCases.map { Visit($0, NetworkAddress.serviceName) }

    @Test(
        "HTTP_PROXY without NO_PROXY sends everything through the proxy, and magenta answers through it",
        .enabled(if: Components.python != nil, "no python3"))
    func forwardProxy() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve()
            let proxy = try await network.forwardProxy(port: 3128)
            let url = "http://\(NetworkAddress.serverIPv4):3128"
            // curl reads the name in lower case alone, since a CGI program's HTTP_PROXY is a request header.
            let environment = ["HTTP_PROXY": url, "http_proxy": url]
            for client in Self.clients {
                let before = proxy.outputText.count
                let through = try await client.init().failures(of: Self.visits, from: network.client, environment: environment)
                #expect(through == [nil, nil], "\(client.name) through the proxy")
                let lines = proxy.outputText.dropFirst(before).split(separator: "\n")
                #expect(lines.contains("POST http://mcp-server:8000/mcp HTTP/1.1"), "\(client.name): \(lines)")
                #expect(lines.contains("GET http://mcp-server:8000/sse HTTP/1.1"), "\(client.name): \(lines)")

                let around = proxy.outputText
                let exempt = environment.merging(["NO_PROXY": "mcp-server", "no_proxy": "mcp-server"]) { $1 }
                let direct = try await client.init().failures(of: Self.visits, from: network.client, environment: exempt)
                #expect(direct == [nil, nil], "\(client.name) with NO_PROXY")
                #expect(proxy.outputText == around, "\(client.name) must not use the proxy where NO_PROXY names the host")

                // No address is exempt by itself, not even the host's own.
                let own = try await client.init().failures(of: [Visit(.http, "127.0.0.1")], from: network.server, environment: environment)
                let seen = proxy.outputText.dropFirst(around.count)
                #expect(own == [nil] && seen.contains("POST http://127.0.0.1:8000/mcp HTTP/1.1"), "\(client.name): \(own) \(seen)")
            }
            // Node's fetch takes no notice of it, unless Node 24 is told to by NODE_USE_ENV_PROXY.
            if NodeFetch.missing == nil {
                let around = proxy.outputText
                let direct = try await NodeFetch().failures(of: Self.visits, from: network.client, environment: environment)
                #expect(direct == [nil, nil] && proxy.outputText == around)
            }
            try await server.stop()
        }
    }

    @Test("A request line in absolute form is served as any other")
    func absoluteForm() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            let server = try await network.serve()
            let environment = ["http_proxy": "http://mcp-server:8000"]
            let failures = try await Curl().failures(of: Self.visits, from: network.client, environment: environment)
            #expect(failures == [nil, nil])
            try await server.stop()
        }
    }

    static let nginxServers = """
        server { listen 8081; location / { proxy_pass http://127.0.0.1:8000; } }
        server { listen 8082; location / { proxy_pass http://127.0.0.1:8000; proxy_set_header Host $http_host; } }
        server { listen 8083; location /memory/ { proxy_pass http://127.0.0.1:8000/; } }
        """

    @Test(
        "nginx as it comes passes events at once, with Host rewritten or passed on",
        .enabled(if: Components.program("nginx") != nil, "no nginx: scripts/bootstrap --tests installs it"))
    func nginx() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve()
            let nginx = try await network.nginx(Self.nginxServers)
            let clients: [any ReachClient.Type] = [Curl.self, NodeFetch.self, PythonSDK.self, ClaudeList.self].filter { $0.missing == nil }
            for client in clients {
                // nginx listens on IPv4 alone as it comes, and the name has both.
                let visits = [8081, 8082].flatMap { port in Visit.Transport.allCases.map { Visit($0, "mcp-server", port: port) } }
                let failures = try await client.init().failures(of: visits, from: network.client, environment: [:])
                #expect(failures == [nil, nil, nil, nil], "\(client.name)")
            }

            // A name that magenta does not know passes where nginx puts its own upstream's address into Host, and only there.
            let rewritten = try await network.client.output(of: Curl.discover("http://evil.example:8081/mcp"))
            #expect(rewritten.contains("magenta-memory"))
            let passed = try await network.client.output(of: Curl.discover("http://evil.example:8082/mcp"))
            #expect(passed == "magenta: Host \"evil.example\" is not allowed. Fix: --allow-host evil.example\n", "\(passed)")

            try await server.stop()

            // With a path of the proxy's own, the event `endpoint` must name what clients can reach.
            let prefixed = try await network.serve(["--no-auth", "--public-url", "http://mcp-server:8083/memory/mcp"])
            for client in clients {
                let visits = Visit.Transport.allCases.map { transport in
                    var visit = Visit(transport, "mcp-server")
                    visit.url = "http://mcp-server:8083/memory\(transport.path)"
                    return visit
                }
                let failures = try await client.init().failures(of: visits, from: network.client, environment: [:])
                #expect(failures == [nil, nil], "\(client.name) under /memory/")
            }
            try await prefixed.stop()
            nginx.send(15)
            try await nginx.exit()
        }
    }
}
