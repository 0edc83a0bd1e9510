import HTTPService
import Listeners
import NIOCore
import NIOHTTP1
import Testing

@testable import NetworkDoctor

@Suite("A request to one address")
struct PeerTests {
    private func peer(_ server: LoopbackServer, headers: [String: String] = [:]) -> Peer {
        Peer(target: Target(host: "mcp-server", port: server.port, path: "/mcp"), address: .loopback4, headers: headers)
    }

    private func ask(_ server: LoopbackServer, _ headers: [String: String] = [:]) async -> Exchange {
        await peer(server, headers: headers).ask(.GET, "/health", until: .now() + .seconds(30))
    }

    @Test("Calls the server by the target's name, with the configured headers")
    func host() async throws {
        try await LoopbackServer.with(reply: { _ in .send(LoopbackServer.health) }) { server in
            let exchange = await ask(server, ["Authorization": "Bearer secret", "host": "evil.example"])
            #expect(exchange.request == "GET /health" && exchange.host == "mcp-server:\(server.port)")
            #expect(exchange.answer?.status == 200 && exchange.isMagenta)
            let text = try #require(server.requests.texts.first).lowercased()
            #expect(text.contains("\r\nhost: mcp-server:\(server.port)\r\n") && text.contains("\r\nauthorization: bearer secret\r\n"))
            #expect(!text.contains("evil"))
        }
    }

    @Test("Does not follow a redirect")
    func redirect() async throws {
        let moved = LoopbackServer.json("", status: "301 Moved Permanently", headers: ["Location: /elsewhere"])
        try await LoopbackServer.with(reply: { _ in .send(moved) }) { server in
            let answer = await ask(server).answer
            #expect(answer?.status == 301 && answer?.headers["location"] == "/elsewhere")
            #expect(server.requests.lines == ["GET /health HTTP/1.1"])
        }
    }

    @Test("Keeps 4,000 bytes of a body and 1,000 of a header")
    func bounded() async throws {
        let long = LoopbackServer.json(String(repeating: "x", count: 100_000), headers: ["X-Long: \(String(repeating: "y", count: 5000))"])
        try await LoopbackServer.with(reply: { _ in .send(long) }) { server in
            let answer = await ask(server).answer
            #expect(answer?.body.utf8.count == 4000 && answer?.headers["x-long"]?.utf8.count == 1000)
        }
    }

    @Test("Tells a connection that closes without an answer")
    func closed() async throws {
        try await LoopbackServer.with(reply: { _ in .close }) { server in
            #expect(await ask(server).outcome == .closed)
        }
    }

    @Test("Tells an answer that is no HTTP")
    func otherProtocol() async throws {
        try await LoopbackServer.with(reply: { _ in .send("SSH-2.0-OpenSSH_9.2\r\n") }) { server in
            guard case .failed(let reason) = await ask(server).outcome else {
                Issue.record("SSH passed for HTTP")
                return
            }
            #expect(reason.hasPrefix("no HTTP"))
        }
    }

    @Test("Gives up on a server that says nothing")
    func timeout() async throws {
        try await LoopbackServer.with { server in
            #expect(await peer(server).ask(.GET, "/health", until: .now() + .milliseconds(50)).outcome == .timedOut)
        }
    }

    @Test("Sends no header that would split the request")
    func splitting() async throws {
        try await LoopbackServer.with(reply: { _ in .send(LoopbackServer.health) }) { server in
            #expect(await ask(server, ["Authorization": "a\r\nX-Evil: 1"]).answer == nil)
            #expect(server.requests.texts.isEmpty)
        }
    }

    @Test("Knows magenta by a health of many listeners too")
    func longHealth() async throws {
        let health = LoopbackServer.json(#"{"listeners":[\#(Array(repeating: "0", count: 10000).joined(separator: ","))],"name":"magenta-memory"}"#)
        try await LoopbackServer.with(reply: { _ in .send(health) }) { server in
            #expect(await HealthAsking(peer: peer(server), paths: ["/health"]).ask(until: .now() + .seconds(30)).isMagenta)
        }
    }

    @Test("Asks for health behind the prefix only where the root is not magenta's")
    func prefix() async throws {
        try await LoopbackServer.with(reply: { .send($0.hasPrefix("GET /x/health") ? LoopbackServer.health : LoopbackServer.notFound) }) { server in
            let asking = HealthAsking(peer: peer(server), paths: ["/health", "/x/health"])
            #expect(await asking.ask(until: .now() + .seconds(30)).request == "GET /x/health")
            #expect(server.requests.lines.map { $0.split(separator: " ")[1] } == ["/health", "/x/health"])
        }
    }
}
