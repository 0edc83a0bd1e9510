import BinaryTesting
import JSON
import Testing

/// Section 18: the GET stream of a session.
@Suite("The GET stream", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct StreamTests {
    @Test("Changes of the lists arrive on the GET stream", arguments: Session.streamable)
    func listChanged(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, stream in
            for (tool, method) in [("tool", "notifications/tools/list_changed"), ("prompt", "notifications/prompts/list_changed")] {
                _ = try await session.tool("test_trigger_\(tool)_change")
                let change = try await stream.message(method)
                #expect(change["id"] == nil)
                #expect(change["params"]?["_meta"]?[Stateless.subscriptionKey] == nil)
            }
        }
    }

    @Test("A subscribed resource's changes arrive, and end with the subscription", arguments: Session.streamable)
    func resourceUpdated(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, stream in
            let uri: JSONValue = "test://watched-resource"
            _ = try await session.call("resources/subscribe", ["uri": uri])
            _ = try await session.tool("test_trigger_resource_change")
            let updated = try await stream.message()
            #expect(updated["method"] == "notifications/resources/updated")
            #expect(updated["params"]?["uri"] == uri)
            _ = try await session.call("resources/unsubscribe", ["uri": uri])
            _ = try await session.tool("test_trigger_resource_change")
            _ = try await session.tool("test_trigger_tool_change")
            #expect(try await stream.message()["method"] == "notifications/tools/list_changed")
        }
    }

    @Test("A subscription holds for the GET stream that is opened after it")
    func subscribedBefore() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            _ = try await session.call("resources/subscribe", ["uri": "test://watched-resource"])
            try await session.stream { stream in
                _ = try await session.tool("test_trigger_resource_change")
                #expect(try await stream.message()["method"] == "notifications/resources/updated")
            }
        }
    }

    @Test("A session hears nothing of what another subscribed to")
    func subscriptionsOfOthers() async throws {
        try await Served.with { server in
            let subscriber = try await Session.open(server.port)
            let other = try await Session.open(server.port)
            try await subscriber.stream { subscribed in
                try await other.stream { stream in
                    _ = try await subscriber.call("resources/subscribe", ["uri": "test://watched-resource"])
                    _ = try await other.tool("test_trigger_resource_change")
                    #expect(try await subscribed.message()["method"] == "notifications/resources/updated")
                    _ = try await other.tool("test_trigger_tool_change")
                    #expect(try await stream.message()["method"] == "notifications/tools/list_changed")
                }
            }
        }
    }

    @Test("A second GET takes the place of the first, which ends")
    func secondStream() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            try await session.stream { first in
                try await session.stream { second in
                    #expect(try await first.rest().isEmpty)
                    _ = try await session.tool("test_trigger_tool_change")
                    #expect(try await second.message()["method"] == "notifications/tools/list_changed")
                }
            }
        }
    }

    @Test("The head of the GET stream comes at once, with what proxies need")
    func head() async throws {
        try await Served.session { _, stream in
            #expect(stream.head["x-accel-buffering"] == "no")
            #expect(stream.head["cache-control"]?.contains("no-cache") == true)
        }
    }

    @Test("DELETE ends the GET stream")
    func deleted() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            try await session.stream { stream in
                _ = try await session.end()
                #expect(try await stream.rest().isEmpty)
            }
        }
    }

    @Test("A quiet stream is kept alive by comments")
    func keepAlive() async throws {
        try await Served.with(.requirementProbe, ["--ping-ms", "5"]) { server in
            let session = try await Session.open(server.port)
            try await HTTPConnection.with("127.0.0.1", server.port) { connection in
                try await connection.send(
                    HTTPCall("GET", Served.endpoint, headers: session.headers + [("Accept", "text/event-stream")]))
                _ = try await connection.head()
                var events = EventParser()
                while events.comments < 3 { events.feed(try #require(try await connection.bodyPart())) }
                #expect(events.parsed.isEmpty)
            }
        }
    }
}
