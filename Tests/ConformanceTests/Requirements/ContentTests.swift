import BinaryTesting
import JSON
import Testing

/// Section 18: what a revision can carry, and what comes in its place where it cannot.
@Suite("Content and structured output", .enabled(if: Components.requirementProbe != nil, "no RequirementProbe"))
struct ContentTests {
    static let legacy = ["2024-11-05"] + Session.streamable

    @Test("A block that a revision does not know becomes text", arguments: legacy)
    func blocks(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let content = try await session.tool("content").content
            let expected: [JSONValue] = [
                "text", "image", revision >= "2025-03-26" ? "audio" : "text", "resource", revision >= "2025-06-18" ? "resource_link" : "text",
            ]
            #expect(content.map { $0["type"] } == expected)
            #expect((content.first?["_meta"] != nil) == (revision >= "2025-06-18"))
            #expect(content.first?["annotations"]?["priority"] == 0.5)
            #expect((content.first?["annotations"]?["lastModified"] != nil) == (revision >= "2025-06-18"))
            if revision < "2025-06-18" { #expect(content.last?["text"]?.string?.contains("test://linked") == true) }
        }
    }

    @Test("A prompt's resource link becomes text too", arguments: legacy)
    func promptBlocks(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let content = try await session.call("prompts/get", ["name": "travel"]).result?["messages"]?.array?.first?["content"]
            #expect(content?["type"] == (revision >= "2025-06-18" ? "resource_link" : "text"))
        }
    }

    @Test("Lists show only the fields of the revision", arguments: legacy)
    func fields(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            func expectFields(_ element: JSONValue?, _ place: String) {
                #expect(element != nil, "\(place)")
                #expect((element?["title"] != nil) == (revision >= "2025-06-18"), "title of \(place)")
                #expect((element?["icons"] != nil) == (revision >= "2025-11-25"), "icons of \(place)")
            }
            let tools = try await session.call("tools/list").result?["tools"]?.array ?? []
            let content = tools.first { $0["name"] == "content" }
            expectFields(content, "tools")
            #expect((content?["annotations"] != nil) == (revision >= "2025-03-26"))
            #expect((content?["_meta"] != nil) == (revision >= "2025-06-18"))
            #expect((tools.first { $0["name"] == "sum" }?["outputSchema"] != nil) == (revision >= "2025-06-18"))
            #expect((tools.first { $0["name"] == "wait" }?["execution"]?["taskSupport"] == "optional") == (revision == "2025-11-25"))
            expectFields(try await session.call("resources/list").result?["resources"]?.array?.first, "resources")
            expectFields(try await session.call("resources/templates/list").result?["resourceTemplates"]?.array?.first, "templates")
            let prompt = try await session.call("prompts/list").result?["prompts"]?.array?.first
            expectFields(prompt, "prompts")
            #expect((prompt?["arguments"]?.array?.first?["title"] != nil) == (revision >= "2025-06-18"))
        }
    }

    @Test("Structured output comes from 2025-06-18 on, and as text always", arguments: legacy)
    func structured(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let reply = try await session.tool("sum", ["a": 2, "b": 3])
            #expect(try JSONReader().read(reply.contentText) == ["sum": 5])
            #expect(reply.result?["structuredContent"] == (revision >= "2025-06-18" ? ["sum": 5] : nil))
        }
    }

    @Test("A list is wrapped for legacy clients, in the schema and in the value alike", arguments: ["2025-06-18", "2025-11-25"])
    func projection(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let tools = try await session.call("tools/list").result?["tools"]?.array ?? []
            let schema = tools.first { $0["name"] == "list" }?["outputSchema"]
            #expect(schema?["type"] == "object")
            #expect(schema?["properties"]?["result"]?["type"] == "array")
            #expect(schema?["properties"]?["result"]?["items"]?["$ref"] == "#/properties/result/$defs/n")
            let reply = try await session.tool("list")
            #expect(reply.result?["structuredContent"] == ["result": [1, 2, 3]])
        }
    }

    @Test("2026-07-28: a list is a list")
    func modernList() async throws {
        try await Served.with(.requirementProbe) { server in
            let client = Stateless(server)
            let tools = try await client.complete("tools/list")["tools"]?.array ?? []
            let tool = tools.first { $0["name"] == "list" }
            #expect(tool?["outputSchema"]?["type"] == "array")
            #expect(tool?["outputSchema"]?["items"]?["$ref"] == "#/$defs/n")
            #expect(tool?["execution"] == nil)
            #expect(try await client.tool("list").result?["structuredContent"] == [1, 2, 3])
        }
    }

    @Test("A structured result that breaks its schema does not reach the client", arguments: ["2025-06-18", "2025-11-25"])
    func broken(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let reply = try await session.tool("broken")
            #expect(reply.result?["structuredContent"] == nil)
            #expect(reply.code == -32603 || reply.result?["isError"] == true)
        }
    }

    @Test("Legacy results have nothing of 2026-07-28", arguments: legacy)
    func noLeaks(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let replies = [
                try await session.call("tools/list"), try await session.call("resources/list"), try await session.call("prompts/list"),
                try await session.call("resources/templates/list"), try await session.call("resources/read", ["uri": "test://numbered/1"]),
                try await session.tool("content"), try await session.call("prompts/get", ["name": "travel"]),
            ]
            for result in replies.compactMap(\.result) + [session.welcome] {
                for name in ["resultType", "ttlMs", "cacheScope"] { #expect(result[name] == nil, "\(name)") }
                #expect(result["_meta"]?[Stateless.serverInfoKey] == nil)
            }
        }
    }
}
