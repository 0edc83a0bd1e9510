import Access
import HTTPTypes
import JSON
import MCPCore

/// The headers by which intermediaries route requests of 2026-07-28; each must say what the body says
/// (2026-07-28, Streamable HTTP, "Standard request headers").
enum RoutingHeaders {
    /// The checks behind the metadata's own, in the order that the conformance suite pins.
    static func check(_ request: JSONRPCRequest, _ metadata: RequestMetadata, against headers: HTTPFields) throws(JSONRPCError) {
        try compare(.mcpProtocolVersion, metadata.version, headers)
        _ = try metadata.revision()
        try compare(.mcpMethod, request.method, headers)
        guard let named = name(in: request) else { return }
        try compare(.mcpName, named, headers, isEncoded: true)
    }

    /// The parameter that `Mcp-Name` repeats, for the methods that have one.
    private static func name(in request: JSONRPCRequest) -> String? {
        switch request.method {
        case "tools/call", "prompts/get": request.params["name"]?.string
        case "resources/read": request.params["uri"]?.string
        case "tasks/get", "tasks/update", "tasks/cancel": request.params["taskId"]?.string
        default: nil
        }
    }

    private static func compare(
        _ name: HTTPField.Name, _ expected: String, _ headers: HTTPFields, isEncoded: Bool = false
    ) throws(JSONRPCError) {
        guard headers[values: name].count <= 1 else {
            throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) stands there more than once.")
        }
        guard let value = headers.trimmed(name) else {
            throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) is missing; it must repeat what the body says.")
        }
        guard let decoded = isEncoded ? decode(value) : value else {
            throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) holds malformed base64.")
        }
        guard decoded == expected else {
            throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) says something else than the body.")
        }
    }

    /// The arguments of a tool call that its schema marks with `x-mcp-header`: each must stand in its header, and no header without one.
    static func checkParameters(_ request: JSONRPCRequest, of server: MCPServer, against headers: HTTPFields) throws(JSONRPCError) {
        guard request.method == "tools/call", let tool = request.params["name"]?.string else { return }
        let arguments = request.params["arguments"]?.object ?? JSONObject()
        for parameter in server.headerParameters(ofTool: tool) {
            guard let name = HTTPField.Name("Mcp-Param-\(parameter.token)") else { continue }
            guard let value = parameter.value(in: arguments) else {
                guard headers[name] == nil else {
                    throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) stands there without an argument.")
                }
                continue
            }
            // A value of another type than the schema says is the schema's business, which answers in the words of the tool.
            guard let expected = text(of: value, parameter.kind) else { continue }
            guard headers[values: name].count <= 1 else {
                throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) stands there more than once.")
            }
            guard let given = headers.trimmed(name) else {
                throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) is missing; it must repeat the argument.")
            }
            guard let decoded = decode(given) else {
                throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) holds malformed base64.")
            }
            let isEqual = parameter.kind == .integer ? Double(decoded).map { $0 == value.double } ?? false : decoded == expected
            guard isEqual else {
                throw JSONRPCError(.headerMismatch, "The header \(name.canonicalName) says something else than the argument.")
            }
        }
    }

    private static func text(of value: JSONValue, _ kind: HeaderParameter.Kind) -> String? {
        switch (kind, value) {
        case (.string, .string(let text)): text
        case (.boolean, .bool(let flag)): flag ? "true" : "false"
        case (.integer, _): value.integer.map(String.init)
        default: nil
        }
    }

    /// `=?base64?...?=` stands for text that no header can carry; anything else is itself.
    static func decode(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
        guard let bytes = Base64.standard.decode(value.dropFirst(9).dropLast(2)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
