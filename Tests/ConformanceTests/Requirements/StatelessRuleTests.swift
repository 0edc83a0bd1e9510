import BinaryTesting
import JSON
import Testing

/// Section 18: 2026-07-28 beyond its scenarios.
@Suite("Stateless rules", .enabled(if: Components.requirementProbe != nil, "no RequirementProbe"))
struct StatelessRuleTests {
    static func with(_ body: @escaping @Sendable (Stateless) async throws -> Void) async throws {
        try await Served.with(.requirementProbe) { try await body(Stateless($0)) }
    }

    @Test("Every result says which server gave it")
    func serverInfo() async throws {
        try await Served.with { server in
            let client = Stateless(server).knowingTasks
            let task = try await client.tool("slow_compute", ["seconds": 60, "label": "x"])
            let id = task.result?["taskId"] ?? .null
            let asked = try await client.tool("test_input_required_result_elicitation", [:])
            let replies = [
                task, asked, try await client.call("server/discover"), try await client.call("tools/list"),
                try await client.call("resources/list"), try await client.call("resources/templates/list"),
                try await client.call("prompts/list"), try await client.call("resources/read", ["uri": "test://static-text"]),
                try await client.call("prompts/get", ["name": "test_simple_prompt"]), try await client.tool("test_simple_text"),
                try await client.tool("test_error_handling"), try await client.call("tasks/get", ["taskId": id]),
                try await client.call("tasks/cancel", ["taskId": id]),
                try await client.call(
                    "completion/complete",
                    ["ref": ["type": "ref/prompt", "name": "test_prompt_with_arguments"], "argument": ["name": "arg1", "value": ""]]),
            ]
            for reply in replies {
                #expect(reply.result?["_meta"]?[Stateless.serverInfoKey]?["name"] == "conformance-server", "\(reply.text)")
                #expect(reply.head["mcp-session-id"] == nil)
            }
        }
    }

    @Test("A claim without the version header is 400 and -32020, not a lost session")
    func claimWithoutHeader() async throws {
        try await Self.with { client in
            for session in [nil, "some-session"] {
                let reply = try await client.call("tools/list", [:], [("MCP-Protocol-Version", nil), ("Mcp-Session-Id", session)])
                #expect(reply.status == 400 && reply.code == -32020)
            }
        }
    }

    @Test("The header alone selects 2026-07-28: what is missing in the body is -32602")
    func headerWithoutClaim() async throws {
        try await Self.with { client in
            let message = rpc("tools/list", id: 1)
            let reply = try await converse(Session.posted(.object(message), Stateless.headers(for: message)), client.port)
            #expect(reply.status == 400 && reply.code == -32602)
            #expect(reply.response?["id"] == 1)
        }
    }

    @Test("Metadata of a wrong type is -32602, and never a lost connection")
    func malformedMetadata() async throws {
        try await Self.with { client in
            let wrong: [(String, JSONValue)] = [
                (Stateless.versionKey, 5), (Stateless.versionKey, nil), (Stateless.capabilitiesKey, []), (Stateless.capabilitiesKey, "x"),
                (Stateless.infoKey, "x"), (Stateless.infoKey, [:]), (Stateless.logLevelKey, 5),
            ]
            for (key, value) in wrong {
                let reply = try await client.call("tools/list", meta: [key: value])
                #expect(reply.status == 400 && reply.code == -32602, "\(key): \(value): \(reply.status) \(reply.text)")
            }
            for meta in [JSONValue.array([]), "x", 5] {
                let message = rpc("tools/list", ["_meta": meta], id: 1)
                let reply = try await converse(Session.posted(.object(message), Stateless.headers(for: message)), client.port)
                #expect(reply.status == 400 && reply.code == -32602, "\(meta)")
            }
        }
    }

    @Test("A claim of a legacy revision is -32022", arguments: ["2025-11-25", "2024-11-05"])
    func legacyClaim(version: String) async throws {
        try await Self.with { client in
            let reply = try await client.call(
                "tools/list", meta: [Stateless.versionKey: .string(version)], [("MCP-Protocol-Version", version)])
            #expect(reply.status == 400 && reply.code == -32022)
            #expect(reply.error?["data"]?["requested"] == .string(version))
            #expect(reply.error?["data"]?["supported"] == ["2026-07-28"])
        }
    }

    @Test("A session id beside a claim is ignored and not given back")
    func sessionIgnored() async throws {
        try await Self.with { client in
            let reply = try await client.call("tools/list", [:], [("Mcp-Session-Id", "no-such-session")])
            #expect(reply.status == 200 && reply.result?["tools"] != nil)
            #expect(reply.head["mcp-session-id"] == nil)
        }
    }

    @Test("Routing headers that stand there twice are -32020", arguments: ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Param-Count"])
    func duplicates(name: String) async throws {
        try await Self.with { client in
            let message = client.message("tools/call", ["name": "headers", "arguments": ["count": 3]], id: 1)
            let standard = Stateless.headers(for: message) + [("Mcp-Param-Count", "3")]
            let value = try #require(standard.first { $0.0 == name }?.1)
            for second in [value, "other"] {
                let call = HTTPCall(
                    "POST", Served.endpoint, headers: standard + [(name, second)], body: JSONWriter.bytes(of: .object(message)))
                let reply = try await converse(call, client.port)
                #expect(reply.status == 400 && reply.code == -32020, "\(name) twice, then \(second)")
            }
        }
    }

    @Test("GET and DELETE are 405 and name POST", arguments: ["GET", "DELETE"])
    func methods(method: String) async throws {
        try await Self.with { client in
            let call = HTTPCall(
                method, Served.endpoint, headers: [("MCP-Protocol-Version", "2026-07-28"), ("Accept", "text/event-stream")])
            let reply = try await converse(call, client.port)
            #expect(reply.status == 405)
            #expect(reply.head["allow"]?.contains("POST") == true)
        }
    }

    @Test("A posted response is 400, a notification is 202")
    func otherMessages() async throws {
        try await Self.with { client in
            let version: HeaderChanges = [("MCP-Protocol-Version", "2026-07-28")]
            let response = try await Session.post(["jsonrpc": "2.0", "id": 1, "result": [:]], client.port, version)
            #expect(response.status == 400)
            let notification = try await Session.post(rpc("notifications/unknown", [:]), client.port, version)
            #expect(notification.status == 202 && notification.body.isEmpty)
            let unknown = try await Session.post(rpc("notifications/unknown", [:]), client.port, [("MCP-Protocol-Version", "v9")])
            #expect(unknown.status == 400)
        }
    }

    @Test("A handler's own -32602 goes with 200: a 400 would send the client to an older revision")
    func handlerErrors() async throws {
        try await Self.with { client in
            for reply in [
                try await client.tool("no_such_tool"), try await client.call("prompts/get", ["name": "none"]),
                try await client.call("resources/read", ["uri": "test://none"]), try await client.call("tools/list", ["cursor": "x"]),
            ] {
                #expect(reply.status == 200 && reply.code == -32602, "\(reply.text)")
            }
            let refused = try await client.tool("strict", ["n": 0])
            #expect(refused.status == 200 && refused.result?["isError"] == true)
        }
    }

    @Test("Trace context is taken from _meta; one that is malformed does no harm")
    func trace() async throws {
        try await Self.with { client in
            let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let traced = try await client.tool(
                "trace", meta: ["traceparent": .string(parent), "tracestate": "vendor=1", "baggage": "user=alice"])
            #expect(traced.contentText == "\(parent) vendor=1 user=alice")
            for meta: JSONObject in [["traceparent": "nonsense"], ["traceparent": 7], ["tracestate": "a=b"], ["example.com/other": [1, 2]]] {
                #expect(try await client.tool("trace", meta: meta).contentText == "none", "\(meta)")
            }
        }
    }

    // MARK: Values in headers

    @Test("Mcp-Name may be Base64, and is compared with what it stands for")
    func encodedName() async throws {
        try await Served.with { server in
            let client = Stateless(server)
            for (name, isRight) in [
                ("=?base64?dGVzdF9zaW1wbGVfdGV4dA==?=", true), ("=?base64?dGVzdF9lcnJvcl9oYW5kbGluZw==?=", false),
                ("=?base64?dGVzdF9zaW1wbGVfdGV4dA?=", false), ("=?BASE64?dGVzdF9zaW1wbGVfdGV4dA==?=", false), ("=?base64??=", false),
            ] {
                let reply = try await client.tool("test_simple_text", nil, [("Mcp-Name", name)])
                if isRight { #expect(reply.status == 200, "\(name)") } else { #expect(reply.status == 400 && reply.code == -32020, "\(name)") }
            }
            let uri = "test://nothing/übung"
            let read = try await client.call("resources/read", ["uri": .string(uri)], [("Mcp-Name", "=?base64?dGVzdDovL25vdGhpbmcvw7xidW5n?=")])
            #expect(read.code == -32602 && read.status == 200)
        }
    }

    @Test("Mcp-Param of an integer is compared as a number, a boolean as a word, a nested string at its place")
    func parameters() async throws {
        try await Self.with { client in
            let arguments: JSONValue = ["count": 42, "flag": true, "place": ["city": "Köln"]]
            let right: HeaderChanges = [
                ("Mcp-Param-Count", "42"), ("Mcp-Param-Flag", "true"), ("Mcp-Param-City", "=?base64?S8O2bG4=?="),
            ]
            #expect(try await client.tool("headers", arguments, right).status == 200)
            for (name, value, isRight) in [
                ("Mcp-Param-Count", "42.0", true), ("mcp-param-count", " 42 ", true), ("Mcp-Param-Count", "43", false),
                ("Mcp-Param-Count", nil, false), ("Mcp-Param-Count", "forty-two", false), ("Mcp-Param-Flag", "false", false),
                ("Mcp-Param-Flag", "TRUE", false), ("Mcp-Param-Flag", nil, false), ("Mcp-Param-City", "Koeln", false),
                ("Mcp-Param-City", nil, false), ("Mcp-Param-Unknown", "x", true),
            ] {
                let changes = right.filter { $0.0.lowercased() != name.lowercased() } + [(name, value)]
                let reply = try await client.tool("headers", arguments, changes)
                if isRight {
                    #expect(reply.status == 200, "\(name): \(value ?? "none")")
                } else {
                    #expect(reply.status == 400 && reply.code == -32020, "\(name): \(value ?? "none"): \(reply.status) \(reply.text)")
                }
            }
        }
    }

    @Test("Mcp-Param of an argument that is null or absent is not expected")
    func absentParameters() async throws {
        try await Self.with { client in
            #expect(try await client.tool("headers", [:]).status == 200)
            #expect(try await client.tool("headers", ["place": [:]]).status == 200)
            #expect(try await client.tool("headers", ["place": ["city": ""]], [("Mcp-Param-City", "")]).status == 200)
            let null = try await client.tool("headers", ["count": nil])
            #expect(null.code != -32020)
        }
    }

    @Test("Legacy clients need no such header")
    func legacyParameters() async throws {
        try await Served.session(.requirementProbe) { session, _ async throws in
            #expect(try await session.tool("headers", ["count": 42, "flag": true]).result?["isError"] != true)
        }
    }
}
