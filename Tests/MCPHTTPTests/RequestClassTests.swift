import HTTPTypes
import JSON
import MCPCore
import Testing

@testable import MCPHTTP

@Suite struct RequestClassTests {
    private static let claim: JSONObject = ["_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28"]]

    private static func request(_ method: String, _ params: JSONObject = [:]) -> JSONRPCMessage {
        .request(JSONRPCRequest(id: 1, method: method, params: params))
    }

    @Test(
        arguments: [
            (request("initialize"), nil, MessageClass.initialize),
            (request("initialize"), "2025-11-25", .initialize),
            (request("initialize", claim), nil, .stateless),
            (request("tools/list", claim), nil, .stateless),
            (request("tools/list", claim), "2025-11-25", .stateless),
            (request("tools/list"), "2026-07-28", .stateless),
            (request("tools/list"), "1999-01-01", .stateless),
            (request("tools/list"), nil, .session),
            (request("tools/list"), "2025-03-26", .session),
            (.notification(JSONRPCNotification(method: "notifications/initialized")), "2026-07-28", .droppedNotification),
            (.notification(JSONRPCNotification(method: "notifications/initialized")), "1999-01-01", .unknownVersion("1999-01-01")),
            (.notification(JSONRPCNotification(method: "notifications/initialized")), nil, .session),
            (.response(JSONRPCResponse(id: 1, outcome: .success([:]))), "2026-07-28", .notStateless),
            (.response(JSONRPCResponse(id: 1, outcome: .success([:]))), "2025-06-18", .session),
            (.batch([.success(request("ping"))]), nil, .batch),
            (.batch([.success(request("ping", claim))]), nil, .notStateless),
            (.batch([.success(request("ping"))]), "2026-07-28", .notStateless),
        ] as [(JSONRPCMessage, String?, MessageClass)])
    func `a posted message goes to its era`(message: JSONRPCMessage, version: String?, expected: MessageClass) {
        #expect(MessageClass(message, version: version) == expected)
    }

    @Test(
        arguments: [
            (.get, "/mcp", ["Accept": "text/event-stream"], ChannelClass.legacySSE),
            (.get, "/", ["Accept": "text/event-stream", "MCP-Protocol-Version": "2025-11-25"], .legacySSE),
            (.get, "/mcp", ["Accept": "text/event-stream", "Mcp-Session-Id": "x"], .sessionStream),
            (.get, "/mcp", ["Accept": "text/event-stream", "MCP-Protocol-Version": "2026-07-28"], .methodNotAllowed),
            (.delete, "/mcp", ["MCP-Protocol-Version": "2026-07-28"], .methodNotAllowed),
            (.get, "/mcp", ["Accept": "text/event-stream", "MCP-Protocol-Version": "1999-01-01"], .unknownVersion),
            (.get, "/", ["Accept": "text/html"], .landing),
            (.get, "/mcp", ["Accept": "application/json"], .notAcceptable),
            (.delete, "/mcp", ["Mcp-Session-Id": "x"], .endSession),
            (.delete, "/mcp", [:], .missingSession),
        ] as [(HTTPRequest.Method, String, [String: String], ChannelClass)])
    func `a GET or DELETE goes to its era`(method: HTTPRequest.Method, path: String, headers: [String: String], expected: ChannelClass) throws {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        #expect(ChannelClass(method: method, path: path, headers: fields) == expected)
    }
}
