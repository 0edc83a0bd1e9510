import Access
import JSON
import MCPCore
import MCPTesting
import Testing

@Suite struct Subscriptions {
    static func request(_ filter: JSONValue?, id: RequestID = 7) -> JSONRPCRequest {
        var params: JSONObject = [
            "_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:]]
        ]
        if let filter { params["notifications"] = filter }
        return JSONRPCRequest(id: id, method: "subscriptions/listen", params: params)
    }

    static func subscribe(_ filter: JSONValue?, _ server: MCPServer, id: RequestID = 7) throws -> Subscription {
        let request = request(filter, id: id)
        return try server.subscribe(request, in: RequestContext(request, revision: .newest, principal: .local))
    }

    static func all(_ subscription: Subscription) async -> [JSONRPCNotification] {
        var heard: [JSONRPCNotification] = []
        await subscription.forEach { heard.append($0) }
        return heard
    }

    @Test func `acknowledge what they honour, bring what was asked for, and carry their id with its type`() async throws {
        let server = try Resources.server()
        let subscription = try Self.subscribe(
            ["toolsListChanged": true, "promptsListChanged": true, "resourceSubscriptions": ["test://text"]], server)
        #expect(
            subscription.acknowledgement.params["notifications"] == ["promptsListChanged": true, "resourceSubscriptions": ["test://text"]],
            "the server has no tools that could change")
        try server.prompts.add(Prompt(name: "new", description: "New.") { _, _ in PromptResult(messages: []) })
        server.resources.changed("test://other")
        server.resources.changed("test://text")
        try server.resources.add(Resource(uri: "test://new", name: "new") { _ in [] })
        server.changes.end()
        let heard = await Self.all(subscription)
        #expect(heard.map(\.method) == ["notifications/prompts/list_changed", "notifications/resources/updated"])
        #expect(heard.last?.params["uri"] == "test://text")
        for notification in heard + [subscription.acknowledgement] {
            #expect(notification.params["_meta"]?["io.modelcontextprotocol/subscriptionId"] == 7)
        }
        let farewell = try JSONReader().read(subscription.farewell.bytes)
        #expect(farewell["id"] == 7 && farewell["result"]?["resultType"] == "complete")
        #expect(farewell["result"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == 7)
    }

    @Test(arguments: [nil, 7, ["toolsListChanged": 1], ["resourceSubscriptions": "x"], ["resourceSubscriptions": [1]]] as [JSONValue?])
    func `with a filter that cannot be read are an error`(filter: JSONValue?) throws {
        #expect(throws: JSONRPCError.self) { try Self.subscribe(filter, try Resources.server()) }
    }

    @Test func `end with their reader and leave nothing behind`() async throws {
        let server = try Resources.server()
        let subscription = try Self.subscribe(["promptsListChanged": true], server)
        #expect(server.changes.subscriberCount == 1)
        subscription.end()
        #expect(await Self.all(subscription).isEmpty)
        #expect(server.changes.subscriberCount == 0)
    }

    @Test func `of a reader that is too slow end, and cost no memory`() async throws {
        let server = try Resources.server()
        let subscription = try Self.subscribe(["promptsListChanged": true], server)
        for _ in 0..<2000 { server.changes.announce(.prompts) }
        #expect(await Self.all(subscription).count == 1024)
        #expect(server.changes.subscriberCount == 0)
    }
}
