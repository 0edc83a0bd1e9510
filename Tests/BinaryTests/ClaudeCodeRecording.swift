import BinaryTesting
import JSON

/// What Claude Code 2.1.330 put on the wire, recorded behind a proxy that copied bytes: headers in its order and spelling, bodies to the
/// byte. `Host` and `Content-Length` are left to the connection.
enum ClaudeCodeRecording {
    private static let agent = [("Accept-Encoding", "identity"), ("User-Agent", "claude-code/2.1.330 (sdk-cli)")]
    private static let stream = [("Accept", "text/event-stream")]
    private static let message = [("Accept", "application/json, text/event-stream"), ("Content-Type", "application/json")]

    private static let about =
        #"{"name":"claude-code","title":"Claude Code","version":"2.1.330","description":"Anthropic's agentic coding tool","websiteUrl":"https://claude.com/claude-code"}"#
    private static let capabilities = #"{"roots":{"listChanged":true},"elicitation":{"form":{},"url":{}}}"#
    private static let meta =
        #""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":"# + about
        + #","io.modelcontextprotocol/clientCapabilities":"# + capabilities

    // MARK: Type http, a server that answers the probe

    static func discover(_ path: String) -> HTTPCall {
        modern(
            path, "server/discover",
            #"{"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{"_meta":{"# + meta + "}}}")
    }

    static func listen(_ path: String) -> HTTPCall {
        modern(
            path, "subscriptions/listen",
            #"{"jsonrpc":"2.0","id":"listen:0","method":"subscriptions/listen","params":{"_meta":{"# + meta
                + #"},"notifications":{"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true}}}"#)
    }

    static func modernList(_ path: String) -> HTTPCall {
        modern(path, "tools/list", #"{"method":"tools/list","params":{"_meta":{"# + meta + #"}},"jsonrpc":"2.0","id":0}"#)
    }

    static func modernCall(_ path: String) -> HTTPCall {
        modern(
            path, "tools/call",
            #"{"method":"tools/call","params":{"name":"search_messages","arguments":{"query":"zebra","limit":3},"_meta":{"# + meta
                + #","claudecode/toolUseId":"toolu_01ABC","progressToken":3}},"jsonrpc":"2.0","id":3}"#, name: "search_messages")
    }

    private static func modern(_ path: String, _ method: String, _ body: String, name: String? = nil) -> HTTPCall {
        let call = [("mcp-method", method)] + (name.map { [("mcp-name", $0)] } ?? []) + [("mcp-protocol-version", "2026-07-28")]
        return HTTPCall(
            "POST", path, headers: message.prefix(1) + agent.prefix(1) + message.suffix(1) + agent.suffix(1) + call, body: Array(body.utf8))
    }

    // MARK: The legacy handshake, of type http pinned to it and of type sse

    static func initialize(_ target: String) -> HTTPCall {
        legacy(
            target,
            #"{"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":"# + capabilities + #","clientInfo":"# + about
                + #"},"jsonrpc":"2.0","id":0}"#, [])
    }

    static func initialized(_ target: String, session: String?) -> HTTPCall {
        legacy(target, #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, agreed(session))
    }

    static func legacyList(_ target: String, session: String?) -> HTTPCall {
        legacy(target, #"{"method":"tools/list","jsonrpc":"2.0","id":1}"#, agreed(session))
    }

    static func legacyCall(_ target: String, session: String?, id: Int = 2) -> HTTPCall {
        let body =
            #"{"method":"tools/call","params":{"name":"search_messages","arguments":{"query":"zebra","limit":3},"_meta":{"claudecode/toolUseId":"toolu_01ABC","progressToken":"#
            + "\(id)" + #"}},"jsonrpc":"2.0","id":"# + "\(id)}"
        return legacy(target, body, agreed(session))
    }

    /// The stream for the server's own messages, of type http.
    static func sessionStream(_ path: String, session: String) -> HTTPCall {
        HTTPCall("GET", path, headers: stream + agent + agreed(session))
    }

    /// What the first GET of type sse sends, and with `reopened` what a GET after a lost stream sends.
    static func streamHeaders(reopened: Bool = false) -> [(String, String)] {
        agent + (reopened ? agreed(nil) : [])
    }

    private static func agreed(_ session: String?) -> [(String, String)] {
        [("mcp-protocol-version", "2025-11-25")] + (session.map { [("mcp-session-id", $0)] } ?? [])
    }

    private static func legacy(_ target: String, _ body: String, _ more: [(String, String)]) -> HTTPCall {
        HTTPCall(
            "POST", target, headers: message.prefix(1) + agent.prefix(1) + message.suffix(1) + agent.suffix(1) + more,
            body: Array(body.utf8))
    }
}
