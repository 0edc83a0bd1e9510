import BinaryTesting
import JSON
import Testing

/// Section 18: tasks of 2025-11-25 (section 13.1).
@Suite("Core tasks", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct CoreTaskTests {
    static let related = "io.modelcontextprotocol/related-task"
    static let terminal = ["completed", "failed", "cancelled"]

    static func create(_ session: Session, _ tool: String, _ arguments: JSONValue = [:], task: JSONValue = [:]) async throws -> String {
        let reply = try await session.tool(tool, arguments, task: task)
        guard let id = reply.result?["task"]?["taskId"]?.string else { throw TestFailure("\(tool) made no task: \(reply.text)") }
        return id
    }

    static func task(_ session: Session, _ id: String, becomes statuses: [String]) async throws -> JSONValue {
        try await eventually(within: .seconds(10), "task \(id) to become \(statuses)") {
            let reply = try await session.call("tasks/get", ["taskId": .string(id)])
            guard let task = reply.result else { throw TestFailure("tasks/get: \(reply.text)") }
            // A bare nil would be the JSON null, which is a value.
            return statuses.contains(task["status"]?.string ?? "") ? task : JSONValue?.none
        }
    }

    @Test("The capability names cancel and tools/call")
    func capability() async throws {
        try await Served.session { session, _ in
            let tasks = session.welcome["capabilities"]?["tasks"]
            #expect(tasks?["cancel"]?.object != nil)
            #expect(tasks?["requests"]?["tools"]?["call"]?.object != nil)
        }
    }

    @Test("A task is created at once, with its fields in an object of their own")
    func created() async throws {
        try await Served.session { session, _ in
            let reply = try await session.tool("slow_compute", ["seconds": 60, "label": "x"], task: ["ttl": 60000])
            let task = reply.result?["task"]
            #expect(task?["status"] == "working")
            #expect(task?["taskId"]?.string?.isEmpty == false)
            let ttl = try #require(task?["ttl"])
            #expect(ttl.isNull || (ttl.integer ?? 0) > 0)
            #expect(task?["createdAt"]?.string?.isEmpty == false && task?["lastUpdatedAt"]?.string?.isEmpty == false)
            #expect(reply.result?["content"] == nil && reply.result?["resultType"] == nil && task?["ttlMs"] == nil)
            let got = try await session.call("tasks/get", ["taskId": task?["taskId"] ?? .null])
            #expect(got.result?["taskId"] == task?["taskId"], "tasks/get has the fields at its top")
            #expect(got.result?["_meta"]?[Self.related] == nil)
        }
    }

    @Test("tasks/result waits for the end, then gives the result of the call with its task")
    func result() async throws {
        try await Served.session { session, _ in
            let id = try await Self.create(session, "slow_compute", ["seconds": 0.3, "label": "x"])
            let reply = try await session.call("tasks/result", ["taskId": .string(id)])
            #expect(!reply.contentText.isEmpty && reply.result?["isError"] != true)
            #expect(reply.result?["_meta"]?[Self.related]?["taskId"] == .string(id))
            #expect(try await Self.task(session, id, becomes: Self.terminal)["status"] == "completed")
            // It can be fetched again.
            #expect(try await session.call("tasks/result", ["taskId": .string(id)]).contentText == reply.contentText)
        }
    }

    @Test("A tool that failed is a failed task, whose result says so")
    func failed() async throws {
        try await Served.session { session, _ in
            let id = try await Self.create(session, "failing_job")
            let reply = try await session.call("tasks/result", ["taskId": .string(id)])
            #expect(reply.result?["isError"] == true)
            #expect(try await Self.task(session, id, becomes: Self.terminal)["status"] == "failed")
        }
    }

    @Test("A protocol error is a failed task, whose result is that error")
    func protocolError() async throws {
        try await Served.session { session, _ in
            let id = try await Self.create(session, "protocol_error_job")
            let reply = try await session.call("tasks/result", ["taskId": .string(id)])
            #expect(reply.error?["code"]?.integer != nil)
            #expect(try await Self.task(session, id, becomes: Self.terminal)["status"] == "failed")
        }
    }

    @Test("A task is cancelled at once; a task that has ended is not")
    func cancel() async throws {
        try await Served.session { session, _ in
            let id = try await Self.create(session, "slow_compute", ["seconds": 60, "label": "x"])
            async let waiting = session.call("tasks/result", ["taskId": .string(id)])
            let cancelled = try await session.call("tasks/cancel", ["taskId": .string(id)])
            #expect(cancelled.result?["status"] == "cancelled" && cancelled.result?["taskId"] == .string(id))
            #expect(try await waiting.result?["content"] == nil)
            #expect(try await session.call("tasks/cancel", ["taskId": .string(id)]).code == -32602)
            #expect(try await Self.task(session, id, becomes: Self.terminal)["status"] == "cancelled")
        }
    }

    @Test("Calling a tool as a task that is none, or not as one that is, is -32601")
    func support() async throws {
        try await Served.session { session, _ in
            #expect(try await session.tool("test_simple_text", [:], task: [:]).code == -32601)
            #expect(try await session.tool("failing_job", [:]).code == -32601)
            let optional = try await session.tool("slow_compute", ["seconds": 0, "label": "x"])
            #expect(optional.result?["task"] == nil && !optional.contentText.isEmpty)
        }
    }

    @Test("An unknown task is -32602", arguments: ["tasks/get", "tasks/result", "tasks/cancel"])
    func unknown(method: String) async throws {
        try await Served.session { session, _ async throws in
            #expect(try await session.call(method, ["taskId": "no-such-task"]).code == -32602)
            #expect(try await session.call(method, [:]).code == -32602)
        }
    }

    @Test("tasks/list does not exist where callers are not told apart")
    func noList() async throws {
        try await Served.session { session, _ async throws in
            #expect(session.welcome["capabilities"]?["tasks"]?["list"] == nil)
            #expect(try await session.call("tasks/list", [:]).code == -32601)
        }
    }

    @Test("A task that asks waits as input_required, and asks over tasks/result")
    func input() async throws {
        try await Served.session { session, _ in
            let id = try await Self.create(session, "confirm_delete", ["filename": "notes.txt"])
            _ = try await Self.task(session, id, becomes: ["input_required"])
            let reply = try await session.call("tasks/result", ["taskId": .string(id)]) { request in
                #expect(request["method"] == "elicitation/create")
                #expect(request["params"]?["_meta"]?[Self.related]?["taskId"] == .string(id))
                return ["action": "accept", "content": ["confirm": true]]
            }
            #expect(reply.requests.count == 1)
            #expect(reply.contentText.contains("notes.txt"))
            #expect(reply.result?["_meta"]?[Self.related]?["taskId"] == .string(id))
            #expect(try await Self.task(session, id, becomes: Self.terminal)["status"] == "completed")
        }
    }

    @Test("A client that lost the stream of tasks/result is asked again")
    func inputAgain() async throws {
        try await Served.session { session, _ in
            let id = try await Self.create(session, "confirm_delete", ["filename": "a"])
            _ = try await Self.task(session, id, becomes: ["input_required"])
            let lost = session.posted(.object(rpc("tasks/result", ["taskId": .string(id)], id: 77)))
            try await EventStream.with("127.0.0.1", session.port, lost) { _ = try await $0.message("elicitation/create") }
            _ = try await session.post(rpc("notifications/cancelled", ["requestId": 77]))
            let reply = try await session.call("tasks/result", ["taskId": .string(id)]) { _ in ["action": "decline"] }
            #expect(reply.requests.count == 1)
            #expect(!reply.contentText.isEmpty)
        }
    }

    @Test(
        "A lifetime that makes no sense neither fails the server nor lasts for ever",
        arguments: ["0", "-1", "1000000000000000000", "1e300", "null", #""x""#])
    func lifetimes(text: String) async throws {
        let ttl = try JSONReader().read(text)
        try await Served.session { session, _ in
            let reply = try await session.tool("slow_compute", ["seconds": 0, "label": "x"], task: ["ttl": ttl])
            if let task = reply.result?["task"] {
                #expect(task["ttl"]?.integer.map { $0 > 0 } ?? true, "\(reply.text)")
            } else {
                #expect(reply.code == -32602, "\(reply.text)")
            }
            #expect(try await session.call("ping").result == [:])
        }
    }

    @Test("Two clients that use the same ids do not meet in each other's tasks")
    func sameIDs() async throws {
        try await Served.with { server in
            let sessions = [try await Session.open(server.port), try await Session.open(server.port)]
            var ids: [String] = []
            for session in sessions {
                let reply = try await session.tool("slow_compute", ["seconds": 0, "label": "x"], task: [:], id: 1)
                ids.append(reply.result?["task"]?["taskId"]?.string ?? "")
            }
            #expect(ids[0] != ids[1] && !ids.contains(""))
        }
    }

    @Test("Older revisions have no tasks: the parameter is ignored", arguments: ["2025-03-26", "2025-06-18"])
    func older(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, _ in
            let reply = try await session.tool("slow_compute", ["seconds": 0, "label": "x"], task: [:])
            #expect(reply.result?["task"] == nil && !reply.contentText.isEmpty)
            #expect(try await session.call("tasks/get", ["taskId": "x"]).code == -32601)
        }
    }

    @Test("A core task is none of the extension, and the other way round")
    func designsApart() async throws {
        try await Served.session { session, _ in
            let client = Stateless(port: session.port).knowingTasks
            let core = try await Self.create(session, "slow_compute", ["seconds": 60, "label": "x"])
            #expect(try await client.call("tasks/get", ["taskId": .string(core)]).code == -32602)
            let modern = try await TaskExtensionTests.create(client, "slow_compute", ["seconds": 60, "label": "x"])
            #expect(try await session.call("tasks/get", ["taskId": .string(modern)]).code == -32602)
        }
    }
}
