import BinaryTesting
import JSON
import MCPCore
import MCPHTTP
import MCPTesting
import Testing

@Suite struct `Streamable HTTP of 2026-07-28` {
    typealias Endpoint = RunningEndpoint

    @Test func `a call is answered without a session, in JSON, with the new envelope`() async throws {
        let answer = try await Endpoint.with { endpoint in
            try await endpoint.post(
                Endpoint.modern("tools/call", #""name":"greet""#, id: 1_800_000_000_001), Endpoint.modernHeaders("tools/call", name: "greet"))
        }
        #expect(answer.status == 200)
        #expect(answer.head["content-type"] == "application/json")
        #expect(answer.head["mcp-session-id"] == nil)
        let message = try answer.message()
        #expect(message["id"] == 1_800_000_000_001)
        #expect(message["result"]?["resultType"] == "complete")
        #expect(message["result"]?["content"]?.array?.first?["text"] == "Hello!")
    }

    @Test func `discovery as Claude Code probes it is answered on every path`() async throws {
        try await Endpoint.with { endpoint in
            for path in MCPEndpoint.paths {
                let answer = try await endpoint.post(Endpoint.modern("server/discover"), Endpoint.modernHeaders("server/discover"), path: path)
                #expect(answer.status == 200)
                #expect(try answer.message()["result"]?["supportedVersions"] == ["2026-07-28"])
            }
        }
    }

    @Test func `an Accept that refuses JSON by its quality gets an event stream`() async throws {
        let answer = try await Endpoint.with { endpoint in
            try await endpoint.post(
                Endpoint.modern("tools/call", #""name":"greet""#),
                Endpoint.modernHeaders("tools/call", name: "greet") + [("Accept", "application/json;q=0, text/event-stream")])
        }
        #expect(answer.head["content-type"] == "text/event-stream")
    }

    struct Rung: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: String
        var headers: Endpoint.Headers
        var status: Int
        var code: Int64?
    }

    static let ladder: [Rung] = [
        Rung(
            testDescription: "a header without metadata", body: #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
            headers: Endpoint.modernHeaders("tools/list"), status: 400, code: -32602),
        Rung(
            testDescription: "an unknown header without metadata", body: #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
            headers: Endpoint.modernHeaders("tools/list", version: "2099-01-01"), status: 400, code: -32602),
        Rung(
            testDescription: "metadata without capabilities",
            body: #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#,
            headers: Endpoint.modernHeaders("tools/list"), status: 400, code: -32602),
        Rung(
            testDescription: "metadata without the version header", body: Endpoint.modern("tools/list"),
            headers: [("Mcp-Method", "tools/list")], status: 400, code: -32020),
        Rung(
            testDescription: "a version header that differs", body: Endpoint.modern("tools/list"),
            headers: Endpoint.modernHeaders("tools/list", version: "2025-11-25"), status: 400, code: -32020),
        Rung(
            testDescription: "an unknown version in both", body: Endpoint.modern("tools/list", version: "2099-01-01"),
            headers: Endpoint.modernHeaders("tools/list", version: "2099-01-01"), status: 400, code: -32022),
        Rung(
            testDescription: "a legacy version in both", body: Endpoint.modern("tools/list", version: "2025-11-25"),
            headers: Endpoint.modernHeaders("tools/list", version: "2025-11-25"), status: 400, code: -32022),
        Rung(
            testDescription: "no method header", body: Endpoint.modern("tools/list"),
            headers: [("MCP-Protocol-Version", "2026-07-28")], status: 400, code: -32020),
        Rung(
            testDescription: "a method header in another case", body: Endpoint.modern("tools/list"),
            headers: Endpoint.modernHeaders("TOOLS/LIST"), status: 400, code: -32020),
        Rung(
            testDescription: "two method headers", body: Endpoint.modern("tools/list"),
            headers: Endpoint.modernHeaders("tools/list") + [("Mcp-Method", "tools/list")], status: 400, code: -32020),
        Rung(
            testDescription: "no name header", body: Endpoint.modern("tools/call", #""name":"greet""#),
            headers: Endpoint.modernHeaders("tools/call"), status: 400, code: -32020),
        Rung(
            testDescription: "a name header that differs", body: Endpoint.modern("tools/call", #""name":"greet""#),
            headers: Endpoint.modernHeaders("tools/call", name: "add"), status: 400, code: -32020),
        Rung(
            testDescription: "a name header in bad Base64", body: Endpoint.modern("tools/call", #""name":"greet""#),
            headers: Endpoint.modernHeaders("tools/call", name: "=?base64?Z3JlZXQ?="), status: 400, code: -32020),
        Rung(
            testDescription: "a method that does not exist", body: Endpoint.modern("no/such"),
            headers: Endpoint.modernHeaders("no/such"), status: 404, code: -32601),
        Rung(
            testDescription: "ping, which was removed", body: Endpoint.modern("ping"), headers: Endpoint.modernHeaders("ping"), status: 404,
            code: -32601),
        Rung(
            testDescription: "initialize with metadata", body: Endpoint.modern("initialize"),
            headers: Endpoint.modernHeaders("initialize"), status: 404, code: -32601),
        Rung(
            testDescription: "an unknown tool", body: Endpoint.modern("tools/call", #""name":"nobody""#),
            headers: Endpoint.modernHeaders("tools/call", name: "nobody"), status: 200, code: -32602),
        Rung(
            testDescription: "a bad cursor", body: Endpoint.modern("tools/list", #""cursor":"x""#),
            headers: Endpoint.modernHeaders("tools/list"), status: 200, code: -32602),
        Rung(
            testDescription: "a name header in Base64", body: Endpoint.modern("tools/call", #""name":"greet""#),
            headers: Endpoint.modernHeaders("tools/call", name: "=?base64?Z3JlZXQ=?="), status: 200, code: nil),
        Rung(
            testDescription: "a name header with white space round it", body: Endpoint.modern("tools/call", #""name":"greet""#),
            headers: Endpoint.modernHeaders("tools/call", name: "  greet  "), status: 200, code: nil),
        Rung(
            testDescription: "a session id, which is ignored", body: Endpoint.modern("tools/list"),
            headers: Endpoint.modernHeaders("tools/list") + [("Mcp-Session-Id", "nonsense")], status: 200, code: nil),
    ]

    @Test(arguments: ladder) func `each check answers with its status and code, and with the request's id`(rung: Rung) async throws {
        let answer = try await Endpoint.with { try await $0.post(rung.body, rung.headers) }
        let message = try answer.message()
        #expect(answer.status == rung.status)
        #expect(message["error"]?["code"]?.integer == rung.code)
        #expect(message["id"] == 1)
    }

    @Test func `an unsupported version is answered with those that are supported`() async throws {
        let answer = try await Endpoint.with {
            try await $0.post(
                Endpoint.modern("tools/list", version: "2099-01-01"), Endpoint.modernHeaders("tools/list", version: "2099-01-01"))
        }
        #expect(try answer.message()["error"]?["data"] == ["supported": ["2026-07-28"], "requested": "2099-01-01"])
    }

    static let others: [(body: String, status: Int)] = [
        (#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#, 202),
        (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, 400),
        ("[\(RunningEndpoint.modern("tools/list"))]", 400),
        ("{", 400),
        (#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#, 400),
    ]

    @Test(arguments: others) func `what is no request is taken or refused by its kind`(body: String, status: Int) async throws {
        let answer = try await Endpoint.with { try await $0.post(body, [("MCP-Protocol-Version", "2026-07-28")]) }
        #expect(answer.status == status)
        if status == 202 {
            #expect(answer.body.isEmpty)
        } else {
            let message = try answer.message()
            #expect(message.object?.keys == ["jsonrpc", "error"])
        }
    }

    @Test func `a notification of an unknown version is refused with those that are supported`() async throws {
        let answer = try await Endpoint.with { try await $0.post(Endpoint.initialized, [("MCP-Protocol-Version", "2099-01-01")]) }
        #expect(answer.status == 400)
        #expect(try answer.message()["error"]?["code"] == -32022)
    }

    @Test(arguments: ["GET", "DELETE"]) func `other methods than POST are not allowed`(method: String) async throws {
        let answer = try await Endpoint.with {
            try await $0.send(method, [("MCP-Protocol-Version", "2026-07-28"), ("Accept", "text/event-stream")])
        }
        #expect(answer.status == 405)
        #expect(answer.head["allow"] == "POST")
    }

    @Test func `progress comes as events of this request, and the response ends the stream`() async throws {
        let answer = try await Endpoint.with {
            try await $0.post(
                Endpoint.modern("tools/call", #""name":"steps""#, more: #","progressToken":"p""#),
                Endpoint.modernHeaders("tools/call", name: "steps"))
        }
        #expect(answer.head["content-type"] == "text/event-stream")
        #expect(answer.head["x-accel-buffering"] == "no")
        #expect(answer.head["cache-control"] == "no-cache, no-transform")
        var events = EventParser()
        events.feed(answer.body)
        let messages = try events.parsed.map { try JSONReader().read($0.data) }
        #expect(messages.map { $0["params"]?["progress"] } == [0, 50, 100, nil])
        #expect(messages.last?["result"]?["resultType"] == "complete")
        #expect(events.parsed.allSatisfy { $0.id == nil })
    }

    @Test func `a client that takes events alone gets the response as one`() async throws {
        let answer = try await Endpoint.with {
            try await $0.post(
                Endpoint.modern("tools/list"), Endpoint.modernHeaders("tools/list") + [("Accept", "text/event-stream")])
        }
        #expect(answer.head["content-type"] == "text/event-stream")
        #expect(try answer.message()["id"] == 1)
    }

    @Test func `a client that leaves cancels its request`() async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        let ended = AsyncStream.makeStream(of: Bool.self)
        let tool = Tool(name: "wait", description: "Waits until it is cancelled.") { _, _ in
            begun.continuation.yield()
            for await _ in AsyncStream<Never>.makeStream().stream {}
            ended.continuation.yield(Task.isCancelled)
            return .text("too late")
        }
        try await Endpoint.with(tools: [tool]) { endpoint in
            try await HTTPConnection.with("127.0.0.1", endpoint.port) { connection in
                let headers = Endpoint.standard + Endpoint.modernHeaders("tools/call", name: "wait")
                let body = Array(Endpoint.modern("tools/call", #""name":"wait""#).utf8)
                try await connection.send(HTTPCall("POST", "/mcp", headers: headers, body: body))
                for await _ in begun.stream { break }
            }
            for await wasCancelled in ended.stream {
                #expect(wasCancelled)
                break
            }
        }
    }

    @Test func `two clients may use one id at the same time`() async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        let release = AsyncStream.makeStream(of: Void.self)
        let tool = Tool(name: "wait", description: "Waits until it is released.") { _, _ in
            begun.continuation.yield()
            for await _ in release.stream { break }
            return .text("released")
        }
        try await Endpoint.with(tools: [tool]) { endpoint in
            let body = Endpoint.modern("tools/call", #""name":"wait""#)
            let headers = Endpoint.modernHeaders("tools/call", name: "wait")
            async let first = endpoint.post(body, headers)
            async let second = endpoint.post(body, headers)
            var waiting = begun.stream.makeAsyncIterator()
            await waiting.next()
            await waiting.next()
            release.continuation.yield()
            release.continuation.yield()
            let answers = try await [first, second]
            #expect(try answers.allSatisfy { try $0.message()["result"] != nil })
        }
    }
}
