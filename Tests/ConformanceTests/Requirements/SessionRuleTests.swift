import BinaryTesting
import JSON
import Testing

/// Section 18: what a session asks of every message, and what HTTP asks.
@Suite("Sessions and HTTP", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct SessionRuleTests {
    @Test("A request, a notification and a response without a session are 400")
    func withoutSession() async throws {
        try await Served.with { server in
            for message in [rpc("tools/list", id: 1), rpc("notifications/initialized"), ["jsonrpc": "2.0", "id": 1, "result": [:]]] {
                let reply = try await Session.post(message, server.port, [("MCP-Protocol-Version", "2025-11-25")])
                #expect(reply.status == 400, "\(message)")
                #expect(reply.response?["id"] == message["id"] || message["method"] != "tools/list")
            }
            let ended = try await converse(HTTPCall("DELETE", Served.endpoint), server.port)
            #expect(ended.status == 400)
        }
    }

    @Test("An unknown session is 404 on POST, GET and DELETE", arguments: ["no-such-session", "", "AAAA.BBBB", String(repeating: "x", count: 2000)])
    func unknownSession(id: String) async throws {
        try await Served.with { server async throws in
            let session = Session(port: server.port, revision: Session.newest, id: id, welcome: .null)
            let status = id.isEmpty ? [400, 404] : [404]
            #expect(status.contains(try await session.post(rpc("ping", id: 1)).status))
            for method in ["GET", "DELETE"] {
                let call = HTTPCall(method, Served.endpoint, headers: session.headers + [("Accept", "text/event-stream")])
                #expect(status.contains(try await converse(call, server.port).status), "\(method)")
            }
        }
    }

    @Test("A session's id is of no use when one character of it is changed")
    func forgedSession() async throws {
        try await Served.session { session, _ async throws in
            for place in [0, session.id.count / 2, session.id.count - 1] {
                var characters = Array(session.id)
                characters[place] = characters[place] == "A" ? "B" : "A"
                let forged = Session(port: session.port, revision: session.revision, id: String(characters), welcome: .null)
                #expect(try await forged.post(rpc("ping", id: 1)).status == 404)
            }
        }
    }

    @Test("Two sessions have ids of their own, and the end of one leaves the other")
    func independence() async throws {
        try await Served.with { server in
            let first = try await Session.open(server.port)
            let second = try await Session.open(server.port)
            #expect(first.id != second.id)
            _ = try await first.end()
            #expect(try await first.post(rpc("ping", id: 1)).status == 404)
            #expect(try await second.call("ping").result == [:])
        }
    }

    @Test("A notification and a response are 202 without a body")
    func accepted() async throws {
        try await Served.session { session, _ in
            let messages = [rpc("notifications/roots/list_changed"), rpc("notifications/unknown", [:]), ["jsonrpc": "2.0", "id": 99, "result": [:]]]
            for message in messages {
                let reply = try await session.post(message)
                #expect(reply.status == 202 && reply.body.isEmpty, "\(message)")
            }
        }
    }

    @Test("Accept: what is missing or takes anything is served, what takes neither type is 406")
    func accept() async throws {
        try await Served.session { session, _ in
            for value in [nil, "*/*", "application/json", "text/event-stream", "text/event-stream;q=0.5, application/json", "application/*"] {
                let reply = try await session.call("tools/list", nil, [("Accept", value)])
                #expect(reply.status == 200, "\(value ?? "none")")
                #expect(reply.result?["tools"] != nil)
                if value == "text/event-stream" { #expect(reply.isStream) }
                if value == "application/json" { #expect(!reply.isStream) }
            }
            let refused = try await session.post(rpc("tools/list", id: 1), [("Accept", "text/html")])
            #expect(refused.status == 406)
            let opened = try await converse(HTTPCall("GET", Served.endpoint, headers: session.headers + [("Accept", "text/html")]), session.port)
            #expect(opened.status == 406)
        }
    }

    @Test("A client that takes JSON alone gets it, and no messages before it")
    func jsonAlone() async throws {
        try await Served.session { session, _ in
            let params = Session.toolParams("test_tool_with_progress", meta: ["progressToken": 1])
            let reply = try await session.call("tools/call", params, [("Accept", "application/json")])
            #expect(!reply.isStream && reply.messages.count == 1)
            #expect(!reply.contentText.isEmpty)
        }
    }

    @Test("Content-Type: JSON with parameters is served, anything else is 415")
    func contentType() async throws {
        try await Served.session { session, _ async throws in
            for value in ["application/json; charset=utf-8", "application/JSON", "application/json;charset=UTF-8"] {
                #expect(try await session.call("ping", nil, [("Content-Type", value)]).status == 200, "\(value)")
            }
            for value in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", nil] {
                #expect(try await session.post(rpc("ping", id: 1), [("Content-Type", value)]).status == 415, "\(value ?? "none")")
            }
        }
    }

    @Test("Bodies that are no message are 400, with the code of the mistake and never a null id", arguments: ["2025-06-18", "2025-11-25"])
    func unreadable(revision: String) async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port, revision)
            let bodies: [(String, Int64)] = [
                ("", -32700), ("{", -32700), ("nonsense", -32700), ("1", -32600), (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
                (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600), (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
                (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#, -32600), (#"{"jsonrpc":"2.0","id":1}"#, -32600),
            ]
            for (body, code) in bodies {
                let call = HTTPCall("POST", Served.endpoint, headers: Session.standard + session.headers, body: Array(body.utf8))
                let reply = try await converse(call, server.port)
                #expect(reply.status == 400, "\(body)")
                if let error = reply.error {
                    #expect(error["code"] == .integer(code), "\(body)")
                    #expect(reply.response?["id"]?.isNull != true, "\(body)")
                }
            }
        }
    }

    @Test("Ids are given back as they came", arguments: [#""""#, #""x""#, #""1""#, "0", "-1", "1800000000001", "9007199254740993"])
    func ids(text: String) async throws {
        try await Served.session { session, _ in
            let id = try JSONReader().read(text)
            #expect(try await session.call("ping", id: id).response?["id"] == id)
        }
    }

    @Test("A body over the limit is 413")
    func tooLarge() async throws {
        try await Served.session { session, _ in
            let padding = JSONValue.string(String(repeating: "x", count: 5 * 1024 * 1024))
            let reply = try await session.post(rpc("ping", ["_meta": ["example.com/padding": padding]], id: 1))
            #expect(reply.status == 413)
        }
    }

    @Test("JSON that nests too deep is refused, and the server goes on")
    func tooDeep() async throws {
        try await Served.session { session, _ async throws in
            let depth = 10_000
            let body =
                #"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"# + String(repeating: "[", count: depth)
                + String(repeating: "]", count: depth) + "}}"
            let call = HTTPCall("POST", Served.endpoint, headers: Session.standard + session.headers, body: Array(body.utf8))
            #expect(try await converse(call, session.port).status == 400)
            #expect(try await session.call("ping").result == [:])
        }
    }

    @Test("Other methods of HTTP are 405", arguments: ["PUT", "PATCH"])
    func otherMethods(method: String) async throws {
        try await Served.with { server in
            let reply = try await converse(HTTPCall(method, Served.endpoint, headers: [("Content-Length", "0")]), server.port)
            #expect(reply.status == 405)
            #expect(reply.head["allow"]?.contains("POST") == true)
        }
    }
}
