import BinaryTesting
import JSON
import MCPCore
import MCPHTTP
import MCPTesting
import Testing

@Suite struct `HTTP+SSE` {
    typealias Endpoint = RunningEndpoint

    /// Opens a stream and reads where to post.
    static func open<Value: Sendable>(
        _ endpoint: RunningEndpoint, path: String = "/sse", headers: Endpoint.Headers = [],
        _ body: (inout EventStream, _ target: String) async throws -> Value
    ) async throws -> Value {
        try await EventStream.with("127.0.0.1", endpoint.port, path, headers: headers) { stream in
            let first = try #require(try await stream.next())
            #expect(first.type == "endpoint")
            return try await body(&stream, first.data)
        }
    }

    static func message(_ stream: inout EventStream) async throws -> JSONValue {
        let event = try #require(try await stream.next())
        #expect(event.type == "message")
        return try JSONReader().read(event.data)
    }

    @Test(arguments: ["/sse", "/sse/", "/mcp", "/"]) func `a client that opens a stream on any path gets its answers there`(path: String) async throws
    {
        try await Endpoint.with { endpoint in
            try await Self.open(endpoint, path: path) { stream, target in
                #expect(target.hasPrefix("/") && target.contains("?session_id="))
                #expect(stream.retry == 300)
                #expect(stream.head["x-accel-buffering"] == "no")
                #expect(stream.head["cache-control"] == "no-cache, no-transform")
                let accepted = try await endpoint.post(Endpoint.initialize("2024-11-05"), path: target)
                #expect(accepted.status == 202)
                #expect(accepted.text == "Accepted")
                #expect(try await Self.message(&stream)["result"]?["protocolVersion"] == "2024-11-05")
                #expect(try await endpoint.post(Endpoint.initialized, path: target).status == 202)
                _ = try await endpoint.post(Endpoint.call(1, "who"), path: target)
                #expect(
                    try await Self.message(&stream)["result"]?["content"]?.array?.first?["text"]
                        == #"anonymous 2024-11-05 {"sampling":{}}"#)
            }
        }
    }

    @Test func `a stream that was opened again works without initialize, in the revision that its header names`() async throws {
        try await Endpoint.with { endpoint in
            try await Self.open(endpoint, headers: [("MCP-Protocol-Version", "2025-11-25")]) { stream, target in
                _ = try await endpoint.post(Endpoint.call(1, "who"), path: target)
                #expect(try await Self.message(&stream)["result"]?["content"]?.array?.first?["text"] == "anonymous 2025-11-25 {}")
            }
        }
    }

    @Test func `a second initialize is refused on the stream`() async throws {
        try await Endpoint.with { endpoint in
            try await Self.open(endpoint) { stream, target in
                for _ in 0..<2 { _ = try await endpoint.post(Endpoint.initialize("2024-11-05"), path: target) }
                let codes = [try await Self.message(&stream), try await Self.message(&stream)].map { $0["error"]?["code"] }
                #expect(codes.contains(-32600) && codes.contains(nil))
            }
        }
    }

    @Test func `progress and the answer come on the stream, in this order`() async throws {
        try await Endpoint.with { endpoint in
            try await Self.open(endpoint) { stream, target in
                _ = try await endpoint.post(Endpoint.call(1, "steps", meta: #"{"progressToken":7}"#), path: target)
                var progress: [JSONValue?] = []
                for _ in 0..<4 { progress.append(try await Self.message(&stream)["params"]?["progress"]) }
                #expect(progress == [0, 50, 100, nil])
            }
        }
    }

    @Test func `what is posted to an unknown stream, or cannot be read, is refused`() async throws {
        try await Endpoint.with { endpoint in
            #expect(try await endpoint.post(Endpoint.call(1), path: "/messages?session_id=abc").status == 404)
            try await Self.open(endpoint) { _, target in
                for body in ["{", "[\(Endpoint.call(1))]"] {
                    let refused = try await endpoint.post(body, path: target)
                    #expect(refused.status == 400)
                }
            }
        }
    }

    @Test func `the session ends with its stream`() async throws {
        try await Endpoint.with { endpoint in
            let target = try await Self.open(endpoint) { _, target in target }
            var status = 0
            // The server learns of the end when the connection does.
            for _ in 0..<1000 where status != 404 { status = try await endpoint.post(Endpoint.initialized, path: target).status }
            #expect(status == 404)
        }
    }

    @Test func `an idle stream shows that it lives`() async throws {
        var limits = EndpointLimits()
        limits.pingInterval = .milliseconds(5)
        try await Endpoint.with(limits: limits) { endpoint in
            try await HTTPConnection.with("127.0.0.1", endpoint.port) { connection in
                try await connection.send(HTTPCall("GET", "/sse", headers: [("Accept", "text/event-stream")]))
                _ = try await connection.head()
                var events = EventParser()
                while events.comments < 2 { events.feed(try #require(try await connection.bodyPart())) }
                #expect(events.parsed.first?.type == "endpoint")
            }
        }
    }

    @Test func `more streams than the limit are refused, and a closed one makes room`() async throws {
        var limits = EndpointLimits()
        limits.streams = 1
        try await Endpoint.with(limits: limits) { endpoint in
            let accept: Endpoint.Headers = [("Accept", "text/event-stream")]
            try await Self.open(endpoint) { _, _ in
                let refused = try await endpoint.send("GET", accept, path: "/sse")
                #expect(refused.status == 503)
                #expect(refused.head["retry-after"] != nil)
                #expect(refused.text.contains("limit"))
            }
            var isOpened = false
            for _ in 0..<1000 where !isOpened {
                isOpened = try await HTTPConnection.with("127.0.0.1", endpoint.port) { connection in
                    try await connection.send(HTTPCall("GET", "/sse", headers: accept))
                    return try await connection.head().status == 200
                }
            }
            #expect(isOpened)
        }
    }

    @Test func `a stop lets a call in flight answer on its stream, and then ends the stream`() async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        let release = AsyncStream.makeStream(of: Void.self)
        let tool = Tool(name: "wait", description: "Waits until it is released.") { _, _ in
            begun.continuation.yield()
            for await _ in release.stream { break }
            return .text("released")
        }
        try await Endpoint.with(tools: [tool]) { endpoint in
            try await Self.open(endpoint) { stream, target in
                _ = try await endpoint.post(Endpoint.call(1, "wait"), path: target)
                for await _ in begun.stream { break }
                await endpoint.stop()
                release.continuation.yield()
                #expect(try await Self.message(&stream)["result"]?["content"]?.array?.first?["text"] == "released")
                #expect(try await stream.next() == nil)
            }
        }
    }
}
