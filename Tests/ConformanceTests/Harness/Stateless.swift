import BinaryTesting
import JSON
import Testing

/// A client of 2026-07-28: each request says all about itself.
struct Stateless: Sendable {
    static let revision = "2026-07-28"
    static let prefix = "io.modelcontextprotocol/"
    static let versionKey = "\(prefix)protocolVersion"
    static let capabilitiesKey = "\(prefix)clientCapabilities"
    static let infoKey = "\(prefix)clientInfo"
    static let serverInfoKey = "\(prefix)serverInfo"
    static let subscriptionKey = "\(prefix)subscriptionId"
    static let logLevelKey = "\(prefix)logLevel"
    static let tasks = "\(prefix)tasks"

    let port: Int
    var capabilities: JSONCapabilities = ["sampling": [:], "elicitation": [:], "roots": ["listChanged": true]]

    init(port: Int) { self.port = port }
    init(_ server: Served) { port = server.port }

    /// The same client with other capabilities.
    func declaring(_ capabilities: JSONCapabilities) -> Stateless {
        var client = self
        client.capabilities = capabilities
        return client
    }

    /// The same client, which knows the tasks extension too.
    var knowingTasks: Stateless {
        var client = self
        client.capabilities["extensions"] = [Self.tasks: [:]]
        return client
    }

    func meta(_ more: JSONObject = [:]) -> JSONObject {
        var meta: JSONObject = [
            Self.versionKey: .string(Self.revision), Self.infoKey: ["name": "conformance-test-client", "version": "1.0.0"],
            Self.capabilitiesKey: .object(capabilities),
        ]
        for member in more.members { meta[member.key] = member.value }
        return meta
    }

    func message(_ method: String, _ params: JSONObject = [:], meta more: JSONObject = [:], id: JSONValue) -> JSONObject {
        var params = params
        params["_meta"] = .object(meta(more))
        return rpc(method, .object(params), id: id)
    }

    /// The routing headers that belong to a message.
    static func headers(for message: JSONObject) -> Headers {
        let method = message["method"]?.string ?? ""
        let params = message["params"]
        let name: String? =
            switch method {
            case "tools/call", "prompts/get": params?["name"]?.string
            case "resources/read": params?["uri"]?.string
            case "tasks/get", "tasks/update", "tasks/cancel": params?["taskId"]?.string
            default: nil
            }
        return Session.standard + [("MCP-Protocol-Version", revision), ("Mcp-Method", method)] + (name.map { [("Mcp-Name", $0)] } ?? [])
    }

    static func posted(_ message: JSONObject, _ changes: HeaderChanges = []) -> HTTPCall {
        Session.posted(.object(message), headers(for: message), changes)
    }

    func post(_ message: JSONObject, _ changes: HeaderChanges = []) async throws -> Reply {
        try await converse(Self.posted(message, changes), port)
    }

    func call(
        _ method: String, _ params: JSONObject = [:], meta more: JSONObject = [:], id: JSONValue = Identifier.next(), _ changes: HeaderChanges = []
    ) async throws -> Reply {
        let reply = try await post(message(method, params, meta: more, id: id), changes)
        if let response = reply.response { #expect(response["id"] == id, "\(method) answered another id: \(reply.text)") }
        #expect(reply.requests.isEmpty, "a server sends no requests in 2026-07-28")
        if reply.result != nil { #expect(reply.result?["resultType"]?.string != nil, "no resultType: \(reply.text)") }
        return reply
    }

    /// A call that has to be answered with a complete result.
    func complete(
        _ method: String, _ params: JSONObject = [:], meta more: JSONObject = [:], _ changes: HeaderChanges = []
    ) async throws -> JSONValue {
        let reply = try await call(method, params, meta: more, changes)
        guard reply.status == 200, let result = reply.result, result["resultType"] == "complete" else {
            throw TestFailure("\(method) gave no complete result but \(reply.status) \(reply.text)")
        }
        return result
    }

    func tool(
        _ name: String, _ arguments: JSONValue? = nil, more: JSONObject = [:], meta: JSONObject = [:], _ changes: HeaderChanges = []
    ) async throws -> Reply {
        var params: JSONObject = ["name": .string(name)]
        if let arguments { params["arguments"] = arguments }
        for member in more.members { params[member.key] = member.value }
        return try await call("tools/call", params, meta: meta, changes)
    }

    /// Opens a stream of changes. `body` gets the acknowledgement.
    func listen<Value: Sendable>(
        _ filter: JSONObject, id: JSONValue = Identifier.next(),
        _ body: (_ acknowledged: JSONValue, _ stream: inout EventStream) async throws -> Value
    ) async throws -> Value {
        let message = message("subscriptions/listen", ["notifications": .object(filter)], id: id)
        return try await EventStream.with("127.0.0.1", port, Self.posted(message)) { stream in
            let first = try await stream.message()
            #expect(first["method"] == "notifications/subscriptions/acknowledged")
            #expect(first["params"]?["_meta"]?[Self.subscriptionKey] == id)
            return try await body(first, &stream)
        }
    }
}
