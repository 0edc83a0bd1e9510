import BinaryTesting
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A restart in the middle of a session. No call may fail that was answered or in flight at SIGTERM, or that is posted once the port
/// (type http) or the stream (type sse) is back. What is posted in between is lost; the tests count and print it.
@Suite("A restart in the middle of a session", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct RestartTests {
    static let calls = 8

    @Test("Over Streamable HTTP, calls in flight are answered and the session goes on after it")
    func streamable() async throws {
        try await withZoo { scratch, store in
            let arguments = ["--store", store, "--no-watch"]
            let (port, session) = try await Magenta.serving(arguments, in: scratch) { server in
                let session = try await handshake(server.port)
                let answered = try await within(.seconds(30), "the calls in flight at SIGTERM") {
                    try await withConnections(Self.calls, server.port) { connections in
                        for index in connections.indices {
                            try expectZebra(
                                try await connections[index].exchange(ClaudeCodeRecording.legacyCall("/mcp", session: session)).message(),
                                id: 2)
                        }
                        for index in connections.indices {
                            try await connections[index].send(ClaudeCodeRecording.legacyCall("/mcp", session: session, id: index + 10))
                        }
                        server.process.send(SIGTERM)
                        var answered = 0
                        for index in connections.indices {
                            // A lost call is what this test counts, so it goes on to the next.
                            let answer = try? await connections[index].answer().message()
                            if answer?["result"]?["structuredContent"]?.messageIDs == Zoo.found { answered += 1 }
                        }
                        return answered
                    }
                }
                #expect(answered == Self.calls, "calls in flight at SIGTERM")
                return (server.port, session)
            }
            let lost = await refusals {
                try await exchange(ClaudeCodeRecording.legacyCall("/mcp", session: session), "127.0.0.1", port).status
            }
            try await Magenta.serving(arguments, port: port, in: scratch) { _ in
                for id in 100..<100 + Self.calls {
                    let answer = try await exchange(ClaudeCodeRecording.legacyCall("/mcp", session: session, id: id), "127.0.0.1", port)
                    #expect(answer.status == 200)
                    try expectZebra(try answer.message(), id: Int64(id))
                }
            }
            print("counted: restart over http: \(lost) of \(Self.attempts) calls posted while it was down were lost")
        }
    }

    @Test("Over HTTP+SSE, calls in flight are answered and a reopened stream works without a new initialize")
    func serverSentEvents() async throws {
        try await withZoo { scratch, store in
            let arguments = ["--store", store, "--no-watch"]
            let (port, endpoint) = try await Magenta.serving(arguments, in: scratch) { server in
                let (answered, endpoint) = try await within(.seconds(30), "the calls in flight at SIGTERM") {
                    try await withConnections(Self.calls, server.port) { connections in
                        try await inFlight(&connections, server)
                    }
                }
                #expect(answered == Set(10..<10 + Self.calls).map(Int64.init).sorted(), "calls in flight at SIGTERM")
                return (server.port, endpoint)
            }
            let lost = await refusals {
                try await exchange(ClaudeCodeRecording.legacyCall(endpoint, session: nil), "127.0.0.1", port).status
            }
            try await Magenta.serving(arguments, port: port, in: scratch) { _ in
                try await within(.seconds(30), "the reopened stream") {
                    try await EventStream.with("127.0.0.1", port, "/sse", headers: ClaudeCodeRecording.streamHeaders(reopened: true)) {
                        stream in
                        let again = try #require(try await stream.next())
                        #expect(again.type == "endpoint")
                        for id in 100..<100 + Self.calls {
                            let posted = try await exchange(
                                ClaudeCodeRecording.legacyCall(again.data, session: nil, id: id), "127.0.0.1", port)
                            #expect(posted.status == 202)
                            try expectZebra(try await stream.message(), id: Int64(id))
                        }
                    }
                }
            }
            print("counted: restart over sse: \(lost) of \(Self.attempts) calls posted while it was down were lost")
        }
    }

    /// Posts a call on each of `connections`, stops the server, and gives the ids that were answered on the stream before it ended.
    private func inFlight(_ connections: inout [HTTPConnection], _ server: Server) async throws -> ([Int64], String) {
        try await EventStream.with("127.0.0.1", server.port, "/sse", headers: ClaudeCodeRecording.streamHeaders()) { stream in
            let endpoint = try #require(try await stream.next()).data
            _ = try await connections[0].exchange(ClaudeCodeRecording.initialize(endpoint))
            try expectGreeting(try await stream.message())
            for index in connections.indices {
                _ = try await connections[index].exchange(ClaudeCodeRecording.initialized(endpoint, session: nil))
            }
            for index in connections.indices {
                try await connections[index].send(ClaudeCodeRecording.legacyCall(endpoint, session: nil, id: index + 10))
            }
            server.process.send(SIGTERM)
            var answered: [Int64] = []
            while let event = try await stream.next() {
                let message = try JSONReader().read(event.data)
                if message["result"]?["structuredContent"]?.messageIDs == Zoo.found, let id = message["id"]?.integer { answered.append(id) }
            }
            return (answered.sorted(), endpoint)
        }
    }

    private func handshake(_ port: Int) async throws -> String {
        let greeting = try await exchange(ClaudeCodeRecording.initialize("/mcp"), "127.0.0.1", port)
        let session = try #require(greeting.head["mcp-session-id"])
        _ = try await exchange(ClaudeCodeRecording.initialized("/mcp", session: session), "127.0.0.1", port)
        return session
    }

    private static let attempts = 5

    /// How many of a few posts fail now.
    private func refusals(_ post: () async throws -> Int) async -> Int {
        var lost = 0
        for _ in 0..<Self.attempts {
            let status = try? await post()
            if status != 200 && status != 202 { lost += 1 }
        }
        return lost
    }

    /// Runs `body` with `count` open connections.
    private func withConnections<Value: Sendable>(
        _ count: Int, _ port: Int, opened: [HTTPConnection] = [], _ body: (inout [HTTPConnection]) async throws -> Value
    ) async throws -> Value {
        if opened.count == count {
            var connections = opened
            return try await body(&connections)
        }
        return try await HTTPConnection.with("127.0.0.1", port) { connection in
            try await withConnections(count, port, opened: opened + [connection], body)
        }
    }
}
