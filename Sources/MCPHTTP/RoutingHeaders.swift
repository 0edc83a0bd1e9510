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

    /// `=?base64?...?=` stands for text that no header can carry; anything else is itself.
    static func decode(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
        guard let bytes = Base64.standard.decode(value.dropFirst(9).dropLast(2)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
