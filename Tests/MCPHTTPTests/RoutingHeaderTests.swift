import HTTPTypes
import JSON
import MCPCore
import Testing

@testable import MCPHTTP

@Suite struct RoutingHeaderTests {
    private func check(_ headers: [(String, String)], tool: String = "find", version: String = "2026-07-28") throws -> ErrorCode? {
        let request = JSONRPCRequest(
            id: 1, method: "tools/call",
            params: [
                "name": .string(tool),
                "_meta": [
                    "io.modelcontextprotocol/protocolVersion": .string(version), "io.modelcontextprotocol/clientCapabilities": [:],
                ],
            ])
        var fields = HTTPFields()
        for (name, value) in headers { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        let metadata = try RequestMetadata(readingFrom: request.params)
        do throws(JSONRPCError) {
            try RoutingHeaders.check(request, metadata, against: fields)
            return nil
        } catch {
            return error.code
        }
    }

    private let version = ("MCP-Protocol-Version", "2026-07-28")
    private let method = ("Mcp-Method", "tools/call")

    @Test func `headers that repeat the body pass, white space around them too`() throws {
        #expect(try check([version, method, ("Mcp-Name", "find")]) == nil)
        #expect(try check([version, method, ("mcp-name", "  find\t")]) == nil)
        #expect(try check([version, method, ("Mcp-Name", "=?base64?w7xiZXI=?=")], tool: "über") == nil)
    }

    @Test func `a header that is missing, differs, stands twice or holds malformed base64 is a mismatch`() throws {
        #expect(try check([method, ("Mcp-Name", "find")]) == .headerMismatch)
        #expect(try check([version, ("Mcp-Name", "find")]) == .headerMismatch)
        #expect(try check([version, method]) == .headerMismatch)
        #expect(try check([version, method, ("Mcp-Name", "FIND")]) == .headerMismatch)
        #expect(try check([version, method, ("Mcp-Name", "find"), ("Mcp-Name", "find")]) == .headerMismatch)
        for malformed in ["SGVsbG8", "SGVsbG9=", "SGV!bG8=", "SGVs bG8="] {
            let code = try check([version, method, ("Mcp-Name", "=?base64?\(malformed)?=")], tool: "Hello")
            #expect(code == .headerMismatch)
        }
        #expect(try check([("MCP-Protocol-Version", "2025-11-25"), method, ("Mcp-Name", "find")]) == .headerMismatch)
    }

    @Test func `a version that header and body agree on and nobody serves is unsupported`() throws {
        #expect(try check([("MCP-Protocol-Version", "2027-01-01"), method, ("Mcp-Name", "find")], version: "2027-01-01") == .unsupportedVersion)
    }
}
