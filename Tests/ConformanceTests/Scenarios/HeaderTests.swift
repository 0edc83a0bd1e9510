import BinaryTesting
import JSON
import Testing

// Requirement set 2026-07-28, pending: routing headers.
@Suite("2026-07-28: routing headers", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct HeaderTests {
    typealias Shared = StatelessSharedTests

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var changes: HeaderChanges
    }

    @Test(
        "http-header-validation: headers that are missing or contradict the body are 400 and -32020",
        arguments: [
            Case(testDescription: "another method", changes: [("Mcp-Method", "prompts/list")]),
            Case(testDescription: "no method", changes: [("Mcp-Method", nil)]),
            Case(testDescription: "another name", changes: [("Mcp-Name", "another_tool")]),
            Case(testDescription: "no name", changes: [("Mcp-Name", nil)]),
            Case(testDescription: "the method in upper case", changes: [("Mcp-Method", "TOOLS/CALL")]),
        ])
    func refused(example: Case) async throws {
        try await Shared.with { client in
            let reply = try await client.tool("test_simple_text", [:], example.changes)
            #expect(reply.status == 400)
            #expect(reply.code == -32020)
            #expect(reply.head["content-type"]?.hasPrefix("application/json") == true)
        }
    }

    @Test(
        "http-header-validation: padded values and other spellings of a header's name are accepted",
        arguments: [
            Case(testDescription: "padding", changes: [("Mcp-Name", "   test_simple_text  ")]),
            Case(testDescription: "mcp-method", changes: [("mcp-method", "tools/call")]),
            Case(testDescription: "MCP-METHOD", changes: [("MCP-METHOD", "tools/call")]),
        ])
    func accepted(example: Case) async throws {
        try await Shared.with { client in
            let reply = try await client.tool("test_simple_text", [:], example.changes)
            #expect(reply.status == 200)
            #expect(reply.result?["isError"] != true)
        }
    }

    @Test(
        "http-custom-header-server-validation: Base64 and literals that match the argument are accepted",
        arguments: [
            ("Hello", "=?base64?SGVsbG8=?="), ("Hello", "Hello"), ("SGVsbG8=?=", "SGVsbG8=?="), ("=?base64?SGVsbG8=", "=?base64?SGVsbG8="),
        ])
    func customHeaderAccepted(argument: String, header: String) async throws {
        try await Shared.with { client in
            let reply = try await client.tool(
                "test_x_mcp_header", ["region": .string(argument)], [("Mcp-Param-Region", header)])
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.result?["isError"] != true && reply.result != nil)
        }
    }

    @Test(
        "http-custom-header-server-validation: bad padding, bad characters and a missing header are 400 and -32020",
        arguments: [("Hello", "=?base64?SGVsbG8?="), ("Hello", "=?base64?SGVs!!!bG8=?="), ("Hello", nil)])
    func customHeaderRefused(argument: String, header: String?) async throws {
        try await Shared.with { client in
            let reply = try await client.tool(
                "test_x_mcp_header", ["region": .string(argument)], [("Mcp-Param-Region", header)])
            #expect(reply.status == 400)
            #expect(reply.code == -32020)
        }
    }
}
