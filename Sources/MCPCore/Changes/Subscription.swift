import JSON

/// One `subscriptions/listen` (2026-07-28): what was asked for, and every notification that it brings. The transport writes them.
public struct Subscription: Sendable {
    private static let idKey = "io.modelcontextprotocol/subscriptionId"
    /// A filter may name so many resources, and so many tasks.
    private static let maximumNames = 1000

    private let id: RequestID
    private let info: JSONValue
    private let honoured: JSONObject
    private let changes: ChangeSubscription

    /// Subscribes before anything is written, so that no change is lost in between.
    ///
    /// - Throws: -32602 where the filter is missing or malformed, -32601 where the server has nothing to tell.
    init(_ request: JSONRPCRequest, server: MCPServer, principal: String) throws(JSONRPCError) {
        guard case .object(let filter)? = request.params["notifications"] else {
            throw JSONRPCError(.invalidParams, "subscriptions/listen needs \"notifications\", an object that says what to listen to.")
        }
        let tools = try Self.flag("toolsListChanged", filter) && !server.tools.isEmpty
        let prompts = try Self.flag("promptsListChanged", filter) && !server.prompts.isEmpty
        let resources = try Self.flag("resourcesListChanged", filter) && !server.resources.isEmpty
        let uris = server.resources.isEmpty ? [] : try Self.names("resourceSubscriptions", filter)
        let tasks = server.offersTasks ? try Self.names("taskIds", filter).filter { server.tasks.exists($0, principal: principal) } : []
        var honoured = JSONObject()
        if tools { honoured["toolsListChanged"] = true }
        if prompts { honoured["promptsListChanged"] = true }
        if resources { honoured["resourcesListChanged"] = true }
        if !uris.isEmpty { honoured["resourceSubscriptions"] = .array(uris.map(JSONValue.string)) }
        if !tasks.isEmpty { honoured["taskIds"] = .array(tasks.map(JSONValue.string)) }
        let (wantedURIs, wantedTasks) = (Set(uris), Set(tasks))
        self.honoured = honoured
        id = request.id
        info = server.info.json(for: .newest)
        changes = server.changes.subscribe(endsWhenFull: true) { change in
            switch change {
            case .tools: tools
            case .prompts: prompts
            case .resources: resources
            case .resource(let uri): wantedURIs.contains(uri)
            case .task(let id, _): wantedTasks.contains(id)
            }
        }
    }

    /// The first message of the stream, and nothing comes before it: what is really listened to.
    public var acknowledgement: JSONRPCNotification {
        notification("notifications/subscriptions/acknowledged", ["notifications": .object(honoured)])
    }

    /// Ends when the server stops or ``end()`` was called.
    public func forEach(_ body: (JSONRPCNotification) async -> Void) async {
        for await change in changes.changes { await body(notification(of: change)) }
    }

    /// Ends the stream.
    public func end() { changes.end() }

    /// The response to the listen itself, for a server that ends it (over HTTP).
    public var farewell: Response {
        Response(
            id: id,
            outcome: .success(["resultType": "complete", "_meta": [Self.idKey: id.json, RequestMetadata.serverInfoKey: info]]))
    }

    private func notification(of change: ServerChange) -> JSONRPCNotification {
        switch change {
        case .tools: notification("notifications/tools/list_changed")
        case .prompts: notification("notifications/prompts/list_changed")
        case .resources: notification("notifications/resources/list_changed")
        case .resource(let uri): notification("notifications/resources/updated", ["uri": .string(uri)])
        case .task(_, let task): notification("notifications/tasks", task)
        }
    }

    private func notification(_ method: String, _ params: JSONObject = [:]) -> JSONRPCNotification {
        var params = params
        params["_meta"] = [Self.idKey: id.json]
        return JSONRPCNotification(method: method, params: params)
    }

    private static func flag(_ key: String, _ filter: JSONObject) throws(JSONRPCError) -> Bool {
        switch filter[key] {
        case nil, .null: return false
        case .bool(let flag): return flag
        case .some: throw JSONRPCError(.invalidParams, "\"notifications.\(key)\" must be true or false.")
        }
    }

    private static func names(_ key: String, _ filter: JSONObject) throws(JSONRPCError) -> [String] {
        switch filter[key] {
        case nil, .null: return []
        case .array(let elements) where elements.count <= maximumNames && elements.allSatisfy({ $0.string != nil }):
            return elements.compactMap(\.string)
        case .some: throw JSONRPCError(.invalidParams, "\"notifications.\(key)\" must be a list of at most \(maximumNames) strings.")
        }
    }
}
