import BinaryTesting
import JSON
import Testing

// Requirement set 2026-07-28, extension: the scenarios tasks-* of io.modelcontextprotocol/tasks.
@Suite("2026-07-28: tasks extension", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct TaskExtensionTests {
    static let terminal = ["completed", "failed", "cancelled"]

    static func with(_ body: @escaping @Sendable (Stateless) async throws -> Void) async throws {
        try await Served.with { try await body(Stateless($0).knowingTasks) }
    }

    /// Calls a tool that has to become a task, and gives its id.
    static func create(_ client: Stateless, _ tool: String, _ arguments: JSONValue = [:], more: JSONObject = [:]) async throws -> String {
        let reply = try await client.tool(tool, arguments, more: more)
        guard reply.result?["resultType"] == "task", let id = reply.result?["taskId"]?.string else {
            throw TestFailure("\(tool) made no task: \(reply.status) \(reply.text)")
        }
        return id
    }

    static func get(_ client: Stateless, _ id: String) async throws -> JSONValue {
        try await client.complete("tasks/get", ["taskId": .string(id)])
    }

    /// Looks at the task until its status is one of `statuses`.
    static func task(_ client: Stateless, _ id: String, becomes statuses: [String]) async throws -> JSONValue {
        try await eventually(within: .seconds(10), "task \(id) to become \(statuses)") {
            let task = try await get(client, id)
            // A bare nil would be the JSON null, which is a value.
            return statuses.contains(task["status"]?.string ?? "") ? task : JSONValue?.none
        }
    }

    @Test("tasks-lifecycle: a task is found at once, works, and completes with the result of the call")
    func lifecycle() async throws {
        try await Self.with { client in
            let id = try await Self.create(client, "slow_compute", ["seconds": 1, "label": "sum"])
            #expect(try await Self.get(client, id)["status"] == "working")
            let task = try await Self.task(client, id, becomes: Self.terminal)
            #expect(task["status"] == "completed")
            #expect(task["result"]?["content"]?.array?.isEmpty == false)
            #expect(task["result"]?["isError"] != true)
            #expect(task["error"] == nil && task["inputRequests"] == nil)
        }
    }

    @Test("tasks-lifecycle: a cancelled task is cancelled, and cancelling again is acknowledged too")
    func cancel() async throws {
        try await Self.with { client in
            let id = try await Self.create(client, "slow_compute", ["seconds": 60, "label": "long"])
            for _ in 0..<2 {
                let answer = try await client.complete("tasks/cancel", ["taskId": .string(id)])
                #expect(keys(answer).subtracting(["resultType", "_meta"]) == [], "\(answer)")
                #expect(try await Self.task(client, id, becomes: Self.terminal)["status"] == "cancelled")
            }
        }
    }

    @Test("tasks-lifecycle: a tool that failed completes with isError, a protocol error fails")
    func failures() async throws {
        try await Self.with { client in
            let failed = try await Self.create(client, "failing_job")
            let broken = try await Self.create(client, "protocol_error_job")
            let completed = try await Self.task(client, failed, becomes: Self.terminal)
            #expect(completed["status"] == "completed")
            #expect(completed["result"]?["isError"] == true)
            let error = try await Self.task(client, broken, becomes: Self.terminal)
            #expect(error["status"] == "failed")
            #expect(error["error"]?["code"]?.integer != nil && error["error"]?["message"]?.string?.isEmpty == false)
            #expect(error["result"] == nil)
        }
    }

    @Test("tasks-lifecycle: an unknown task is -32602", arguments: ["tasks/get", "tasks/update", "tasks/cancel"])
    func unknownTask(method: String) async throws {
        try await Self.with { client in
            let reply = try await client.call(method, ["taskId": "no-such-task", "inputResponses": [:]])
            #expect(reply.code == -32602)
        }
    }

    @Test("tasks-capability-negotiation: discover announces the extension and no core tasks")
    func announced() async throws {
        try await Self.with { client in
            let capabilities = try await client.complete("server/discover")["capabilities"]
            #expect(capabilities?["extensions"]?[Stateless.tasks]?.object != nil)
            #expect(capabilities?["tasks"] == nil)
        }
    }

    @Test("tasks-capability-negotiation: a client without the extension gets the result at once, and -32021 for tasks")
    func notNegotiated() async throws {
        try await Served.with { server in
            let client = Stateless(server)
            let reply = try await client.tool("slow_compute", ["seconds": 0, "label": "x"])
            #expect(reply.result?["resultType"] == "complete")
            for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
                let refused = try await client.call(method, ["taskId": "any", "inputResponses": [:]])
                #expect(refused.code == -32021, "\(method)")
                #expect(refused.status == 400, "\(method)")
                #expect(refused.error?["data"]?["requiredCapabilities"]?["extensions"]?[Stateless.tasks]?.object != nil)
            }
        }
    }

    @Test("tasks-capability-negotiation: params.task of older clients is ignored")
    func legacyTaskParameter() async throws {
        try await Served.with { server in
            let reply = try await Stateless(server).tool("slow_compute", ["seconds": 0, "label": "x"], more: ["task": ["ttl": 1000]])
            #expect(reply.result?["resultType"] == "complete")
        }
    }

    @Test("tasks-wire-fields: the created task is flat, with exactly its own fields")
    func wireFields() async throws {
        try await Self.with { client in
            let reply = try await client.tool("slow_compute", ["seconds": 60, "label": "x"])
            let task = try #require(reply.result)
            #expect(task["resultType"] == "task")
            #expect(task["taskId"]?.string?.isEmpty == false)
            #expect(task["status"] == "working")
            for name in ["createdAt", "lastUpdatedAt"] {
                let text = task[name]?.string ?? ""
                #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/) != nil, "\(name): \(text)")
            }
            let ttl = try #require(task["ttlMs"])
            #expect(ttl.isNull || (ttl.integer ?? 0) > 0)
            for name in ["result", "error", "inputRequests", "requestState", "task", "ttl", "pollInterval"] {
                #expect(task[name] == nil, "\(name)")
            }
            let got = try await Self.get(client, task["taskId"]?.string ?? "")
            #expect(got["resultType"] == "complete")
            #expect(got["createdAt"] == task["createdAt"] && got["ttlMs"] == task["ttlMs"])
        }
    }

    @Test("tasks-mrtr-input: a task asks, is answered by tasks/update, and completes")
    func input() async throws {
        try await Self.with { client in
            let id = try await Self.create(client, "confirm_delete", ["filename": "notes.txt"])
            let asking = try await Self.task(client, id, becomes: ["input_required"])
            let question = try #require(asking["inputRequests"]?.object?.members.first)
            #expect(question.value["method"] == "elicitation/create")
            let answer: JSONObject = [
                "taskId": .string(id), "inputResponses": [question.key: ["action": "accept", "content": ["confirm": true]]],
            ]
            let acknowledged = try await client.complete("tasks/update", answer)
            #expect(keys(acknowledged).subtracting(["resultType", "_meta"]) == [], "\(acknowledged)")
            let task = try await Self.task(client, id, becomes: Self.terminal)
            #expect(task["status"] == "completed")
            #expect(task["inputRequests"] == nil)
            #expect(task["result"]?["content"]?.array?.first?["text"]?.string?.contains("notes.txt") == true)
        }
    }

    @Test("tasks-mrtr-input: two questions are answered one after the other, and unknown keys are ignored")
    func partialInput() async throws {
        try await Self.with { client in
            let id = try await Self.create(client, "multi_input")
            let asking = try await Self.task(client, id, becomes: ["input_required"])
            let keys = asking["inputRequests"]?.object?.keys ?? []
            #expect(keys.count == 2)
            let answer: JSONValue = ["action": "accept", "content": ["name": "Ada"]]
            _ = try await client.complete("tasks/update", ["taskId": .string(id), "inputResponses": ["unknown": answer]])
            _ = try await client.complete("tasks/update", ["taskId": .string(id), "inputResponses": [keys.first ?? "": answer]])
            let rest = try await Self.get(client, id)
            #expect(rest["status"] == "input_required")
            #expect(rest["inputRequests"]?.object?.keys == Array(keys.dropFirst()))
            _ = try await client.complete("tasks/update", ["taskId": .string(id), "inputResponses": [keys.last ?? "": answer]])
            #expect(try await Self.task(client, id, becomes: Self.terminal)["status"] == "completed")
        }
    }

    @Test("tasks-request-state-removal, tasks-mrtr-composition: what is asked before a task leaves no trace on it")
    func composition() async throws {
        try await Self.with { client in
            let reply = try await client.tool("test_tool_with_task", [:])
            let asked = try InputRequiredTests.expectInputRequired(reply)
            #expect(asked["inputRequests"]?["user_name"]?["method"] == "elicitation/create")
            var more: JSONObject = ["inputResponses": ["user_name": InputRequiredTests.name]]
            if let state = asked["requestState"] { more["requestState"] = state }
            let id = try await Self.create(client, "test_tool_with_task", more: more)
            let task = try await Self.task(client, id, becomes: Self.terminal)
            #expect(task["status"] == "completed")
            #expect(task["requestState"] == nil && task["inputRequests"] == nil)
            #expect(task["result"]?["content"]?.array?.first?["text"]?.string?.contains("Alice") == true)
        }
    }

    @Test(
        "tasks-request-headers: Mcp-Name must be the task's id",
        arguments: ["tasks/get", "tasks/update", "tasks/cancel"])
    func requestHeaders(method: String) async throws {
        try await Self.with { client in
            let id = try await Self.create(client, "slow_compute", ["seconds": 60, "label": "x"])
            for name in [nil, "another"] {
                let reply = try await client.call(
                    method, ["taskId": .string(id), "inputResponses": [:]], [("Mcp-Name", name)])
                #expect(reply.status == 400 && reply.code == -32020)
            }
        }
    }

    @Test("tasks-dispatch-and-envelope: tasks/result and tasks/list do not exist", arguments: ["tasks/result", "tasks/list"])
    func dispatch(method: String) async throws {
        try await Self.with { client in
            let reply = try await client.call(method, ["taskId": "any"])
            #expect(reply.status == 404 && reply.code == -32601)
        }
    }

    @Test("tasks-required-task-error: a tool that is always a task refuses clients without the extension")
    func requiredTask() async throws {
        try await Served.with { server in
            let reply = try await Stateless(server).tool("failing_job", [:])
            #expect(reply.status == 400 && reply.code == -32021)
            #expect(reply.error?["data"]?["requiredCapabilities"]?["extensions"]?[Stateless.tasks]?.object != nil)
        }
    }

    @Test("tasks-status-notifications: a listener hears the whole task as it ends")
    func statusNotifications() async throws {
        try await Self.with { client in
            let id = try await Self.create(client, "confirm_delete", ["filename": "a"])
            _ = try await Self.task(client, id, becomes: ["input_required"])
            let listen = Identifier.next()
            try await client.listen(["taskIds": [.string(id)]], id: listen) { acknowledged, stream in
                #expect(acknowledged["params"]?["notifications"]?["taskIds"] == [.string(id)])
                _ = try await client.complete("tasks/cancel", ["taskId": .string(id)])
                var told = try await stream.message("notifications/tasks")
                while told["params"]?["status"] != "cancelled" { told = try await stream.message("notifications/tasks") }
                #expect(told["params"]?["taskId"] == .string(id))
                #expect(told["params"]?["createdAt"] != nil)
                #expect(told["params"]?["_meta"]?[Stateless.subscriptionKey] == listen)
            }
        }
    }
}
