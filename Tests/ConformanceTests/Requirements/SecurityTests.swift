import BinaryTesting
import JSON
import Testing

/// Section 18: attacks with one wrong header alone, limits, and both eras at once.
@Suite("Host, Origin and limits", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct SecurityTests {
    static let methods = ["POST", "GET", "DELETE"]

    static func call(_ method: String, _ changes: HeaderChanges) -> HTTPCall {
        let message: JSONValue = .object(Session.greeting(Session.newest))
        return HTTPCall(
            method, Served.endpoint, headers: headers(Session.standard, changes), body: method == "POST" ? JSONWriter.bytes(of: message) : [])
    }

    @Test("A strange Host alone is refused", arguments: methods, ["evil.example.com", "evil.example.com:80", "localhost.evil.example.com"])
    func host(method: String, host: String) async throws {
        try await Served.with { server in
            let reply = try await converse(Self.call(method, [("Host", host)]), server.port)
            #expect((400..<500).contains(reply.status))
            #expect(reply.head["mcp-session-id"] == nil)
        }
    }

    @Test(
        "A strange Origin alone is 403", arguments: methods,
        ["http://evil.example.com", "https://evil.example.com", "null", "nonsense", "http://localhost.evil.example.com", "file://"])
    func origin(method: String, origin: String) async throws {
        try await Served.with { server in
            let reply = try await converse(Self.call(method, [("Origin", origin)]), server.port)
            #expect(reply.status == 403)
            #expect(reply.head["mcp-session-id"] == nil)
        }
    }

    @Test("The server's own names are served", arguments: ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
    func ownHost(host: String) async throws {
        try await Served.with { server in
            let name = "\(host):\(server.port)"
            let reply = try await converse(Self.call("POST", [("Host", name), ("Origin", "http://\(name)")]), server.port)
            #expect(reply.status == 200)
        }
    }

    @Test("The stream of HTTP+SSE and its messages are guarded alike")
    func serverSentEvents() async throws {
        try await Served.with { server in
            let strange: Headers = [("Origin", "http://evil.example.com")]
            let opened = try await converse(HTTPCall("GET", "/sse", headers: [("Accept", "text/event-stream")] + strange), server.port)
            #expect(opened.status == 403)
            try await EventSource.with(server) { source in
                let posted = try await converse(
                    Session.posted(.object(rpc("ping", id: 1)), Session.standard, strange.map { ($0, $1) }, path: source.target), server.port)
                #expect(posted.status == 403)
            }
        }
    }

    // MARK: Both eras at once

    @Test("A legacy session and stateless requests are served side by side, with the same ids")
    func bothEras() async throws {
        try await Served.session { session, stream in
            let client = Stateless(port: session.port)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in Int64(1)...8 {
                    let id = JSONValue.integer(round)
                    group.addTask {
                        let reply = try await session.tool("test_tool_with_progress", meta: ["progressToken": id], id: id)
                        expectProgress(reply, token: id)
                        #expect(reply.result?["resultType"] == nil)
                    }
                    group.addTask {
                        let params: JSONObject = ["name": "test_tool_with_progress"]
                        let reply = try await client.call("tools/call", params, meta: ["progressToken": id], id: id)
                        expectProgress(reply, token: id)
                        #expect(reply.result?["resultType"] == "complete")
                    }
                }
                try await group.waitForAll()
            }
            try await client.listen(["toolsListChanged": true]) { _, listening in
                _ = try await client.tool("test_trigger_tool_change")
                #expect(try await listening.message()["method"] == "notifications/tools/list_changed")
                #expect(try await stream.message()["method"] == "notifications/tools/list_changed")
            }
        }
    }

    // MARK: Limits

    @Test("More streams than the limit are 503 with Retry-After, and a closed one makes room")
    func streams() async throws {
        try await Served.with(.requirementProbe, ["--streams", "1"]) { server in
            let client = Stateless(server)
            let first = try await Session.open(server.port)
            let open = HTTPCall("GET", Served.endpoint, headers: first.headers + [("Accept", "text/event-stream")])
            try await client.listen(["toolsListChanged": true]) { _, _ in
                let listen = client.message("subscriptions/listen", ["notifications": [:]], id: 2)
                for call in [open, HTTPCall("GET", "/sse", headers: [("Accept", "text/event-stream")]), Stateless.posted(listen)] {
                    let reply = try await converse(call, server.port)
                    #expect(reply.status == 503, "\(call.method) \(call.target)")
                    #expect(reply.head["retry-after"].flatMap(Int.init) != nil)
                }
            }
            try await eventually(within: .seconds(10), "room for a stream") {
                try await HTTPConnection.with("127.0.0.1", server.port) { connection in
                    try await connection.send(open)
                    return try await connection.head().status == 200 ? () : nil
                }
            }
        }
    }

    @Test("More requests than the limit are refused, and served again once there is room")
    func requests() async throws {
        try await Served.with(.requirementProbe, ["--requests", "1"]) { server in
            let client = Stateless(server)
            let call = Stateless.posted(client.message("tools/call", ["name": "wait"], meta: ["progressToken": 1], id: 1))
            try await EventStream.with("127.0.0.1", server.port, call) { stream in
                _ = try await stream.message("notifications/progress")
                let reply = try await client.call("tools/list")
                #expect(reply.result == nil)
                #expect(reply.status == 503)
                #expect(reply.head["retry-after"] != nil)
            }
            try await eventually(within: .seconds(10), "room for a request") {
                try await client.call("tools/list").status == 200 ? () : nil
            }
        }
    }

    @Test("A batch of more messages than the limit is 400")
    func batch() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port, "2025-03-26")
            let many = JSONValue.array((0..<10_000).map { .object(rpc("ping", id: .integer($0))) })
            #expect(try await BatchTests.post(session, many).status == 400)
        }
    }
}
