import BinaryTesting
import JSON
import Testing

/// Section 18: JSON-RPC batches, which 2025-03-26 has and no other revision.
@Suite("Batches", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct BatchTests {
    static func post(_ session: Session, _ batch: JSONValue, _ changes: HeaderChanges = []) async throws -> Reply {
        try await converse(session.posted(batch, changes), session.port)
    }

    static func ping(_ id: JSONValue) -> JSONValue { .object(rpc("ping", id: id)) }

    @Test("2025-03-26: every request of a batch is answered once, notifications are not")
    func mixed() async throws {
        try await Served.session(.conformanceServer, "2025-03-26") { session, _ in
            let batch: JSONValue = [
                Self.ping(1), .object(rpc("notifications/initialized")), Self.ping("two"), .object(rpc("tools/list", id: 3)),
                .object(rpc("unknown/method", id: 4)),
            ]
            let reply = try await Self.post(session, batch)
            #expect(reply.status == 200)
            #expect(reply.messages.count == 4)
            #expect(Set(reply.messages.compactMap { $0["id"] }) == [1, "two", 3, 4])
            #expect(reply.messages.first { $0["id"] == 1 }?["result"] == [:])
            #expect(reply.messages.first { $0["id"] == 3 }?["result"]?["tools"]?.array?.isEmpty == false)
            #expect(reply.messages.first { $0["id"] == 4 }?["error"]?["code"] == -32601)
        }
    }

    @Test("2025-03-26: a batch without a request is 202 without a body")
    func withoutRequests() async throws {
        try await Served.session(.conformanceServer, "2025-03-26") { session, _ in
            let batches: [JSONValue] = [
                [.object(rpc("notifications/initialized")), .object(rpc("notifications/cancelled", ["requestId": 9]))],
                [["jsonrpc": "2.0", "id": 1, "result": [:]], ["jsonrpc": "2.0", "id": 2, "error": ["code": -1, "message": "no"]]],
            ]
            for batch in batches {
                let reply = try await Self.post(session, batch)
                #expect(reply.status == 202 && reply.body.isEmpty)
            }
        }
    }

    @Test("2025-03-26: a client that takes events alone gets the batch as events")
    func asEvents() async throws {
        try await Served.session(.conformanceServer, "2025-03-26") { session, _ in
            let reply = try await Self.post(session, [Self.ping(1), Self.ping(2)], [("Accept", "text/event-stream")])
            #expect(reply.isStream)
            let answers = reply.messages.flatMap { $0.array ?? [$0] }
            #expect(Set(answers.compactMap { $0["id"] }) == [1, 2])
        }
    }

    @Test("2025-03-26: initialize is no part of a batch")
    func initialize() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port, "2025-03-26")
            let reply = try await Self.post(session, [.object(Session.greeting("2025-03-26", id: 5)), Self.ping(6)])
            #expect(reply.messages.first { $0["id"] == 5 }?["result"] == nil)
            #expect(reply.head["mcp-session-id"] == nil)
            let alone = try await converse(Session.posted([.object(Session.greeting("2025-03-26", id: 5))], Session.standard), server.port)
            #expect(alone.status == 400)
            #expect(alone.head["mcp-session-id"] == nil)
        }
    }

    @Test("2025-03-26: progress and log messages of a batch's calls do no harm")
    func chatty() async throws {
        try await Served.session(.conformanceServer, "2025-03-26") { session, _ in
            let params = Session.toolParams("test_tool_with_progress", meta: ["progressToken": 5])
            let reply = try await Self.post(session, [.object(rpc("tools/call", params, id: 5)), Self.ping(6)])
            let answers = reply.messages.flatMap { $0.array ?? [$0] }
            #expect(answers.first { $0["id"] == 5 }?["result"]?["content"]?.array?.isEmpty == false)
            #expect(answers.contains { $0["id"] == 6 })
        }
    }

    @Test("An empty batch is 400", arguments: Session.streamable)
    func empty(revision: String) async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port, revision)
            #expect(try await Self.post(session, []).status == 400)
        }
    }

    @Test("Every other revision refuses a batch with 400, and does nothing of it", arguments: ["2025-06-18", "2025-11-25"])
    func refused(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, stream in
            let batch: JSONValue = [.object(rpc("tools/call", ["name": "test_trigger_tool_change"], id: 1)), Self.ping(2)]
            let reply = try await Self.post(session, batch)
            #expect(reply.status == 400)
            if revision == "2025-11-25" { #expect(reply.code == -32600) }
            // What comes first on the stream was not caused by the batch.
            _ = try await session.tool("test_trigger_prompt_change")
            let first = try await stream.message()
            #expect(first["method"] == "notifications/prompts/list_changed")
        }
    }

    @Test("2026-07-28 refuses a batch with 400, by its claim or by its header")
    func modern() async throws {
        try await Served.with { server in
            let client = Stateless(server)
            let message = client.message("tools/list", id: 1)
            let claimed = try await converse(Session.posted([.object(message)], Session.standard), server.port)
            #expect(claimed.status == 400 && claimed.code == -32600)
            let headed = try await converse(Session.posted([Self.ping(1)], Stateless.headers(for: message)), server.port)
            #expect(headed.status == 400 && headed.code == -32600)
        }
    }
}
