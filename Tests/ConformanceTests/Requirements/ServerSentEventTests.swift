import BinaryTesting
import JSON
import Testing

/// Section 18: HTTP+SSE, the transport of 2024-11-05.
@Suite("HTTP+SSE", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct ServerSentEventTests {
    @Test("The first event names the endpoint; what is posted there is 202 and answered on the stream", arguments: ["/sse", "/mcp"])
    func handshake(path: String) async throws {
        try await Served.with { server in
            try await EventSource.with(server, path: path, greets: false) { source in
                #expect(source.target.hasPrefix("/"))
                let accepted = try await source.post(Session.greeting("2024-11-05"))
                #expect(accepted.status == 202)
                #expect(accepted.messages.isEmpty)
                let welcome = try await source.stream.message()
                #expect(welcome["id"] == 0)
                #expect(welcome["result"]?["protocolVersion"] == "2024-11-05")
                #expect(source.stream.seen.allSatisfy { $0.id == nil }, "2024-11-05 has no event ids")
            }
        }
    }

    @Test("Any legacy revision may be agreed on over the stream", arguments: Session.streamable)
    func newerRevision(revision: String) async throws {
        try await Served.with { server in
            try await EventSource.with(server, revision: revision) { source in
                let reply = try await source.call("tools/list")
                #expect(reply.last?["result"]?["tools"]?.array?.isEmpty == false)
            }
        }
    }

    @Test("Progress and log messages come before the answer, on the stream")
    func progress() async throws {
        try await Served.with { server in
            try await EventSource.with(server) { source in
                let params = Session.toolParams("test_tool_with_progress", meta: ["progressToken": "t"])
                let progress = try await source.call("tools/call", params)
                #expect(progress.map { $0["params"]?["progress"] } == [0, 50, 100, nil])
                #expect(progress.allSatisfy { $0["params"]?["message"] == nil }, "2024-11-05 has no message in progress")
                let logs = try await source.call("tools/call", ["name": "test_tool_with_logging"])
                #expect(logs.map { $0["method"] } == ["notifications/message", "notifications/message", "notifications/message", nil])
            }
        }
    }

    @Test("Sampling asks and is answered over the stream")
    func sampling() async throws {
        try await Served.with { server in
            try await EventSource.with(server) { source in
                let messages = try await source.call("tools/call", Session.toolParams("test_sampling", ["prompt": "Hello?"])) { request in
                    #expect(request["method"] == "sampling/createMessage")
                    return ["role": "assistant", "content": ["type": "text", "text": "Hello."], "model": "m"]
                }
                #expect(messages.last?["result"]?["content"]?.array?.first?["text"] == "LLM response: Hello.")
            }
        }
    }

    @Test("Elicitation asks and is answered over the stream, in a revision that has it", arguments: ["2025-06-18", "2025-11-25"])
    func elicitation(revision: String) async throws {
        try await Served.with { server in
            try await EventSource.with(server, revision: revision) { source in
                let messages = try await source.call("tools/call", Session.toolParams("test_elicitation", ["message": "Who?"])) { request in
                    #expect(request["method"] == "elicitation/create")
                    return ["action": "accept", "content": ["username": "ada", "email": "ada@example.com"]]
                }
                #expect("\(messages.last ?? .null)".contains("ada"))
            }
        }
    }

    @Test("Changes and subscribed resources are told on the stream")
    func changes() async throws {
        try await Served.with { server in
            try await EventSource.with(server) { source in
                _ = try await source.call("resources/subscribe", ["uri": "test://watched-resource"])
                _ = try await Stateless(server).tool("test_trigger_resource_change")
                let updated = try await source.stream.message()
                #expect(updated["method"] == "notifications/resources/updated")
                _ = try await Stateless(server).tool("test_trigger_tool_change")
                #expect(try await source.stream.message()["method"] == "notifications/tools/list_changed")
            }
        }
    }

    @Test("Two streams get each their own answers to the same ids")
    func apart() async throws {
        try await Served.with { server in
            try await EventSource.with(server) { first in
                try await EventSource.with(server) { second in
                    #expect(first.target != second.target)
                    _ = try await first.post(rpc("ping", id: 5))
                    _ = try await second.post(rpc("resources/list", id: 5))
                    #expect(try await first.stream.message()["result"] == [:])
                    #expect(try await second.stream.message()["result"]?["resources"] != nil)
                }
            }
        }
    }

    @Test("A call is cancelled over the stream, and the stream goes on")
    func cancelled() async throws {
        try await Served.with(.requirementProbe) { server in
            try await EventSource.with(server) { source in
                _ = try await source.post(rpc("tools/call", Session.toolParams("wait", meta: ["progressToken": 1]), id: 5))
                _ = try await source.stream.message("notifications/progress")
                _ = try await source.post(rpc("notifications/cancelled", ["requestId": 5]))
                let answer = try await source.call("ping", id: 6)
                #expect(answer.allSatisfy { $0["id"] != 5 || $0["result"] == nil })
                try await CancellationTests.cancelled(1) { try await Stateless(server).tool("counts").contentText }
            }
        }
    }

    @Test("A stream that is unknown is 404, one that has ended too, and what cannot be read is 400")
    func refused() async throws {
        try await Served.with { server in
            let ping = rpc("ping", id: 1)
            #expect(try await Session.post(ping, server.port, path: "/messages?session_id=none").status == 404)
            let target = try await EventSource.with(server) { source async throws -> String in
                let broken = HTTPCall("POST", source.target, headers: Session.standard, body: Array("{".utf8))
                #expect(try await converse(broken, server.port).status == 400)
                #expect(try await converse(Session.posted([.object(ping)], Session.standard, path: source.target), server.port).status == 400)
                return source.target
            }
            try await eventually(within: .seconds(10), "the stream's end to be known") {
                try await Session.post(ping, server.port, path: target).status == 404 ? () : nil
            }
        }
    }

    @Test("Legacy results over the stream have nothing of 2026-07-28, and ids come back as they came")
    func results() async throws {
        try await Served.with { server in
            try await EventSource.with(server) { source in
                for id in [JSONValue.string("x"), "", 0, 1_800_000_000_001] {
                    let answer = try await source.call("ping", id: id)
                    #expect(answer == [["jsonrpc": "2.0", "id": id, "result": [:]]])
                }
            }
        }
    }
}
