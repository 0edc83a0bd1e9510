import BinaryTesting
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Section 18: `subscriptions/listen` beyond its scenario.
@Suite("Listening", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct ListenTests {
    @Test("A watched resource's changes arrive, those of others do not")
    func resource() async throws {
        try await Served.with { server in
            let client = Stateless(server)
            try await client.listen(["resourceSubscriptions": ["test://watched-resource"]], id: "a string") { acknowledged, stream in
                #expect(acknowledged["params"]?["notifications"]?["resourceSubscriptions"] == ["test://watched-resource"])
                _ = try await client.tool("test_trigger_tool_change")
                _ = try await client.tool("test_trigger_resource_change")
                let updated = try await stream.message()
                #expect(updated["method"] == "notifications/resources/updated")
                #expect(updated["params"]?["uri"] == "test://watched-resource")
                #expect(updated["params"]?["_meta"]?[Stateless.subscriptionKey] == "a string")
            }
        }
    }

    @Test("Two listeners with one id hear each what they asked for")
    func sameID() async throws {
        try await Served.with { server in
            let client = Stateless(server)
            try await client.listen(["toolsListChanged": true], id: 1) { _, tools in
                try await client.listen(["promptsListChanged": true], id: 1) { _, prompts in
                    _ = try await client.tool("test_trigger_prompt_change")
                    _ = try await client.tool("test_trigger_tool_change")
                    #expect(try await tools.message()["method"] == "notifications/tools/list_changed")
                    #expect(try await prompts.message()["method"] == "notifications/prompts/list_changed")
                }
            }
        }
    }

    @Test(
        "A listener without a filter, or with a malformed one, is refused",
        arguments: ["{}", #"{"notifications":7}"#, #"{"notifications":{"toolsListChanged":"yes"}}"#])
    func malformed(params: String) async throws {
        let params = try JSONReader().read(params)
        try await Served.with { server in
            let reply = try await Stateless(server).call("subscriptions/listen", params.object ?? [:])
            #expect(reply.code == -32602)
        }
    }

    @Test("What the server does not tell of is left out of the acknowledgement")
    func honoured() async throws {
        try await Served.with { server in
            let client = Stateless(server)
            let filter: JSONObject = ["toolsListChanged": true, "promptsListChanged": false, "unknown": true, "taskIds": ["no-such-task"]]
            try await client.listen(filter) { acknowledged, _ in
                #expect(acknowledged["params"]?["notifications"] == ["toolsListChanged": true])
            }
            try await client.listen([:]) { acknowledged, _ in
                #expect(acknowledged["params"]?["notifications"] == [:])
            }
        }
    }

    @Test("A listener that does not take events is refused")
    func acceptsNoEvents() async throws {
        try await Served.with { server in
            let reply = try await Stateless(server).call(
                "subscriptions/listen", ["notifications": [:]], [("Accept", "application/json")])
            #expect(reply.status == 406)
        }
    }

    @Test("At SIGTERM what is in flight is answered, in both eras and on HTTP+SSE, and the streams end")
    func inFlight() async throws {
        try await Served.with(.requirementProbe) { server in
            let session = try await Session.open(server.port)
            let params = Session.toolParams("work", meta: ["progressToken": 1])
            let legacy = session.posted(.object(rpc("tools/call", params, id: 1)))
            let modern = Stateless.posted(Stateless(server).message("tools/call", ["name": "work"], meta: ["progressToken": 1], id: 1))
            try await EventSource.with(server) { source in
                _ = try await source.post(rpc("tools/call", params, id: 1))
                _ = try await source.stream.message("notifications/progress")
                try await EventStream.with("127.0.0.1", server.port, legacy) { first in
                    _ = try await first.message("notifications/progress")
                    try await EventStream.with("127.0.0.1", server.port, modern) { second in
                        _ = try await second.message("notifications/progress")
                        try await session.stream { open async throws in
                            server.process.send(SIGTERM)
                            #expect(try await open.rest().isEmpty)
                        }
                        #expect(try await second.rest().last?["result"]?["resultType"] == "complete")
                    }
                    let rest = try await first.rest()
                    #expect(rest.last?["result"]?["content"]?.array?.isEmpty == false, "\(rest)")
                }
                #expect(try await source.stream.rest().last?["result"]?["content"]?.array?.isEmpty == false)
            }
            #expect(try await server.process.exit(within: .seconds(20)) == .code(0))
        }
    }

    @Test(
        "At SIGTERM a listener gets the response to its request, then the end, and the server exits with 0",
        arguments: [Served.Program.requirementProbe, .conformanceServer])
    func end(program: Served.Program) async throws {
        try await Served.with(program) { server in
            try await Stateless(server).listen(["toolsListChanged": true], id: "last") { _, stream in
                let stopped = try await withThrowingTaskGroup(of: ChildProcess.ExitStatus.self) { group in
                    group.addTask { try await server.stop() }
                    let rest = try await stream.rest()
                    #expect(rest.count == 1)
                    #expect(rest.last?["id"] == "last")
                    #expect(rest.last?["result"]?["resultType"] == "complete")
                    #expect(rest.last?["result"]?["_meta"]?[Stateless.subscriptionKey] == "last")
                    return try await group.next()
                }
                #expect(stopped == .code(0))
            }
        }
    }
}
