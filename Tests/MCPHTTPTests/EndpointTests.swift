import BinaryTesting
import JSON
import MCPCore
import MCPHTTP
import MCPTesting
import Testing

@Suite struct `A proxy's prefix` {
    @Test(arguments: [
        ("https://a.example/mcp", ""), ("https://a.example/memory/mcp", "/memory"), ("https://a.example/memory/mcp/", "/memory"),
        ("https://a.example", ""), ("https://a.example/", ""), ("https://a.example/x/sse?y#z", "/x"), ("https://a.example/x", "/x"),
        ("none", ""),
    ]) func `is what stands before the path that is served`(url: String, prefix: String) {
        #expect(MCPEndpoint.pathPrefix(of: url) == prefix)
    }
}

@Suite struct `The endpoint` {
    typealias Endpoint = RunningEndpoint

    @Test func `a message that is posted to a wrong path gets the right one in words, and not 404`() async throws {
        try await Endpoint.with { endpoint in
            let lost = try await endpoint.post(Endpoint.initialize("2025-11-25"), path: "/v1/mcp")
            #expect(lost.status == 400)
            #expect(lost.text.contains("/mcp"))
            #expect(try await endpoint.send("GET", path: "/favicon.ico").status == 404)
        }
    }

    @Test func `a session and stateless requests live side by side`() async throws {
        try await Endpoint.with { endpoint in
            let session = try await endpoint.session(.v2025_06_18)
            let stateless = try await endpoint.post(
                Endpoint.modern("tools/call", #""name":"who""#), Endpoint.modernHeaders("tools/call", name: "who") + [session[0]])
            #expect(try stateless.message()["result"]?["content"]?.array?.first?["text"] == "anonymous 2026-07-28 {}")
            #expect(stateless.head["mcp-session-id"] == nil)
            #expect(try await endpoint.post(Endpoint.call(1), session).status == 200)
        }
    }

    @Test func `a body over the limit is refused by its size`() async throws {
        var limits = EndpointLimits()
        limits.bodyBytes = 1000
        let answer = try await Endpoint.with(limits: limits) { endpoint in
            try await endpoint.post(#"{"jsonrpc":"2.0","id":1,"method":"\#(String(repeating: "x", count: 2000))"}"#)
        }
        #expect(answer.status == 413)
        #expect(answer.text.contains("1000"))
    }

    @Test func `a body that nests deeper than the limit is refused by its depth`() async throws {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        let answer = try await Endpoint.with {
            try await $0.post(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":\#(deep)}}"#)
        }
        #expect(answer.status == 400)
        #expect(answer.text.contains("64"))
    }

    @Test func `progress in a session comes as events before the answer`() async throws {
        try await Endpoint.with { endpoint in
            let session = try await endpoint.session(.v2025_06_18)
            let answer = try await endpoint.post(Endpoint.call(1, "steps", meta: #"{"progressToken":"p"}"#), session)
            #expect(answer.head["content-type"] == "text/event-stream")
            var events = EventParser()
            events.feed(answer.body)
            #expect(try events.parsed.map { try JSONReader().read($0.data)["params"]?["progress"] } == [0, 50, 100, nil])
        }
    }

    @Test func `a client that reads JSON alone gets the answer without the progress`() async throws {
        try await Endpoint.with { endpoint in
            let session = try await endpoint.session(.v2025_06_18)
            let answer = try await endpoint.post(
                Endpoint.call(1, "steps", meta: #"{"progressToken":"p"}"#), session + [("Accept", "application/json")])
            #expect(answer.head["content-type"] == "application/json")
            #expect(try answer.message()["id"] == 1)
        }
    }
}
