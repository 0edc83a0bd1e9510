import JSON
import Listeners
import NIOCore
import Testing

@testable import NetworkDoctor

@Suite("The conversations with a server")
struct MCPProbeTests {
    private func ask(_ server: LoopbackServer, path: String = "/mcp", prefersStream: Bool = false) async -> MCPFacts {
        let soon = NIODeadline.now() + .seconds(30)
        let peer = Peer(target: Target(host: "localhost", port: server.port, path: path), address: .loopback4)
        return await MCPProbe(
            peer: peer, path: path, messages: Messages(version: "1"), prefersStream: prefersStream, deadline: soon, end: soon
        ).ask()
    }

    private static let discovered =
        #"{"supportedVersions":["2026-07-28"],"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"fake","version":"2"}}}"#
    private static let initialized = #"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"fake","version":"2"}}"#

    /// A server of Streamable HTTP in the revisions that it is told.
    private static func answer(_ text: String, isModern: Bool, asStream: Bool = false) -> LoopbackServer.Reply {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        let message = parts.count > 1 ? try? JSONReader().read(String(parts[1])) : nil
        let id = message?["id"].map(\.description) ?? "null"
        func reply(_ member: String, _ headers: [String] = []) -> LoopbackServer.Reply {
            let body = #"{"jsonrpc":"2.0","id":\#(id),\#(member)}"#
            guard asStream else { return .send(LoopbackServer.json(body, headers: headers)) }
            let other = #"{"jsonrpc":"2.0","method":"notifications/message"}"#
            return .sendAndStay(LoopbackServer.events("data: \(other)\n\ndata: \(body)\n\n"))
        }
        switch message?["method"]?.string {
        case _ where text.contains("00000000-0000"): return .send(LoopbackServer.notFound)
        case "server/discover" where isModern: return reply("\"result\":\(discovered)")
        case "initialize": return reply("\"result\":\(initialized)", ["Mcp-Session-Id: s1"])
        case "notifications/initialized": return .send(LoopbackServer.json("", status: "202 Accepted"))
        case "tools/list" where message?["params"]?["cursor"] == nil:
            return reply(#""result":{"tools":[{"name":"a"},{"name":"b"}],"nextCursor":"c"}"#)
        case "tools/list": return reply(#""result":{"tools":[{"name":"d"}]}"#)
        case .some: return reply(#""error":{"code":-32601,"message":"no such method"}"#)
        case nil: return .send(LoopbackServer.json("", status: "405 Method Not Allowed"))
        }
    }

    @Test("Agrees in every revision, counts the tools over all pages and ends the sessions", arguments: [false, true])
    func modern(asStream: Bool) async throws {
        try await LoopbackServer.with(reply: { Self.answer($0, isModern: true, asStream: asStream) }) { server in
            let facts = await ask(server)
            #expect(facts.conversations.map(\.revision) == ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])
            #expect(facts.conversations[0].outcome == .agreed(name: "fake", version: "2", revision: "2026-07-28"))
            #expect(facts.conversations[4].outcome == .agreed(name: "fake", version: "2", revision: "2025-11-25"))
            #expect(facts.conversations.allSatisfy { $0.transport == .requests })
            #expect(facts.tools.value?.count == 3)
            #expect(facts.unknownSession == .known(404))
            #expect(facts.getWithoutSession.value?.answer?.status == 405)
            if !asStream {
                #expect(facts.conversations[1...4].allSatisfy { $0.hasSession })
                #expect(server.requests.lines.count { $0.hasPrefix("DELETE") } == 4)
            }
        }
    }

    @Test("Lists the tools in an older revision where the newest is rejected, and gives the code")
    func legacy() async throws {
        try await LoopbackServer.with(reply: { Self.answer($0, isModern: false) }) { server in
            let facts = await ask(server)
            #expect(facts.conversations[0].outcome == .rejected(code: -32601, message: "no such method"))
            #expect(facts.tools.value?.count == 3)
        }
    }

    @Test("Begins as Claude Code does, under the doctor's name")
    func discovery() async throws {
        try await LoopbackServer.with(reply: { Self.answer($0, isModern: true) }) { server in
            _ = await ask(server)
            let text = try #require(server.requests.texts.first).lowercased()
            #expect(text.contains("\r\nmcp-method: server/discover\r\n") && text.contains("\r\nmcp-protocol-version: 2026-07-28\r\n"))
            #expect(text.contains("\r\naccept: application/json, text/event-stream\r\n") && text.contains("\"name\":\"magenta-doctor\""))
        }
    }

    @Test("Says that HTTP refused where no answer is MCP")
    func otherServer() async throws {
        try await LoopbackServer.with(reply: { _ in .send(LoopbackServer.json("<html>", status: "404 Not Found")) }) { server in
            let facts = await ask(server)
            #expect(facts.conversations.allSatisfy { $0.outcome == .refused && $0.exchange.answer?.status == 404 })
            #expect(facts.tools == .notChecked("no conversation came as far as tools/list"))
        }
    }

    @Test("Reads from the stream what is answered to a POST at the endpoint")
    func stream() async throws {
        let opening = LoopbackServer.events("event: endpoint\ndata: /messages?s=1\n\n")
        try await LoopbackServer.with(reply: { text in
            switch text {
            case _ where text.hasPrefix("GET /sse "): .sendAndStay(opening)
            case _ where !text.hasPrefix("POST /messages?s=1 "): .send(LoopbackServer.notFound)
            case _ where text.contains("\"initialize\""): .accept(event: #"{"jsonrpc":"2.0","id":0,"result":\#(Self.initialized)}"#)
            case _ where text.contains("\"tools/list\""): .accept(event: #"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}]}}"#)
            default: .accept(event: nil)
            }
        }) { server in
            let conversation = StreamConversation(
                peer: Peer(target: Target(host: "localhost", port: server.port, path: "/sse"), address: .loopback4), path: "/sse",
                messages: Messages(version: "1"), deadline: .now() + .seconds(30))
            let result = try #require(await conversation.initialize(listsTools: true))
            #expect(result.conversation.outcome == .agreed(name: "fake", version: "2", revision: "2025-11-25"))
            #expect(result.conversation.transport == .stream && result.conversation.exchange.answer?.status == 202)
            #expect(result.tools?.count == 1)
        }
    }

    @Test("Sends nothing to an endpoint at another host")
    func foreignEndpoint() async throws {
        let foreign = LoopbackServer.events("event: endpoint\ndata: http://evil.example/messages\n\n")
        try await LoopbackServer.with(reply: { $0.hasPrefix("GET") ? .sendAndStay(foreign) : .send(LoopbackServer.notFound) }) { server in
            let streamed = await ask(server, prefersStream: true).conversations.last
            #expect(streamed?.exchange.outcome == .failed("the endpoint is at another host"))
        }
    }

    @Test(
        "Finds the endpoint relative to the target",
        arguments: [
            ("/messages?s=1", "/messages?s=1"), ("messages", "/x/messages"), ("?s=1", "/x/sse?s=1"), ("http://h:8000/m", "/m"),
            ("http://h:8001/m", nil), ("https://h:8000/m", nil), ("//evil.example/m", nil), ("", nil), ("/a b", nil),
        ] as [(String, String?)])
    func endpoint(text: String, path: String?) {
        #expect(Target(host: "h", port: 8000, path: "/x/sse?a=b").path(ofEndpoint: text) == path)
    }
}
