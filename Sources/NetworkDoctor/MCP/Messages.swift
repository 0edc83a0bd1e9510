import JSON

/// What the doctor sends over MCP: Claude Code's own messages under the doctor's name.
struct Messages: Sendable {
    /// The revisions that begin with initialize, the newest first.
    static let legacyRevisions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
    /// The revision whose transport was HTTP+SSE.
    static let streamRevision = "2024-11-05"
    static let discovery = "2026-07-28"

    /// Of the doctor.
    let version: String

    private var client: JSONValue { ["name": "magenta-doctor", "title": "magenta doctor", "version": .string(version)] }

    private var capabilities: JSONValue { ["roots": ["listChanged": true], "elicitation": ["form": [:], "url": [:]]] }

    private var meta: JSONValue {
        [
            "io.modelcontextprotocol/protocolVersion": .string(Self.discovery), "io.modelcontextprotocol/clientInfo": client,
            "io.modelcontextprotocol/clientCapabilities": capabilities,
        ]
    }

    func discover(id: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "method": "server/discover", "params": ["_meta": meta]]
    }

    func initialize(_ revision: String, id: JSONValue) -> JSONValue {
        [
            "jsonrpc": "2.0", "id": id, "method": "initialize",
            "params": ["protocolVersion": .string(revision), "capabilities": capabilities, "clientInfo": client],
        ]
    }

    let initialized: JSONValue = ["jsonrpc": "2.0", "method": "notifications/initialized"]

    func listTools(id: JSONValue, cursor: String?, isStateless: Bool) -> JSONValue {
        var params: [JSONObject.Member] = []
        if let cursor { params.append(.init(key: "cursor", value: .string(cursor))) }
        if isStateless { params.append(.init(key: "_meta", value: meta)) }
        return ["jsonrpc": "2.0", "id": id, "method": "tools/list", "params": .object(JSONObject(params))]
    }
}
