import BinaryTesting
import JSON
import Testing

/// Section 18: what the handshake agrees on, and what the version header may say afterwards.
@Suite("Negotiation", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct NegotiationTests {
    @Test("A legacy revision that the client asks for is agreed on", arguments: ["2024-11-05"] + Session.streamable)
    func agreed(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, _ in
            #expect(session.revision == revision)
            try expectTools(try await session.call("tools/list").result)
        }
    }

    @Test("Any other revision becomes the newest that has a handshake", arguments: ["2026-07-28", "2099-01-01", "1.0", ""])
    func fallback(revision: String) async throws {
        try await Served.with { server in
            let reply = try await Session.post(Session.greeting(revision), server.port)
            #expect(reply.status == 200)
            #expect(reply.result?["protocolVersion"] == "2025-11-25")
        }
    }

    @Test("initialize without a version is -32602")
    func withoutVersion() async throws {
        try await Served.with { server in
            let reply = try await Session.post(rpc("initialize", ["capabilities": [:]], id: 1), server.port)
            #expect(reply.code == -32602)
            #expect(reply.head["mcp-session-id"] == nil)
        }
    }

    @Test("A revision is told only what it knows of the server", arguments: ["2024-11-05"] + Session.streamable)
    func serverInfo(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let known: [String] =
                switch revision {
                case "2024-11-05", "2025-03-26": ["name", "version"]
                case "2025-06-18": ["name", "version", "title"]
                default: ["name", "version", "title", "description", "websiteUrl", "icons"]
                }
            #expect(keys(session.welcome["serverInfo"]) == Set(known))
            let capabilities = session.welcome["capabilities"]
            #expect((capabilities?["completions"] != nil) == (revision >= "2025-03-26"))
            #expect((capabilities?["tasks"] != nil) == (revision == "2025-11-25"))
            #expect(capabilities?["extensions"] == nil)
            let ofWelcome: Set<String> = ["protocolVersion", "capabilities", "serverInfo", "instructions"]
            #expect(keys(session.welcome).subtracting(ofWelcome) == [])
        }
    }

    @Test("A second initialize in a living session is refused in band")
    func secondInitialize() async throws {
        try await Served.session { session, _ in
            let reply = try await session.post(Session.greeting(Session.newest, id: 7))
            #expect(reply.code == -32600)
            #expect(reply.head["mcp-session-id"] == nil)
        }
    }

    @Test("initialize with the id of a session that is gone starts over")
    func staleSession() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            _ = try await session.end()
            let reply = try await session.post(Session.greeting(Session.newest), [("MCP-Protocol-Version", nil)])
            #expect(reply.result?["protocolVersion"] == "2025-11-25")
            #expect(reply.head["mcp-session-id"] != nil && reply.head["mcp-session-id"] != session.id)
        }
    }

    @Test(
        "A version header that names no revision is 400, on every method", arguments: ["2025-06-18", "2025-11-25"],
        ["1999-01-01", "nonsense"])
    func unknownHeader(revision: String, header: String) async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port, revision)
            let changed: HeaderChanges = [("MCP-Protocol-Version", header)]
            let request = try await session.post(rpc("ping", id: 1), changed)
            #expect(request.status == 400)
            let notification = try await session.post(rpc("notifications/initialized"), changed)
            #expect(notification.status == 400)
            for method in ["GET", "DELETE"] {
                let call = HTTPCall(method, Served.endpoint, headers: headers(session.headers + [("Accept", "text/event-stream")], changed))
                #expect(try await converse(call, server.port).status == 400, "\(method)")
            }
            #expect(try await session.call("ping").result == [:], "the session goes on")
        }
    }

    @Test("A session without the version header keeps what it agreed on")
    func missingHeader() async throws {
        try await Served.session { session, _ in
            let reply = try await session.call("ping", nil, [("MCP-Protocol-Version", nil)])
            #expect(reply.result == [:])
            let refused = try await session.tool("slow_compute", ["label": "seconds is missing"])
            #expect(refused.result?["isError"] == true, "2025-11-25 says it in the result")
        }
    }

    @Test("Arguments that do not fit are a protocol error up to 2025-06-18, and a result from then on", arguments: Session.streamable)
    func invalidArguments(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            for arguments in [JSONValue.object([:]), ["n": "one"], ["n": 0], ["n": 1, "more": 1]] {
                let reply = try await session.tool("strict", arguments)
                #expect(reply.status == 200)
                if revision < "2025-11-25" { #expect(reply.code == -32602) } else { #expect(reply.result?["isError"] == true) }
            }
            for params in [JSONValue.object(["name": "no_such_tool"]), ["name": "strict", "arguments": [1]], [:]] {
                #expect(try await session.call("tools/call", params).code == -32602, "\(params)")
            }
        }
    }

    @Test("A method of no revision is -32601 in band: a 404 would end the session", arguments: Session.streamable)
    func unknownMethod(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, _ in
            for method in ["unknown/method", "server/discover", "subscriptions/listen", "tasks/update"] {
                let reply = try await session.call(method, [:])
                #expect(reply.status == 200 && reply.code == -32601, "\(method)")
            }
            if revision < "2025-11-25" { #expect(try await session.call("tasks/get", ["taskId": "x"]).code == -32601) }
        }
    }

    @Test("A resource that does not exist is -32002 with its uri", arguments: ["2024-11-05"] + Session.streamable)
    func resourceNotFound(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, _ in
            let reply = try await session.call("resources/read", ["uri": "test://nothing-here"])
            #expect(reply.status == 200 && reply.code == -32002)
            #expect(reply.error?["data"]?["uri"] == "test://nothing-here")
        }
    }
}
