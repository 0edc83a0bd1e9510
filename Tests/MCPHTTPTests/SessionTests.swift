import Access
import BinaryTesting
import JSON
import MCPCore
import MCPHTTP
import MCPTesting
import Synchronization
import Testing

@Suite struct `Streamable HTTP with sessions` {
    typealias Endpoint = RunningEndpoint

    @Test(arguments: Revision.legacy) func `a conversation opens, works and ends`(revision: Revision) async throws {
        try await Endpoint.with { endpoint in
            let opened = try await endpoint.post(Endpoint.initialize(revision.rawValue))
            #expect(opened.status == 200)
            #expect(try opened.message()["result"]?["protocolVersion"]?.string == revision.rawValue)
            let session: Endpoint.Headers = [("Mcp-Session-Id", try #require(opened.head["mcp-session-id"]))]
            let initialized = try await endpoint.post(Endpoint.initialized, session)
            #expect(initialized.status == 202)
            #expect(initialized.body.isEmpty)
            let called = try await endpoint.post(Endpoint.call(1, "who"), session)
            #expect(try called.message()["result"]?["content"]?.array?.first?["text"]?.string == "anonymous \(revision.rawValue) {\"sampling\":{}}")
            #expect(
                try await endpoint.post(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#, session).message() == [
                    "jsonrpc": "2.0", "id": 2, "result": [:],
                ])
            #expect(try await endpoint.send("DELETE", session).status == 204)
            #expect(try await endpoint.post(Endpoint.call(3), session).status == 404)
            #expect(try await endpoint.send("DELETE", session).status == 404)
        }
    }

    @Test func `an initialize that asks for what has no handshake gets the newest that has one`() async throws {
        let answer = try await Endpoint.with { try await $0.post(Endpoint.initialize("2026-07-28")) }
        #expect(try answer.message()["result"]?["protocolVersion"] == "2025-11-25")
    }

    @Test func `the version header on initialize itself is no mistake`() async throws {
        let answer = try await Endpoint.with {
            try await $0.post(Endpoint.initialize("2025-06-18"), [("MCP-Protocol-Version", "2025-06-18")])
        }
        #expect(try answer.message()["result"]?["protocolVersion"] == "2025-06-18")
    }

    @Test func `a session id is short and made of visible characters`() async throws {
        let session = try await Endpoint.with { try await $0.session() }
        let id = session[0].1
        #expect(id.utf8.count <= 512)
        #expect(id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    }

    @Test func `a session outlives a restart, and is served by every process with the key`() async throws {
        let session = try await Endpoint.with { try await $0.session(.v2025_06_18) }
        let answer = try await Endpoint.with { try await $0.post(Endpoint.call(1, "who"), session) }
        #expect(try answer.message()["result"]?["content"]?.array?.first?["text"] == #"anonymous 2025-06-18 {"sampling":{}}"#)
    }

    @Test func `a process with another key does not know the session`() async throws {
        let session = try await Endpoint.with { try await $0.session() }
        let status = try await Endpoint.with(key: .random()) { try await $0.post(Endpoint.call(1), session).status }
        #expect(status == 404)
    }

    @Test func `an ended session stays ended where the records are kept`() async throws {
        let records = SessionRecordsInMemory()
        let session = try await Endpoint.with(records: records) { endpoint in
            let session = try await endpoint.session()
            _ = try await endpoint.send("DELETE", session)
            return session
        }
        #expect(try await Endpoint.with(records: records) { try await $0.post(Endpoint.call(1), session).status } == 404)
    }

    @Test func `a session expires`() async throws {
        let clock = Mutex<UInt32>(1_000_000)
        var limits = EndpointLimits()
        limits.sessionLifetime = 60
        try await Endpoint.with(limits: limits, now: { clock.withLock { $0 } }) { endpoint in
            let session = try await endpoint.session()
            clock.withLock { $0 += 59 }
            #expect(try await endpoint.post(Endpoint.call(1), session).status == 200)
            clock.withLock { $0 += 1 }
            #expect(try await endpoint.post(Endpoint.call(2), session).status == 404)
        }
    }

    @Test func `a session id that was changed in any place is unknown`() async throws {
        try await Endpoint.with { endpoint in
            let id = try await endpoint.session()[0].1
            for place in [0, 5, 20, id.count / 2, id.count - 1] {
                var characters = Array(id)
                characters[place] = characters[place] == "A" ? "B" : "A"
                let answer = try await endpoint.post(Endpoint.call(1), [("Mcp-Session-Id", String(characters))])
                #expect(answer.status == 404)
                #expect(try answer.message()["id"] == 1)
            }
        }
    }

    /// Takes the credentials for the name.
    struct ByName: Authenticator {
        func authenticate(authorization: String?) async -> Authentication {
            authorization.map { .accepted(Principal(name: $0, scopes: [.read])) } ?? .missing
        }
    }

    @Test func `the session of another principal does not exist`() async throws {
        try await Endpoint.with(authenticator: ByName()) { endpoint in
            let session = try await endpoint.session(headers: [("Authorization", "ann")])
            #expect(try await endpoint.post(Endpoint.call(1), session + [("Authorization", "ann")]).status == 200)
            #expect(try await endpoint.post(Endpoint.call(1), session + [("Authorization", "bob")]).status == 404)
            #expect(try await endpoint.send("DELETE", session + [("Authorization", "bob")]).status == 404)
            #expect(try await endpoint.post(Endpoint.call(2), session + [("Authorization", "ann")]).status == 200)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: String
        var headers: Endpoint.Headers = []
        var status: Int
    }

    static let outside: [Case] = [
        Case(testDescription: "a request without a session", body: Endpoint.call(1), status: 400),
        Case(testDescription: "a notification without a session", body: Endpoint.initialized, status: 400),
        Case(testDescription: "a response without a session", body: #"{"jsonrpc":"2.0","id":1,"result":{}}"#, status: 400),
        Case(testDescription: "a batch without a session", body: "[\(Endpoint.call(1))]", status: 400),
        Case(testDescription: "an unknown session", body: Endpoint.call(1), headers: [("Mcp-Session-Id", "x")], status: 404),
        Case(testDescription: "an empty batch", body: "[]", status: 400),
        Case(testDescription: "no JSON", body: "{", status: 400),
        Case(testDescription: "an id of null", body: #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, status: 400),
        Case(testDescription: "text", body: Endpoint.call(1), headers: [("Content-Type", "text/plain")], status: 415),
        Case(testDescription: "an answer that nobody gives", body: Endpoint.call(1), headers: [("Accept", "text/html")], status: 406),
        Case(
            testDescription: "JSON with a parameter", body: Endpoint.initialize("2025-06-18"),
            headers: [("Content-Type", "Application/JSON; charset=utf-8")], status: 200),
        Case(testDescription: "any answer", body: Endpoint.initialize("2025-06-18"), headers: [("Accept", "*/*")], status: 200),
        Case(
            testDescription: "the types the other way round", body: Endpoint.initialize("2025-06-18"),
            headers: [("Accept", "text/event-stream, application/json")], status: 200),
    ]

    @Test(arguments: outside) func `what stands outside of a session gets its status`(row: Case) async throws {
        let answer = try await Endpoint.with { try await $0.post(row.body, row.headers) }
        #expect(answer.status == row.status)
        #expect(!answer.body.isEmpty)
    }

    @Test func `a missing Accept is one that takes everything`() async throws {
        let answer = try await Endpoint.with {
            try await $0.post(Endpoint.initialize("2025-06-18"), standard: [("Content-Type", "application/json")])
        }
        #expect(answer.status == 200)
        #expect(answer.head["content-type"] == "application/json")
    }

    @Test(arguments: ["{", #"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#])
    func `a body without a readable id is one sentence of text for old clients and an error without id for new ones`(body: String) async throws {
        try await Endpoint.with { endpoint in
            for headers in [[], [("MCP-Protocol-Version", "2025-06-18")]] as [Endpoint.Headers] {
                let old = try await endpoint.post(body, headers)
                #expect(old.status == 400)
                #expect(old.head["content-type"]?.hasPrefix("text/plain") == true)
            }
            let new = try await endpoint.post(body, [("MCP-Protocol-Version", "2025-11-25")])
            #expect(new.status == 400)
            #expect(try new.message().object?.keys == ["jsonrpc", "error"])
        }
    }

    @Test func `errors within a session come with status 200, since 404 would end it`() async throws {
        try await Endpoint.with { endpoint in
            let session = try await endpoint.session()
            for body in [#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, Endpoint.call(1, "nobody"), Endpoint.initialize("2025-11-25")] {
                let answer = try await endpoint.post(body, session)
                #expect(answer.status == 200)
                #expect(try answer.message()["error"] != nil)
            }
        }
    }

    @Test func `a version header that nobody knows is refused, another legacy one is not`() async throws {
        try await Endpoint.with { endpoint in
            let session = [try await endpoint.session(.v2025_06_18)[0]]
            #expect(try await endpoint.post(Endpoint.call(1), session + [("MCP-Protocol-Version", "2099-01-01")]).status == 400)
            let answer = try await endpoint.post(Endpoint.call(1, "who"), session + [("MCP-Protocol-Version", "2025-03-26")])
            #expect(try answer.message()["result"]?["content"]?.array?.first?["text"]?.string?.contains("2025-06-18") == true)
        }
    }

    @Test func `a batch is answered in 2025-03-26 and refused elsewhere`() async throws {
        let batch = #"[\#(Endpoint.call(1)),\#(Endpoint.initialized),7,{"jsonrpc":"2.0","id":2,"method":"initialize"}]"#
        try await Endpoint.with { endpoint in
            let session = try await endpoint.session(.v2025_03_26)
            let responses = try await endpoint.post(batch, session).message().array ?? []
            #expect(responses.count == 2, "what has no id could be matched to nothing")
            #expect(responses.contains { $0["id"] == 1 && $0["result"] != nil })
            #expect(responses.contains { $0["id"] == 2 && $0["error"]?["code"] == -32600 })
            #expect(try await endpoint.post("[7]", session).status == 400)
            let quiet = try await endpoint.post("[\(Endpoint.initialized)]", session)
            #expect(quiet.status == 202)
            for revision in [Revision.v2024_11_05, .v2025_06_18, .v2025_11_25] {
                #expect(try await endpoint.post(batch, try await endpoint.session(revision)).status == 400)
            }
        }
    }

    @Test func `a cancelled request ends, and its handler is cancelled`() async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        let ended = AsyncStream.makeStream(of: Bool.self)
        let tool = Tool(name: "wait", description: "Waits until it is cancelled.") { _, _ in
            begun.continuation.yield()
            for await _ in AsyncStream<Never>.makeStream().stream {}
            ended.continuation.yield(Task.isCancelled)
            return .text("too late")
        }
        try await Endpoint.with(tools: [tool]) { endpoint in
            let session = try await endpoint.session()
            let other = try await endpoint.session()
            async let answer = endpoint.post(Endpoint.call(1, "wait"), session)
            for await _ in begun.stream { break }
            let cancel = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
            #expect(try await endpoint.post(cancel, other).status == 202)
            #expect(try await endpoint.post(cancel, session).status == 202)
            for await wasCancelled in ended.stream {
                #expect(wasCancelled)
                break
            }
            #expect(try await answer.message()["result"] == nil)
        }
    }

    @Test func `a client that leaves cancels nothing`() async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        let release = AsyncStream.makeStream(of: Void.self)
        let ended = AsyncStream.makeStream(of: Bool.self)
        let tool = Tool(name: "wait", description: "Waits until it is released.") { _, _ in
            begun.continuation.yield()
            for await _ in release.stream { break }
            ended.continuation.yield(Task.isCancelled)
            return .text("")
        }
        try await Endpoint.with(tools: [tool]) { endpoint in
            let session = try await endpoint.session()
            try await HTTPConnection.with("127.0.0.1", endpoint.port) { connection in
                try await connection.send(
                    HTTPCall("POST", "/mcp", headers: Endpoint.standard + session, body: Array(Endpoint.call(1, "wait").utf8)))
                for await _ in begun.stream { break }
            }
            // A whole exchange later the server has seen the connection close.
            #expect(try await endpoint.post(Endpoint.call(2), session).status == 200)
            release.continuation.yield()
            for await wasCancelled in ended.stream {
                #expect(!wasCancelled)
                break
            }
        }
    }

    @Test func `the stream of a session opens, is replaced by a newer one, and ends with the session`() async throws {
        try await Endpoint.with { endpoint in
            let session = try await endpoint.session()
            try await EventStream.with("127.0.0.1", endpoint.port, "/mcp", headers: session) { older in
                #expect(older.head["x-accel-buffering"] == "no")
                try await EventStream.with("127.0.0.1", endpoint.port, "/mcp", headers: session) { newer in
                    let endOfOlder = try await older.next()
                    #expect(endOfOlder == nil)
                    #expect(try await endpoint.send("DELETE", session).status == 204)
                    #expect(try await newer.next() == nil)
                }
            }
        }
    }

    static let withoutBody: [(method: String, headers: Endpoint.Headers, status: Int)] = [
        ("DELETE", [], 400),
        ("GET", [("Accept", "text/event-stream"), ("Mcp-Session-Id", "x")], 404),
        ("GET", [("Accept", "text/event-stream"), ("MCP-Protocol-Version", "2099-01-01")], 400),
        ("GET", [("Accept", "application/json")], 406),
        ("GET", [], 406),
        ("PUT", [], 405),
    ]

    @Test(arguments: withoutBody.indices) func `what GET, DELETE and others may not do is refused`(index: Int) async throws {
        let row = Self.withoutBody[index]
        let answer = try await Endpoint.with { try await $0.send(row.method, row.headers) }
        #expect(answer.status == row.status)
    }
}
