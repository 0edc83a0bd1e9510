import BinaryTesting
import JSON
import Testing

/// Whichever `type` and path a user wrote into `.mcp.json`, Claude Code connects: its recorded requests, in its order.
@Suite("Claude Code 2.1.330, replayed", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ClaudeCodeReplayTests {
    @Test("Type http finds the modern server by its probe", arguments: Loopback.all, ForeignClientTests.paths)
    func modern(host: Loopback, path: String) async throws {
        try await withServer { server in
            let (discovered, listed, called) = try await within(.seconds(30), "the exchanges") {
                try await HTTPConnection.with(host.rawValue, server.port) { connection in
                    let discovered = try await connection.exchange(ClaudeCodeRecording.discover(path))
                    let listed = try await connection.exchange(ClaudeCodeRecording.modernList(path))
                    return (discovered, listed, try await connection.exchange(ClaudeCodeRecording.modernCall(path)))
                }
            }
            #expect(discovered.status == 200)
            let discovery = try discovered.message()
            #expect(discovery["id"] == "server-discover-probe-1")
            #expect(discovery["result"]?["supportedVersions"] == ["2026-07-28"])
            #expect(discovery["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "magenta-memory")
            #expect(discovered.head["mcp-session-id"] == nil, "the modern revision has no sessions")

            try expectTools(try listed.message(), id: 0)
            try expectZebra(try called.message(), id: 3)
            #expect(try called.message()["result"]?["resultType"] == "complete")
        }
    }

    @Test("Type http, pinned to the handshake, keeps its session", arguments: Loopback.all, ForeignClientTests.paths)
    func handshake(host: Loopback, path: String) async throws {
        try await withServer { server in
            try await within(.seconds(30), "the exchanges") {
                try await HTTPConnection.with(host.rawValue, server.port) { connection in
                    let greeting = try await connection.exchange(ClaudeCodeRecording.initialize(path))
                    #expect(greeting.status == 200)
                    try expectGreeting(try greeting.message())
                    let session = try #require(greeting.head["mcp-session-id"])

                    let noted = try await connection.exchange(ClaudeCodeRecording.initialized(path, session: session))
                    #expect(noted.status == 202)
                    try expectTools(try await connection.exchange(ClaudeCodeRecording.legacyList(path, session: session)).message(), id: 1)
                    try expectZebra(try await connection.exchange(ClaudeCodeRecording.legacyCall(path, session: session)).message(), id: 2)

                    // Last, since its answer does not end. 405 is what a server without such a stream says, and is fine with it.
                    try await connection.send(ClaudeCodeRecording.sessionStream(path, session: session))
                    let stream = try await connection.head()
                    #expect([200, 405].contains(stream.status))
                }
            }
        }
    }

    @Test("Type sse gets its endpoint at once and its answers on the stream", arguments: Loopback.all, ForeignClientTests.paths)
    func serverSentEvents(host: Loopback, path: String) async throws {
        try await withServer { server in
            try await within(.seconds(30), "the exchanges") {
                try await EventStream.with(host.rawValue, server.port, path, headers: ClaudeCodeRecording.streamHeaders()) { stream in
                    #expect(stream.head["x-accel-buffering"] == "no")
                    let endpoint = try #require(try await stream.next())
                    #expect(endpoint.type == "endpoint")
                    #expect(endpoint.data.hasPrefix("/"), "a client refuses an endpoint of another origin")
                    #expect(stream.retry == 300, "so that a lost stream is reopened in 0.3 s")

                    func post(_ call: HTTPCall) async throws {
                        let answer = try await exchange(call, host.rawValue, server.port)
                        #expect(answer.status == 202)
                    }
                    try await post(ClaudeCodeRecording.initialize(endpoint.data))
                    try expectGreeting(try await stream.message())
                    try await post(ClaudeCodeRecording.initialized(endpoint.data, session: nil))
                    try await post(ClaudeCodeRecording.legacyList(endpoint.data, session: nil))
                    try expectTools(try await stream.message(), id: 1)
                    try await post(ClaudeCodeRecording.legacyCall(endpoint.data, session: nil))
                    try expectZebra(try await stream.message(), id: 2)
                }
            }
        }
    }

    @Test("The subscription that it opens after a modern probe is acknowledged, or refused as unknown")
    func subscription() async throws {
        try await withServer { server in
            try await within(.seconds(30), "the exchange") {
                try await HTTPConnection.with("127.0.0.1", server.port) { connection in
                    try await connection.send(ClaudeCodeRecording.listen("/mcp"))
                    let head = try await connection.head()
                    let part = String(decoding: try await connection.bodyPart() ?? [], as: UTF8.self)
                    if head.status == 200 {
                        #expect(part.contains("notifications/subscriptions/acknowledged"))
                    } else {
                        #expect(head.status == 404 && part.contains("-32601"), "\(head.status) \(part)")
                    }
                }
            }
        }
    }

    private func withServer(_ body: (Server) async throws -> Void) async throws {
        try await withZoo { scratch, store in
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { try await body($0) }
        }
    }
}

extension EventStream {
    /// The next JSON-RPC message.
    mutating func message() async throws -> JSONValue {
        guard let event = try await next() else { throw TestFailure("the stream ended before an answer") }
        return try JSONReader().read(event.data)
    }
}

func expectGreeting(_ message: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(message["result"]?["protocolVersion"] == "2025-11-25", sourceLocation: sourceLocation)
    #expect(message["result"]?["serverInfo"]?["name"] == "magenta-memory", sourceLocation: sourceLocation)
}

func expectTools(_ message: JSONValue, id: Int64, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(message["id"] == .integer(id), sourceLocation: sourceLocation)
    #expect(message["result"]?["tools"]?.array?.compactMap { $0["name"]?.string }.sorted() == Zoo.tools, sourceLocation: sourceLocation)
}

func expectZebra(_ message: JSONValue, id: Int64, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(message["id"] == .integer(id), sourceLocation: sourceLocation)
    #expect(message["result"]?["structuredContent"]?.messageIDs == Zoo.found, "\(message)", sourceLocation: sourceLocation)
}
