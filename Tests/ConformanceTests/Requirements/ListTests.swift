import BinaryTesting
import JSON
import Testing

/// Section 18: pagination, completion, log levels and progress.
@Suite("Lists, completion, logging", .enabled(if: Components.requirementProbe != nil, "no RequirementProbe"))
struct ListTests {
    static let lists = [("tools/list", "tools"), ("resources/list", "resources")]

    @Test("Pages follow each other to the end, and hold each element once", arguments: lists)
    func pages(method: String, key: String) async throws {
        try await Served.session(.requirementProbe, arguments: ["--page-size", "2"]) { session, _ in
            var names: [JSONValue] = []
            var cursor: JSONValue?
            var pages = 0
            repeat {
                let reply = try await session.call(method, cursor.map { ["cursor": $0] })
                let page = try #require(reply.result?[key]?.array, "\(reply.text)")
                #expect(!page.isEmpty && page.count <= 2)
                names += page.compactMap { $0["name"] }
                cursor = reply.result?["nextCursor"]
                if let cursor { #expect(cursor.string != nil) }
                pages += 1
            } while cursor != nil && pages < 100
            #expect(pages > 2)
            #expect(Set(names).count == names.count)
        }
    }

    @Test("2026-07-28: pages of one list share their cache scope", arguments: lists)
    func statelessPages(method: String, key: String) async throws {
        try await Served.with(.requirementProbe, ["--page-size", "2"]) { server in
            let client = Stateless(server)
            let first = try await client.complete(method)
            let second = try await client.complete(method, ["cursor": try #require(first["nextCursor"])])
            expectHints(first)
            expectHints(second)
            #expect(first["cacheScope"] == second["cacheScope"])
            let names = ((first[key]?.array ?? []) + (second[key]?.array ?? [])).compactMap { $0["name"] }
            #expect(Set(names).count == names.count)
        }
    }

    @Test(
        "A cursor that the list did not give is -32602",
        arguments: ["tools/list", "resources/list", "resources/templates/list", "prompts/list"],
        [JSONValue.string("nonsense"), "", "c00", "c7a7a", 5, .null])
    func badCursor(method: String, cursor: JSONValue) async throws {
        try await Served.session(.requirementProbe, arguments: ["--page-size", "1"]) { session, _ in
            let reply = try await session.call(method, ["cursor": cursor])
            #expect(reply.code == -32602, "\(reply.text)")
        }
        try await Served.with(.requirementProbe, ["--page-size", "1"]) { server in
            let reply = try await Stateless(server).call(method, ["cursor": cursor])
            #expect(reply.code == -32602 && reply.status == 200, "\(reply.text)")
        }
    }

    static func complete(_ session: Session, _ argument: JSONValue, context: JSONValue? = nil, ref: JSONValue? = nil) async throws -> Reply {
        var params: JSONObject = ["ref": ref ?? ["type": "ref/prompt", "name": "travel"], "argument": argument]
        if let context { params["context"] = context }
        return try await session.call("completion/complete", .object(params))
    }

    @Test("Completion gives at most 100 values, and says that there are more")
    func completionLimit() async throws {
        try await Served.session(.requirementProbe) { session, _ in
            let all = try await Self.complete(session, ["name": "number", "value": ""]).result?["completion"]
            #expect(all?["values"]?.array?.count == 100)
            #expect(all?["total"] == 250)
            #expect(all?["hasMore"] == true)
            let few = try await Self.complete(session, ["name": "number", "value": "24"]).result?["completion"]
            #expect(few?["values"]?.array?.count == 11)
            #expect(few?["hasMore"] != true)
        }
    }

    @Test("Completion sees the arguments that were chosen before")
    func completionContext() async throws {
        try await Served.session(.requirementProbe) { session, _ in
            let argument: JSONValue = ["name": "city", "value": "pa"]
            let alone = try await Self.complete(session, argument).result
            #expect(alone?["completion"]?["values"] == ["paris", "parma", "pau"])
            let context: JSONValue = ["arguments": ["country": "france"]]
            let chosen = try await Self.complete(session, argument, context: context).result
            #expect(chosen?["completion"]?["values"] == ["paris", "pau"])
            let template: JSONValue = ["type": "ref/resource", "uri": "test://city/{country}/{city}"]
            let ofTemplate = try await Self.complete(session, argument, context: context, ref: template).result
            #expect(ofTemplate?["completion"]?["values"] == ["paris", "pau"])
        }
    }

    @Test("Completion of something that does not exist is -32602")
    func completionErrors() async throws {
        try await Served.session(.requirementProbe) { session, _ async throws in
            let city: JSONValue = ["name": "city", "value": ""]
            #expect(try await Self.complete(session, city, ref: ["type": "ref/prompt", "name": "none"]).code == -32602)
            #expect(try await Self.complete(session, city, ref: ["type": "ref/resource", "uri": "test://none"]).code == -32602)
            #expect(try await Self.complete(session, city, ref: ["type": "ref/else"]).code == -32602)
            #expect(try await Self.complete(session, ["name": "city"]).code == -32602)
            #expect(try await Self.complete(session, ["name": "city", "value": 1]).code == -32602)
        }
    }

    // MARK: Logging

    static let levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]

    @Test("Legacy: a session hears its level and what is above", arguments: levels)
    func legacyLevel(level: String) async throws {
        try await Served.session(.requirementProbe) { session, _ in
            #expect(try await session.call("logging/setLevel", ["level": .string(level)]).result == [:])
            let reply = try await session.tool("log")
            let heard = reply.notifications("notifications/message").compactMap { $0["params"]?["level"]?.string }
            #expect(heard == Array(Self.levels.drop { $0 != level }))
            #expect(reply.notifications("notifications/message").allSatisfy { $0["params"]?["logger"] == "probe" })
        }
    }

    @Test("Legacy: a level of one session is no other's")
    func legacyLevelsApart() async throws {
        try await Served.with(.requirementProbe) { server in
            let quiet = try await Session.open(server.port)
            let loud = try await Session.open(server.port)
            _ = try await quiet.call("logging/setLevel", ["level": "emergency"])
            _ = try await loud.call("logging/setLevel", ["level": "debug"])
            #expect(try await quiet.tool("log").notifications("notifications/message").count == 1)
            #expect(try await loud.tool("log").notifications("notifications/message").count == 8)
        }
    }

    @Test("Legacy: a level that does not exist is -32602", arguments: [JSONValue.string("loud"), "", "INFO", 3, .null])
    func legacyBadLevel(level: JSONValue) async throws {
        try await Served.session(.requirementProbe) { session, _ async throws in
            #expect(try await session.call("logging/setLevel", ["level": level]).code == -32602)
        }
    }

    @Test("2026-07-28: a request hears its level and what is above, on its own stream", arguments: levels)
    func statelessLevel(level: String) async throws {
        try await Served.with(.requirementProbe) { server in
            let reply = try await Stateless(server).tool("log", meta: [Stateless.logLevelKey: .string(level)])
            let heard = reply.notifications("notifications/message").compactMap { $0["params"]?["level"]?.string }
            #expect(heard == Array(Self.levels.drop { $0 != level }))
            #expect(reply.messages.last?["result"] != nil)
        }
    }

    @Test("2026-07-28: without a level nothing is heard, and one that does not exist is -32602")
    func statelessNoLevel() async throws {
        try await Served.with(.requirementProbe) { server async throws in
            let client = Stateless(server)
            #expect(try await client.tool("log").notifications("notifications/message").isEmpty)
            #expect(try await client.tool("log", meta: [Stateless.logLevelKey: "loud"]).code == -32602)
        }
    }

    // MARK: Progress

    @Test("Progress rises, keeps the token's kind, and does not come without a token", arguments: [JSONValue.string("t"), "", 0, 7])
    func progress(token: JSONValue) async throws {
        try await Served.session(.requirementProbe) { session, _ in
            let reply = try await session.tool("steps", meta: ["progressToken": token])
            let notices = reply.notifications("notifications/progress")
            #expect(notices.map { $0["params"]?["progress"] } == [0, 50, 100])
            #expect(notices.allSatisfy { $0["params"]?["progressToken"] == token })
            #expect(try await session.tool("steps").notifications("notifications/progress").isEmpty)
        }
    }

    @Test("Progress has a message from 2025-03-26 on", arguments: Session.streamable)
    func progressMessage(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let reply = try await session.tool("steps", meta: ["progressToken": 1])
            #expect(reply.notifications("notifications/progress").allSatisfy { $0["params"]?["message"] == "step" })
        }
    }
}
