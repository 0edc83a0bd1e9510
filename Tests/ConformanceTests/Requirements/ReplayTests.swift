import BinaryTesting
import JSON
import Testing

/// Section 18: `Last-Event-ID` (2025-11-25), and whose events it gives.
@Suite("Replay", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct ReplayTests {
    static func calling(_ session: Session, id: JSONValue) -> HTTPCall {
        session.posted(.object(rpc("tools/call", Session.toolParams("test_tool_with_progress", meta: ["progressToken": id]), id: id)))
    }

    /// Reads a POST stream until its first message, drops the connection, and gives the ids seen.
    static func cut(_ session: Session, id: JSONValue) async throws -> [String] {
        try await EventStream.with("127.0.0.1", session.port, calling(session, id: id)) { stream in
            _ = try await stream.message()
            return stream.seen.compactMap(\.id)
        }
    }

    @Test("What followed the last event is given to a client that comes back, and the stream ends after the answer")
    func resumed() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            let ids = try await Self.cut(session, id: 11)
            let rest = try await session.stream([("Last-Event-ID", try #require(ids.last))]) { try await $0.rest() }
            #expect(rest.map { $0["params"]?["progress"] } == [50, 100, nil])
            #expect(rest.last?["id"] == 11)
            #expect(rest.last?["result"]?["content"]?.array?.isEmpty == false)
        }
    }

    @Test("From the priming event everything is given, each event once and in order")
    func fromTheStart() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            let ids = try await Self.cut(session, id: 12)
            let rest = try await session.stream([("Last-Event-ID", try #require(ids.first))]) { stream in
                let messages = try await stream.rest()
                let seen = stream.seen.compactMap(\.id)
                #expect(Set(seen).count == seen.count)
                return messages
            }
            #expect(rest.map { $0["params"]?["progress"] } == [0, 50, 100, nil])
        }
    }

    @Test("Event ids are unique in a session, and a stream never gives another's events")
    func streamsApart() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            async let first = Self.cut(session, id: 21)
            async let second = Self.cut(session, id: 22)
            let ids = [try await first, try await second]
            #expect(Set(ids[0]).isDisjoint(with: ids[1]))
            for (place, id) in [JSONValue.integer(21), 22].enumerated() {
                let rest = try await session.stream([("Last-Event-ID", try #require(ids[place].first))]) { try await $0.rest() }
                #expect(rest.dropLast().allSatisfy { $0["params"]?["progressToken"] == id })
                #expect(rest.last?["id"] == id)
            }
        }
    }

    @Test("Another session never gets the events of this one")
    func sessionsApart() async throws {
        try await Served.with { server in
            let owner = try await Session.open(server.port)
            let stranger = try await Session.open(server.port)
            let id = try #require(try await Self.cut(owner, id: 31).first)
            let call = HTTPCall(
                "GET", Served.endpoint, headers: stranger.headers + [("Accept", "text/event-stream"), ("Last-Event-ID", id)])
            let reply = try await converse(call, server.port)
            #expect(reply.status == 400)
            #expect(!reply.text.contains("progress"))
            let rest = try await owner.stream([("Last-Event-ID", id)]) { try await $0.rest() }
            #expect(rest.last?["id"] == 31)
        }
    }

    @Test("An event id that is unknown is refused", arguments: ["nonsense", "-1", "x-0", "999999999999999999999-1", "x-99999999999999999999"])
    func unknownEvent(id: String) async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            let call = HTTPCall(
                "GET", Served.endpoint, headers: session.headers + [("Accept", "text/event-stream"), ("Last-Event-ID", id)])
            #expect(try await converse(call, server.port).status == 400)
        }
    }

    @Test("Nothing can be had after DELETE")
    func afterDelete() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            let id = try #require(try await Self.cut(session, id: 41).first)
            _ = try await session.end()
            let call = HTTPCall(
                "GET", Served.endpoint, headers: session.headers + [("Accept", "text/event-stream"), ("Last-Event-ID", id)])
            #expect(try await converse(call, server.port).status == 404)
        }
    }

    @Test("Revisions before 2025-11-25 get no event without data: they would read it as JSON", arguments: ["2025-03-26", "2025-06-18"])
    func noPriming(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, _ in
            let reply = try await session.tool("test_tool_with_progress", meta: ["progressToken": 1])
            #expect(reply.isStream)
            #expect(reply.events.allSatisfy { !$0.data.isEmpty })
            expectProgress(reply, token: 1)
        }
    }

    @Test("A pause is kept however early it comes")
    func earlyPause() async throws {
        try await Served.with { server in
            let session = try await Session.open(server.port)
            // The tool pauses first of all: before, while or after the stream gets its reader.
            for round in Int64(1)...20 {
                let message = rpc("tools/call", Session.toolParams("test_reconnection"), id: .integer(round))
                let paused = try await converse(session.posted(.object(message)), server.port)
                #expect(paused.response == nil && paused.events.contains { $0.retry != nil }, "call \(round): \(paused.text)")
            }
        }
    }

    @Test("A tool that pauses answers on the same connection where the client cannot come back", arguments: ["2025-03-26", "2025-06-18"])
    func noPause(revision: String) async throws {
        try await Served.session(.conformanceServer, revision) { session, _ in
            let reply = try await session.tool("test_reconnection")
            #expect(!reply.contentText.isEmpty)
        }
    }
}
