import BinaryTesting
import JSON
import ReachTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The real Claude Code where the network or the server changes under it.
@Suite(
    "Claude Code on a network of its own", .enabled(if: TestNetwork.isAvailable, "\(TestNetwork.missing ?? "")"),
    .enabled(if: ClaudeCode.missing == nil, "\(ClaudeCode.missing ?? "")"))
struct ClaudeCodeReachTests {
    @Test("Calls a tool before and after a restart of the server, in one session", arguments: Visit.Transport.allCases)
    func restart(over transport: Visit.Transport) async throws {
        try await TestNetwork.with(.dualStack) { network in
            let first = try await network.serve()
            let entry = ClaudeCode.Entry("magenta", transport.rawValue, Visit(transport, "mcp-server").url)
            let go = network.scratch.path("go")
            let call = entry.tool("search_messages")
            let session = try network.client.claudeCode().session(
                [entry], [.call(call, ["query": "zebra"]), .call(call, ["query": "yak"], wait: go), .say("Done.")])
            try await eventually(within: .seconds(30), "the first result") { try session.results().isEmpty ? nil : () }
            try await first.stop()

            let second = try await network.serve()
            // What is posted before the stream is back is lost, so the second call waits for the stream.
            if transport == .sse {
                try await eventually(within: .seconds(30), "Claude Code to open its stream again") { second.hasConnection ? () : nil }
            }
            try network.scratch.write("", to: "go")
            let results = try await session.finish()
            #expect(results.map(\.isError) == [false, false], "\(results)")
            #expect(results.allSatisfy { $0.text.contains(#""messages":[]"#) }, "\(results)")
            try await second.stop()
        }
    }

    /// A way to get it wrong, and what of Claude Code's line docs/network.md explains.
    struct Trouble: Sendable {
        var name: String
        var url: String
        var headers = ["Authorization": "Bearer \(ClaudeCodeReachTests.token)"]
        var words: String
        /// Where the line differs for an entry of type sse.
        var wordsOverSSE: String?
    }

    static let token = "a-token-of-sixteen-or-more"
    static let rejected = "Server rejected the configured Authorization header (HTTP 401)"

    static let troubles = [
        Trouble(name: "good", url: "http://mcp-server:8000/mcp", words: ClaudeCode.connected),
        Trouble(name: "port", url: "http://mcp-server:8009/mcp", words: "ECONNREFUSED: Unable to connect."),
        Trouble(name: "name", url: "http://no-such-name:8000/mcp", words: "getaddrinfo ENOTFOUND no-such-name"),
        Trouble(name: "silent", url: "http://\(NetworkAddress.silentIPv4):8000/mcp", words: "connection timed out after 2000ms"),
        Trouble(name: "tls", url: "https://mcp-server:8000/mcp", words: "EPROTO: The TLS handshake failed."),
        Trouble(
            name: "host", url: "http://evil.example:8000/mcp",
            words: "HTTP 421: Error POSTing to endpoint: magenta: Host \"evil.example\" is not allowed. Fix: --allow-host evil.example",
            wordsOverSSE: "HTTP 421: SSE error: Non-200 status code (421)"),
        Trouble(
            name: "path", url: "http://mcp-server:8000/other",
            words: "HTTP 400: Error POSTing to endpoint: magenta: no MCP endpoint at this path. Fix: end the URL in /mcp",
            wordsOverSSE: "HTTP 404: SSE error: Non-200 status code (404)"),
        Trouble(
            name: "no-token", url: "http://mcp-server:8000/mcp", headers: [:],
            words: "Dynamic Client Registration rejected (HTTP 400): magenta: this server has no login."),
        Trouble(name: "bad-token", url: "http://mcp-server:8000/mcp", headers: ["Authorization": "Bearer not-that-one"], words: rejected),
        Trouble(name: "unset-token", url: "http://mcp-server:8000/mcp", headers: ["Authorization": "Bearer ${UNSET}"], words: rejected),
        // What does not come from magenta but from something on the way to it.
        Trouble(name: "proxy-403", url: "http://v4-name:8081/mcp", headers: [:], words: "! Needs authentication"),
        Trouble(name: "proxy-404", url: "http://v4-name:8082/mcp", words: "MCP endpoint not found at http://v4-name:8082.", wordsOverSSE: "404"),
        Trouble(name: "proxy-502", url: "http://v4-name:8083/mcp", words: "HTTP 502: "),
        Trouble(name: "reset", url: "http://v4-name:8084/mcp", words: "ECONNRESET: The socket connection was closed unexpectedly."),
    ]

    static let nginxServers = """
        server { listen 8081; return 403; }
        server { listen 8082; return 404; }
        server { listen 8083; location / { proxy_pass http://127.0.0.1:8009; } }
        server { listen 8084; return 444; }
        """

    @Test("Says why it did not connect, in the words that docs/network.md explains", arguments: Visit.Transport.allCases)
    func words(over transport: Visit.Transport) async throws {
        try await TestNetwork.with(.dualStack) { network in
            try await network.dropSilentAddresses()
            let server = try await network.serve(["--token-file", try network.scratch.write("\(Self.token)\n", to: "token")])
            let nginx = try await network.nginx(Self.nginxServers)
            let entries = Self.troubles.map { ClaudeCode.Entry($0.name, transport.rawValue, $0.url, headers: $0.headers) }
            let states = try await network.client.claudeCode().states(of: entries, environment: ["MCP_TIMEOUT": "2000"])
            for trouble in Self.troubles {
                let words = transport == .sse ? trouble.wordsOverSSE ?? trouble.words : trouble.words
                #expect(states[trouble.name]?.contains(words) == true, "\(trouble.name): \(states[trouble.name] ?? "not listed")")
            }
            nginx.send(SIGTERM)
            try await nginx.exit()
            try await server.stop()
        }
    }

    @Test("Says no more of a proxy that is not there than that it was refused")
    func deadProxy() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve()
            let proxy = ["HTTP_PROXY": "http://\(NetworkAddress.serverIPv4):3128"]
            let visit = [Visit(.http, "mcp-server")]
            let refused = try await ClaudeList().failures(of: visit, from: network.client, environment: proxy)
            #expect(refused.first??.contains("ECONNREFUSED: Unable to connect.") == true, "\(refused)")
            let exempt = proxy.merging(["NO_PROXY": "mcp-server"]) { $1 }
            #expect(try await ClaudeList().failures(of: visit, from: network.client, environment: exempt) == [nil])
            try await server.stop()
        }
    }
}

extension NetworkServer {
    /// Whether somebody is connected to port 8000, as the kernel has it for the server's own namespace.
    fileprivate var hasConnection: Bool {
        ["tcp", "tcp6"].contains { table in
            String(decoding: Scratch.bytes(at: "/proc/\(process.pid)/net/\(table)"), as: UTF8.self).split(separator: "\n").contains {
                let fields = $0.split(separator: " ")
                // Fields: slot, local address, remote address, state (01 is established).
                return fields.count > 3 && fields[1].hasSuffix(":1F40") && fields[3] == "01"
            }
        }
    }
}
