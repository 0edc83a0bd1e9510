import BinaryTesting
import JSON
import Testing

// Requirement set 2026-07-28, scored: the scenario server-stateless, check by check.
@Suite("2026-07-28: server-stateless", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct StatelessServerTests {
    typealias Shared = StatelessSharedTests

    @Test("server-stateless 1: a request without params._meta, version or capabilities is refused with 400 and -32602")
    func incompleteMetadata() async throws {
        try await Shared.with { client in
            var withoutVersion = client.meta()
            withoutVersion[Stateless.versionKey] = nil
            var withoutCapabilities = client.meta()
            withoutCapabilities[Stateless.capabilitiesKey] = nil
            let broken: [JSONValue] = [[:], ["_meta": .object(withoutVersion)], ["_meta": .object(withoutCapabilities)]]
            for (id, params) in broken.enumerated() {
                let reply = try await client.post(rpc("server/discover", params, id: .integer(Int64(id))))
                #expect(reply.status == 400, "\(params)")
                #expect(reply.code == -32602, "\(params)")
                #expect(reply.response?["id"] == .integer(Int64(id)))
            }
        }
    }

    @Test("server-stateless 1: a request without clientInfo is served")
    func withoutClientInfo() async throws {
        try await Shared.with { client in
            var meta = client.meta()
            meta[Stateless.infoKey] = nil
            let reply = try await client.post(rpc("server/discover", ["_meta": .object(meta)], id: 1))
            #expect(reply.status == 200)
            #expect(reply.result?["supportedVersions"] != nil)
        }
    }

    @Test("server-stateless 2: discover names versions, capabilities and, in _meta, the server")
    func discover() async throws {
        try await Shared.with { client in
            let result = try await client.complete("server/discover")
            #expect(result["supportedVersions"]?.array?.contains("2026-07-28") == true)
            #expect(result["capabilities"]?.object != nil)
            #expect(result["_meta"]?[Stateless.serverInfoKey]?["name"]?.string?.isEmpty == false)
            #expect(result["_meta"]?[Stateless.serverInfoKey]?["version"]?.string?.isEmpty == false)
        }
    }

    @Test("server-stateless 2: tools and prompts are advertised, and listed")
    func advertised() async throws {
        try await Shared.with { client in
            let capabilities = try await client.complete("server/discover")["capabilities"]
            for (name, method) in [("tools", "tools/list"), ("prompts", "prompts/list")] {
                #expect(capabilities?[name]?["listChanged"] == true, "\(name)")
                _ = try await client.complete(method)
            }
            #expect(capabilities?["resources"]?["subscribe"] == true)
            #expect(capabilities?["resources"]?["listChanged"] == true)
            #expect(capabilities?["completions"]?.object != nil)
            #expect(capabilities?["logging"]?.object != nil)
        }
    }

    @Test("server-stateless 3: an unknown version is refused with the ones that discover names")
    func unknownVersion() async throws {
        try await Shared.with { client in
            let known = try await client.complete("server/discover")["supportedVersions"]?.array ?? []
            let message = client.message("server/discover", meta: [Stateless.versionKey: "v999.0.0"], id: 3)
            let reply = try await client.post(message, [("MCP-Protocol-Version", "v999.0.0")])
            #expect(reply.status == 400)
            #expect(reply.code == -32022)
            let supported = try #require(reply.error?["data"]?["supported"]?.array)
            #expect(!supported.isEmpty && supported.allSatisfy(known.contains))
            #expect(reply.error?["data"]?["requested"] == "v999.0.0")
            #expect(reply.response?["id"] == 3)
        }
    }

    @Test("server-stateless 3: a header that says another version than the body is refused with 400 and -32020")
    func versionMismatch() async throws {
        try await Shared.with { client in
            let message = client.message("server/discover", meta: [Stateless.versionKey: "v999.0.0"], id: 4)
            let reply = try await client.post(message)
            #expect(reply.status == 400)
            #expect(reply.code == -32020)
            #expect(reply.response?["id"] == 4)
        }
    }

    @Test("server-stateless 4: a tool that needs sampling says so, with 400, -32021 and an object of capabilities")
    func missingCapability() async throws {
        try await Shared.with { client in
            let reply = try await client.declaring([:]).tool("test_missing_capability", [:])
            #expect(reply.status == 400)
            #expect(reply.code == -32021)
            #expect(reply.error?["data"]?["requiredCapabilities"]?["sampling"]?.object != nil)
            let listed = try await client.complete("tools/list")["tools"]?.array ?? []
            #expect(listed.contains { $0["name"] == "test_missing_capability" })
        }
    }

    @Test(
        "server-stateless 5: methods of other revisions and unknown ones are 404 and -32601",
        arguments: [
            "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "unknown/method",
        ])
    func unknownMethod(method: String) async throws {
        try await Shared.with { client in
            let reply = try await client.call(method, ["uri": "test://watched-resource", "level": "info"])
            #expect(reply.status == 404)
            #expect(reply.code == -32601)
        }
    }

    @Test("server-stateless 6: no request of the server stands on a stream")
    func noServerRequests() async throws {
        try await Shared.with { client in
            let reply = try await client.declaring(["elicitation": [:]]).tool("test_streaming_elicitation", [:])
            #expect(reply.error == nil)
            #expect(reply.messages.filter { $0["method"] != nil }.allSatisfy { $0["id"] == nil })
            #expect(reply.result != nil)
        }
    }

    @Test("server-stateless 6: nothing is logged to a request without a log level")
    func noLogs() async throws {
        try await Shared.with { client in
            let reply = try await client.tool("test_logging_tool", [:])
            #expect(reply.error == nil && !reply.contentText.isEmpty)
            #expect(reply.notifications("notifications/message").isEmpty)
        }
    }

    @Test("server-stateless 7: listen begins with its acknowledgement, and every notice carries the subscription's id")
    func listenAcknowledges() async throws {
        try await Shared.with { client in
            let id = Identifier.next()
            try await client.listen(["toolsListChanged": true], id: id) { acknowledged, stream in
                #expect(acknowledged["params"]?["notifications"] == ["toolsListChanged": true])
                _ = try await client.tool("test_trigger_tool_change", [:])
                let change = try await stream.message()
                #expect(change["method"] == "notifications/tools/list_changed")
                #expect(change["params"]?["_meta"]?[Stateless.subscriptionKey] == id)
            }
        }
    }

    @Test("server-stateless 7: a listener for prompts hears nothing of tools")
    func listenFilters() async throws {
        try await Shared.with { client in
            try await client.listen(["promptsListChanged": true]) { acknowledged, stream in
                #expect(acknowledged["params"]?["notifications"] == ["promptsListChanged": true])
                _ = try await client.tool("test_trigger_tool_change", [:])
                _ = try await client.tool("test_trigger_prompt_change", [:])
                let change = try await stream.message()
                #expect(change["method"] == "notifications/prompts/list_changed")
            }
        }
    }

    @Test("server-stateless 7: changes of both lists arrive")
    func listenToBoth() async throws {
        try await Shared.with { client in
            try await client.listen(["promptsListChanged": true, "toolsListChanged": true]) { _, stream in
                _ = try await client.tool("test_trigger_prompt_change", [:])
                _ = try await stream.message("notifications/prompts/list_changed")
                _ = try await client.tool("test_trigger_tool_change", [:])
                _ = try await stream.message("notifications/tools/list_changed")
            }
        }
    }

    @Test("server-stateless 8: errors repeat the request's id, whatever its kind")
    func errorsCarryTheID() async throws {
        try await Shared.with { client in
            for id in [JSONValue.string("an id"), .string(""), 0, -7, 9_007_199_254_740_993] {
                let unknown = try await client.call("unknown/method", id: id)
                #expect(unknown.response?["id"] == id)
                let refused = try await client.call("tools/list", id: id, [("Mcp-Method", "prompts/list")])
                #expect(refused.response?["id"] == id)
            }
        }
    }
}
