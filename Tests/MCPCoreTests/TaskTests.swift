import Access
import JSON
import MCPCore
import MCPTesting
import Testing

@Suite struct Tasks {
    static let named: JSONValue = ["type": "object", "properties": ["name": ["type": "string"]], "required": ["name"]]

    static let tools: [Tool] = [
        Tool(name: "now", description: "Answers at once.") { _, _ in .text("now") },
        Tool(name: "maybe", description: "May be a task.", taskSupport: .optional) { _, _ in .text("done") },
        Tool(name: "always", description: "Is a task.", taskSupport: .required) { _, _ in .failure("it went wrong") },
        Tool(name: "breaks", description: "Ends in an error.", taskSupport: .required) { _, _ in
            throw JSONRPCError(.internalError, "the protocol broke")
        },
        Tool(name: "waits", description: "Waits for its cancellation.", taskSupport: .required) { _, _ in
            await untilCancelled()
            return .text("too late")
        },
        Tool(name: "asks", description: "Asks two things at once.", taskSupport: .required) { _, context in
            let answers = try await context.ask(["a": question("A?"), "b": question("B?")])
            return .text("\(answers["a"]?["content"]?["name"]?.string ?? "") \(answers["b"]?["content"]?["name"]?.string ?? "")")
        },
        Tool(
            name: "prepared", description: "Asks before it is a task.", taskSupport: .required,
            prepare: { arguments, context in
                var arguments = arguments
                arguments["name"] = try await context.elicit("who", Elicitation("Who?", schema: named)).content["name"]
                return arguments
            }
        ) { arguments, _ in .text("for \(arguments["name"]?.string ?? "nobody")") },
    ]

    static func question(_ text: String) -> ClientQuestion { .elicitation(Elicitation(text, schema: named)) }
    static func accepted(_ name: String) -> JSONValue { ["action": "accept", "content": ["name": .string(name)]] }
    static let declared: JSONObject = ["elicitation": [:], "extensions": ["io.modelcontextprotocol/tasks": [:]]]

    /// Runs `body` beside what outlives requests.
    static func with(
        _ limits: TaskLimits = TaskLimits(), revision: Revision = .newest, capabilities: JSONObject = declared,
        answer: @escaping InProcessClient.Answer = { method, _ in throw ClientUnreachable(method) },
        _ body: @escaping @Sendable (InProcessClient, MCPServer) async throws -> Void
    ) async throws {
        let server = try MCPServer(info: FixtureServer.info, tools: tools, taskLimits: limits, listsTasks: true)
        let client = try InProcessClient(server, revision: revision, capabilities: capabilities, answer: answer)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await server.background.run() }
            while !server.background.start({}) { await Task.yield() }
            try await body(client, server)
            group.cancelAll()
        }
    }

    /// Looks again until the task stands there.
    static func get(_ id: String, _ client: InProcessClient, until status: String) async throws -> JSONValue {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let task = try await client.request("tasks/get", ["taskId": .string(id)])
            if task["status"]?.string == status || ContinuousClock.now > deadline { return task }
            await Task.yield()
        }
    }

    static func create(_ tool: String, _ client: InProcessClient) async throws -> String {
        var params: JSONObject = ["name": .string(tool)]
        if client.revision.isLegacy { params["task"] = ["ttl": 60_000] }
        let created = try await client.request("tools/call", params)
        return try #require((created["task"] ?? created)["taskId"]?.string)
    }

    @Test func `of the extension are flat, and found at once`() async throws {
        try await Self.with { client, _ in
            let created = try await client.call("maybe")
            #expect(created["resultType"] == "task")
            #expect(created["task"] == nil && created["result"] == nil && created["ttl"] == nil)
            #expect((created["ttlMs"]?.integer ?? 0) > 0)
            let done = try await Self.get(try #require(created["taskId"]?.string), client, until: "completed")
            #expect(done["resultType"] == "complete")
            #expect(done["result"]?["content"]?.array?.first?["text"] == "done")
            #expect(try await client.call("now")["content"]?.array?.first?["text"] == "now")
        }
    }

    @Test func `without the extension run at once, or not at all`() async throws {
        try await Self.with(capabilities: [:]) { client, _ in
            #expect(try await client.call("maybe")["content"]?.array?.first?["text"] == "done")
            for exchange in [
                try await client.exchange("tools/call", ["name": "always"]), try await client.exchange("tasks/get", ["taskId": "x"]),
            ] {
                #expect(exchange.error?["code"] == -32021)
                #expect(exchange.error?["data"]?["requiredCapabilities"]?["extensions"]?["io.modelcontextprotocol/tasks"] == [:])
            }
        }
    }

    @Test func `that a tool failed are completed in the extension and failed in the core form`() async throws {
        try await Self.with { client, _ in
            let done = try await Self.get(try await Self.create("always", client), client, until: "completed")
            #expect(done["result"]?["isError"] == true)
            let broken = try await Self.get(try await Self.create("breaks", client), client, until: "failed")
            #expect(broken["error"]?["code"] == -32603 && broken["result"] == nil)
        }
        try await Self.with(revision: .v2025_11_25) { client, _ in
            let id = try await Self.create("always", client)
            #expect(try await Self.get(id, client, until: "failed")["status"] == "failed")
            let result = try await client.request("tasks/result", ["taskId": .string(id)])
            #expect(result["isError"] == true)
            #expect(result["_meta"]?["io.modelcontextprotocol/related-task"] == ["taskId": .string(id)])
        }
    }

    @Test func `wait with their questions, are answered in parts, and go on`() async throws {
        try await Self.with { client, _ in
            let id = try await Self.create("asks", client)
            let waiting = try await Self.get(id, client, until: "input_required")
            #expect(waiting["inputRequests"]?.object?.keys == ["a", "b"])
            func update(_ responses: JSONValue) async throws -> JSONValue {
                try await client.request("tasks/update", ["taskId": .string(id), "inputResponses": responses])
            }
            let acknowledged = try await update(["a": Self.accepted("one"), "unknown": 1])
            #expect(acknowledged["resultType"] == "complete" && acknowledged["taskId"] == nil)
            #expect(try await Self.get(id, client, until: "input_required")["inputRequests"]?.object?.keys == ["b"])
            _ = try await update(["b": Self.accepted("two")])
            #expect(try await Self.get(id, client, until: "completed")["result"]?["content"]?.array?.first?["text"] == "one two")
        }
    }

    @Test func `with several questions under way at once hear the answer to each`() async throws {
        let tool = Tool(name: "apart", description: "Asks two things side by side.", taskSupport: .required) { _, context in
            async let a = context.elicit("a", Elicitation("A?", schema: Self.named))
            async let b = context.elicit("b", Elicitation("B?", schema: Self.named))
            return .text("\(try await a.content["name"]?.string ?? "") \(try await b.content["name"]?.string ?? "")")
        }
        try await Self.with { client, server in
            try server.tools.add(tool)
            let id = try await Self.create("apart", client)
            let deadline = ContinuousClock.now + .seconds(20)
            while try await client.request("tasks/get", ["taskId": .string(id)])["inputRequests"]?.object?.count != 2,
                ContinuousClock.now < deadline
            {
                await Task.yield()
            }
            _ = try await client.request(
                "tasks/update", ["taskId": .string(id), "inputResponses": ["a": Self.accepted("one"), "b": Self.accepted("two")]])
            let done = try await Self.get(id, client, until: "completed")
            #expect(done["result"]?["content"]?.array?.first?["text"] == "one two")
        }
    }

    @Test func `of the core form ask over the request that waits for their result`() async throws {
        try await Self.with(
            revision: .v2025_11_25,
            answer: { _, params in
                #expect(params["_meta"]?["io.modelcontextprotocol/related-task"]?["taskId"] != nil)
                return Self.accepted(params["message"] == "A?" ? "one" : "two")
            }
        ) { client, _ in
            let id = try await Self.create("asks", client)
            let result = try await client.request("tasks/result", ["taskId": .string(id)])
            #expect(result["content"]?.array?.first?["text"] == "one two")
        }
    }

    @Test func `are cancelled at once, and for good`() async throws {
        try await Self.with { client, _ in
            let id = try await Self.create("waits", client)
            #expect(try await client.request("tasks/cancel", ["taskId": .string(id)])["taskId"] == nil)
            #expect(try await client.request("tasks/get", ["taskId": .string(id)])["status"] == "cancelled")
            _ = try await client.request("tasks/cancel", ["taskId": .string(id)])
        }
        try await Self.with(revision: .v2025_11_25) { client, _ in
            let id = try await Self.create("waits", client)
            #expect(try await client.request("tasks/cancel", ["taskId": .string(id)])["status"] == "cancelled")
            #expect(try await client.exchange("tasks/cancel", ["taskId": .string(id)]).error?["code"] == -32602)
            #expect(try await client.request("tasks/list")["tasks"]?.array?.map { $0["taskId"]?.string } == [id])
        }
    }

    @Test func `of the core form follow what the tool says about tasks`() async throws {
        try await Self.with(revision: .v2025_11_25) { client, _ in
            let forbidden = try await client.exchange("tools/call", ["name": "now", "task": [:]])
            #expect(forbidden.error?["code"] == -32601)
            let required = try await client.exchange("tools/call", ["name": "always"])
            #expect(required.error?["code"] == -32601)
            let optional = try await client.call("maybe")
            #expect(optional["content"]?.array?.first?["text"] == "done")
        }
        try await Self.with(revision: .v2025_06_18) { client, _ in
            let answer = try await client.call("always")
            #expect(answer["isError"] == true, "older revisions have no tasks")
            let unknown = try await client.exchange("tasks/get", ["taskId": "x"])
            #expect(unknown.error?["code"] == -32601)
        }
    }

    @Test func `begin after what is asked first`() async throws {
        try await Self.with { client, _ in
            let asked = try await client.call("prepared")
            #expect(asked["inputRequests"]?["who"] != nil && asked["taskId"] == nil)
            let created = try await client.request("tools/call", ["name": "prepared", "inputResponses": ["who": Self.accepted("Ana")]])
            #expect(created["requestState"] == nil)
            let done = try await Self.get(try #require(created["taskId"]?.string), client, until: "completed")
            #expect(done["result"]?["content"]?.array?.first?["text"] == "for Ana")
        }
    }

    @Test func `belong to their principal, and are bounded`() async throws {
        var limits = TaskLimits()
        limits.countPerPrincipal = 2
        try await Self.with(limits) { client, server in
            let id = try await Self.create("waits", client)
            let other = try InProcessClient(
                server, capabilities: Self.declared, principal: Principal(name: "other", scopes: [.read, .write, .admin]))
            #expect(try await other.exchange("tasks/get", ["taskId": .string(id)]).error?["code"] == -32602)
            _ = try await Self.create("waits", client)
            #expect(try await client.exchange("tools/call", ["name": "waits"]).error?["code"] == -32603)
            _ = try await Self.create("waits", other)
        }
    }

    @Test func `are refused where nobody runs them`() async throws {
        let server = try MCPServer(info: FixtureServer.info, tools: Self.tools)
        let client = try InProcessClient(server, capabilities: Self.declared)
        #expect(try await client.exchange("tools/call", ["name": "always"]).error?["code"] == -32603)
        #expect(server.tasks.count == 0)
    }
}
