import BinaryTesting
import JSON
import MCPCore
import MCPTesting
import Testing

/// The tool of the tutorial (WritingATool in MCPCore's documentation), as it stands there.
@Suite struct `The tool of the tutorial` {
    static let add = Tool(
        name: "add_up", description: "Adds two whole numbers.",
        inputSchema: [
            "type": "object", "properties": ["a": ["type": "integer"], "b": ["type": "integer"]], "required": ["a", "b"],
        ]
    ) { arguments, context in
        context.progress?.report(0, total: 1)
        context.log(.info, "Adding.")
        return .text("\((arguments["a"]?.integer ?? 0) &+ (arguments["b"]?.integer ?? 0))")
    }

    static let parameters = #""name":"add_up","arguments":{"a":19,"b":23}"#
    static let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{\#(parameters)}}"#

    static func sum(_ message: JSONValue) -> JSONValue? { message["result"]?["content"]?.array?.first?["text"] }

    @Test func `serves a 2024-11-05 client over HTTP+SSE`() async throws {
        try await RunningEndpoint.with(tools: [Self.add]) { endpoint in
            try await `HTTP+SSE`.open(endpoint) { stream, target in
                _ = try await endpoint.post(RunningEndpoint.initialize("2024-11-05"), path: target)
                _ = try await `HTTP+SSE`.message(&stream)
                _ = try await endpoint.post(Self.call, path: target)
                #expect(try await `HTTP+SSE`.message(&stream)["method"] == "notifications/message")
                #expect(Self.sum(try await `HTTP+SSE`.message(&stream)) == "42")
            }
        }
    }

    @Test func `serves a 2025-11-25 client over Streamable HTTP`() async throws {
        try await RunningEndpoint.with(tools: [Self.add]) { endpoint in
            let session = try await endpoint.session(.v2025_11_25)
            let answer = try await endpoint.post(Self.call, session + [("Accept", "application/json")])
            #expect(Self.sum(try answer.message()) == "42")
        }
    }

    @Test func `serves a stateless client of 2026-07-28`() async throws {
        try await RunningEndpoint.with(tools: [Self.add]) { endpoint in
            let answer = try await endpoint.post(
                RunningEndpoint.modern("tools/call", Self.parameters), RunningEndpoint.modernHeaders("tools/call", name: "add_up"))
            #expect(answer.head["content-type"] == "application/json", "nothing but the answer was asked for")
            #expect(Self.sum(try answer.message()) == "42")
        }
    }
}
