import Dispatch
import JSON
import MCPCore
import MCPStdio
import MCPTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct `Stdio server` {
    static func initialize(_ revision: Revision) -> String {
        #"{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"\#(revision.rawValue)","capabilities":{}}}"#
    }

    static let initialized = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
    static let modern =
        #"{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"who","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#

    static func call(_ id: Int, _ tool: String = "greet") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)"}}"#
    }

    static func converse(_ lines: String...) async throws -> [JSONValue] {
        try await StdioClient.converse(with: try FixtureServer.make(), lines)
    }

    @Test(arguments: Revision.legacy) func `a legacy conversation opens, works and ends`(revision: Revision) async throws {
        let answers = try await Self.converse(Self.initialize(revision), Self.initialized, Self.call(1))
        #expect(answers.count == 2)
        #expect(answers.first?["result"]?["protocolVersion"]?.string == revision.rawValue)
        #expect(answers.last == ["jsonrpc": "2.0", "id": 1, "result": ["content": [["type": "text", "text": "Hello!"]]]])
    }

    @Test func `a request with its own metadata is served without and beside an initialize`() async throws {
        for lines in [[Self.modern], [Self.initialize(.v2025_06_18), Self.modern]] {
            let answers = try await StdioClient.converse(with: try FixtureServer.make(), lines)
            #expect(answers.last?["result"]?["content"]?.array?.first?["text"] == "local 2026-07-28 {}")
        }
    }

    @Test func `a second initialize is refused`() async throws {
        let answers = try await Self.converse(Self.initialize(.v2025_06_18), Self.initialize(.v2025_06_18))
        #expect(answers.last?["error"]?["code"] == -32600)
    }

    @Test func `before any initialize a ping is answered and a bare request is refused with the way in`() async throws {
        let answers = try await Self.converse(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, Self.call(2))
        #expect(answers.contains(["jsonrpc": "2.0", "id": 1, "result": [:]]))
        let refusal = answers.first { $0["id"] == 2 }?["error"]
        #expect(refusal?["code"] == -32600)
        #expect(refusal?["message"]?.string?.contains("initialize") == true)
    }

    @Test func `a probe for discovery without metadata is told what is missing`() async throws {
        let answers = try await Self.converse(#"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#)
        #expect(answers.first?["error"]?["code"] == -32602)
    }

    @Test func `a line that is no JSON gets an error without an id, and reading goes on`() async throws {
        let answers = try await Self.converse("{nonsense", "", "  \r", Self.initialize(.newestLegacy))
        #expect(answers.count == 2)
        #expect(answers.first?["error"]?["code"] == -32700)
        #expect(answers.first?["id"] == nil)
        #expect(answers.last?["id"] == "i")
    }

    @Test func `a line that is too long gets an error, and reading goes on`() async throws {
        var limits = StdioServer.Limits()
        limits.lineBytes = 100_000
        let long = #"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":""# + String(repeating: "x", count: 300_000) + #""}}"#
        let ping = #"{"jsonrpc":"2.0","id":2,"method":"ping"}"#
        let answers = try await StdioClient.converse(with: try FixtureServer.make(), limits: limits, [long, ping, long])
        #expect(answers.count == 3)
        #expect(answers.filter { $0["error"]?["message"]?.string?.contains("100000") == true }.count == 2)
        #expect(answers.contains(["jsonrpc": "2.0", "id": 2, "result": [:]]))
    }

    @Test func `what stands behind the last line break is answered too`() async throws {
        let client = StdioClient()
        let ping = Array(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#.utf8)
        _ = ping.withUnsafeBytes { write(client.requests, $0.baseAddress, $0.count) }
        client.endInput()
        async let answers = client.rest()
        try await StdioServer(server: try FixtureServer.make(), input: client.serverInput, output: client.serverOutput).run()
        close(client.serverOutput)
        #expect(await answers == [["jsonrpc": "2.0", "id": 2, "result": [:]]])
    }

    @Test func `an answer of a megabyte arrives whole`() async throws {
        let text = String(repeating: "é\n", count: 400_000)
        let tool = Tool(name: "much", description: "Says much.") { _, _ in .text(text) }
        let answers = try await StdioClient.converse(
            with: try FixtureServer.make(more: [tool]), [Self.initialize(.newestLegacy), Self.call(1, "much")])
        #expect(answers.last?["result"]?["content"]?.array?.first?["text"]?.string == text)
    }

    @Test func `progress comes before the answer`() async throws {
        let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"steps","_meta":{"progressToken":"p"}}}"#
        let answers = try await Self.converse(Self.initialize(.newestLegacy), call)
        #expect(answers.map { $0["params"]?["progress"] } == [nil, 0, 50, 100, nil])
    }

    @Test func `a batch is answered with a batch in 2025-03-26`() async throws {
        let batch = #"[\#(Self.call(1)),\#(Self.initialized),{"jsonrpc":"2.0","id":2,"method":"initialize"},7,\#(Self.modern)]"#
        let answers = try await Self.converse(Self.initialize(.v2025_03_26), batch)
        let responses = answers.last?.array ?? []
        #expect(responses.count == 4)
        #expect(responses.first { $0["id"] == 1 }?["result"] != nil)
        #expect(responses.filter { $0["error"]?["code"] == -32600 }.count == 3)
    }

    @Test(arguments: [Revision.v2024_11_05, .v2025_06_18, .v2025_11_25])
    func `a batch is refused in other revisions`(revision: Revision) async throws {
        let answers = try await Self.converse(Self.initialize(revision), "[\(Self.call(1))]")
        #expect(answers.last?["error"]?["code"] == -32600)
    }

    @Test func `a cancelled request gets no answer, and the ones beside it do`() async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        let ended = AsyncStream.makeStream(of: Bool.self)
        let tool = Tool(name: "wait", description: "Waits until it is cancelled.") { _, _ in
            begun.continuation.yield()
            for await _ in AsyncStream<Never>.makeStream().stream {}
            ended.continuation.yield(Task.isCancelled)
            return .text("too late")
        }
        let client = StdioClient()
        let server = try FixtureServer.make(more: [tool])
        async let answers = client.rest()
        async let run: Void = StdioServer(server: server, input: client.serverInput, output: client.serverOutput).run()
        client.send(Self.initialize(.newestLegacy))
        client.send(Self.call(1, "wait"))
        for await _ in begun.stream { break }
        client.send(Self.call(2))
        client.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}"#)
        client.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
        for await wasCancelled in ended.stream {
            #expect(wasCancelled)
            break
        }
        client.endInput()
        try await run
        close(client.serverOutput)
        #expect(await answers.map { $0["id"] } == ["i", 2])
    }

    @Test func `at the end of the input what was read is answered, but not for ever`() async throws {
        var limits = StdioServer.Limits()
        limits.timeoutAtEnd = .milliseconds(200)
        let tool = Tool(name: "wait", description: "Waits until it is cancelled.") { _, _ in
            let (stream, continuation) = AsyncStream<Never>.makeStream()
            for await _ in stream {}
            continuation.finish()
            return .text("too late")
        }
        let answers = try await StdioClient.converse(
            with: try FixtureServer.make(more: [tool]), limits: limits, [Self.initialize(.newestLegacy), Self.call(1, "wait"), Self.call(2)])
        #expect(answers.map { $0["id"] } == ["i", 2])
    }

    @Test func `a client that stops reading ends the server quietly`() async throws {
        let client = StdioClient()
        close(client.answers)
        client.send(Self.initialize(.newestLegacy))
        // The input stays open: only the broken output can end it.
        try await StdioServer(server: try FixtureServer.make(), input: client.serverInput, output: client.serverOutput).run()
    }

    @Test func `more requests than the limit are refused in words`() async throws {
        var limits = StdioServer.Limits()
        limits.requestsInFlight = 1
        limits.timeoutAtEnd = .milliseconds(200)
        let tool = Tool(name: "wait", description: "Waits until it is cancelled.") { _, _ in
            let (stream, continuation) = AsyncStream<Never>.makeStream()
            for await _ in stream {}
            continuation.finish()
            return .text("too late")
        }
        let answers = try await StdioClient.converse(
            with: try FixtureServer.make(more: [tool]), limits: limits, [Self.initialize(.newestLegacy), Self.call(1, "wait"), Self.call(2)])
        #expect(answers.last?["error"]?["message"]?.string?.contains("answering 1 requests") == true)
    }
}
