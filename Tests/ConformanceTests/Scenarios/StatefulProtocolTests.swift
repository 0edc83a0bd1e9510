import BinaryTesting
import JSON
import Testing

// Requirement set 2025-11-25, scored unless a test says otherwise: handshake, small methods, sessions, transport.
@Suite("2025-11-25: protocol scenarios", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct StatefulProtocolTests {
    @Test("server-initialize: the handshake gives a session whose id is visible ASCII")
    func initialize() async throws {
        try await Served.session { session, _ in
            #expect(session.revision == Session.newest)
            #expect(session.welcome["serverInfo"]?["name"]?.string?.isEmpty == false)
            #expect(session.welcome["serverInfo"]?["version"]?.string?.isEmpty == false)
            // The suite's raw probe sends the version header with initialize already.
            let reply = try await Session.post(Session.greeting(Session.newest), session.port, [("MCP-Protocol-Version", Session.newest)])
            #expect(reply.status == 200)
            let id = try #require(reply.head["mcp-session-id"])
            #expect(!id.isEmpty && id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        }
    }

    @Test("server-initialize: the capabilities are those of the fixture")
    func capabilities() async throws {
        try await Served.session { session, _ in
            let capabilities = session.welcome["capabilities"]
            for name in ["tools", "prompts", "resources", "logging", "completions"] {
                #expect(capabilities?[name]?.object != nil, "\(name)")
            }
            #expect(capabilities?["resources"]?["subscribe"] == true)
            #expect(capabilities?["extensions"] == nil)
        }
    }

    @Test("logging-set-level: the result is exactly an empty object")
    func setLevel() async throws {
        try await Served.session { session, _ in
            let reply = try await session.call("logging/setLevel", ["level": "info"])
            #expect(reply.result == [:])
        }
    }

    @Test("ping: the result is exactly an empty object")
    func ping() async throws {
        try await Served.session { session, _ in
            let reply = try await session.call("ping")
            #expect(reply.result == [:])
        }
    }

    @Test("completion-complete: the values are an array")
    func completion() async throws {
        try await Served.session { session, _ in
            let reply = try await session.call(
                "completion/complete",
                [
                    "ref": ["type": "ref/prompt", "name": "test_prompt_with_arguments"],
                    "argument": ["name": "arg1", "value": "test"],
                ])
            #expect(reply.result?["completion"]?["values"]?.array != nil)
        }
    }

    @Test("server-sse-multiple-streams: three requests at once are all answered, in any order of the accepted types")
    func multipleStreams() async throws {
        try await Served.session { session, _ in
            let replies = try await withThrowingTaskGroup(of: (Int64, Reply).self) { group in
                for id in Int64(1000)...1002 {
                    group.addTask {
                        let reply = try await session.call(
                            "tools/list", [:], id: .integer(id), [("Accept", "text/event-stream, application/json")])
                        return (id, reply)
                    }
                }
                return try await group.reduce(into: [Int64: Reply]()) { $0[$1.0] = $1.1 }
            }
            #expect(replies.count == 3)
            for (id, reply) in replies {
                #expect((200..<300).contains(reply.status))
                #expect(!reply.messages.isEmpty)
                #expect(reply.response?["id"] == .integer(id))
            }
        }
    }

    @Test("dns-rebinding-protection: a strange Host and Origin are refused, the server's own are not")
    func dnsRebinding() async throws {
        try await Served.with { server in
            for (name, isOwn) in [("evil.example.com", false), ("localhost:\(server.port)", true)] {
                let reply = try await Session.post(
                    Session.greeting(Session.newest), server.port,
                    [("MCP-Protocol-Version", Session.newest), ("Host", name), ("Origin", "http://\(name)")])
                if isOwn { #expect(reply.status == 200) } else { #expect((400..<500).contains(reply.status)) }
            }
        }
    }

    @Test("server-session-lifecycle: after DELETE the session is not found (not scored)")
    func sessionLifecycle() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            let ended = try await session.end()
            #expect(ended.status == 200 || ended.status == 204)
            let reply = try await session.call("tools/list", [:])
            #expect(reply.status == 404)
        }
    }

    @Test("server-sse-polling: a stream begins with a priming event, pauses with retry, and goes on at Last-Event-ID (not scored)")
    func polling() async throws {
        try await Served.session { session, _ in
            let message: JSONValue = .object(
                rpc("tools/call", Session.toolParams("test_reconnection", [:]), id: 1))
            let first = try await converse(session.posted(message), session.port)
            #expect(first.status == 200)
            #expect(first.isStream)
            #expect(first.events.first?.id?.isEmpty == false && first.events.first?.data == "")
            #expect(first.events.contains { $0.retry != nil })
            #expect(first.response == nil, "the connection has to close before the result")
            let last = try #require(first.events.last { $0.id != nil }?.id)
            let rest = try await session.stream([("Last-Event-ID", last)]) { try await $0.rest() }
            let response = try #require(rest.last)
            #expect(response["id"] == 1)
            #expect(response["result"]?["content"]?.array?.isEmpty == false)
            #expect(response["result"]?["isError"] != true)
        }
    }
}
