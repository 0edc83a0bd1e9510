import BinaryTesting
import JSON
import Testing

// Requirement set 2025-11-25, scored: tools.
@Suite("2025-11-25: tool scenarios", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct StatefulToolTests {
    @Test("tools-list: every tool has a name, a description and a schema")
    func list() async throws {
        try await Served.session { session, _ in
            let reply = try await session.call("tools/list")
            try expectTools(reply.result, reply)
        }
    }

    @Test("tools-call-simple-text: a text comes, without arguments in the call")
    func simpleText() async throws {
        try await Served.session { session, _ in
            let reply = try await session.tool("test_simple_text")
            #expect(reply.content == [["type": "text", "text": "This is a simple text response for testing."]])
        }
    }

    @Test("tools-call-image: an image has data and a type")
    func image() async throws {
        try await Served.session { session, _ in expectImage(try await session.tool("test_image_content").content) }
    }

    @Test("tools-call-audio: audio has data and is audio/wav")
    func audio() async throws {
        try await Served.session { session, _ in expectAudio(try await session.tool("test_audio_content").content) }
    }

    @Test("tools-call-embedded-resource: a resource has a uri, a type and a text")
    func embeddedResource() async throws {
        try await Served.session { session, _ in expectEmbeddedResource(try await session.tool("test_embedded_resource").content) }
    }

    @Test("tools-call-mixed-content: text, image and resource come together")
    func mixedContent() async throws {
        try await Served.session { session, _ in expectMixedContent(try await session.tool("test_multiple_content_types").content) }
    }

    @Test("tools-call-with-logging: three log messages come before the result")
    func logging() async throws {
        try await Served.session { session, _ in
            #expect(try await session.call("logging/setLevel", ["level": "debug"]).result == [:])
            let reply = try await session.tool("test_tool_with_logging")
            let logged = reply.notifications("notifications/message")
            #expect(
                logged.map { $0["params"]?["data"] } == ["Tool execution started", "Tool processing data", "Tool execution completed"])
            #expect(logged.allSatisfy { $0["params"]?["level"] == "info" })
            #expect(!reply.contentText.isEmpty)
        }
    }

    @Test("tools-call-error: a failing tool is a result that says so, not a protocol error")
    func error() async throws {
        try await Served.session { session, _ in
            let reply = try await session.tool("test_error_handling")
            #expect(reply.error == nil)
            #expect(reply.result?["isError"] == true)
            #expect(reply.content.first?["text"] == "This tool intentionally returns an error for testing")
        }
    }

    @Test("tools-call-with-progress: at least three notices with the token come before the result, none falling")
    func progress() async throws {
        try await Served.session { session, _ in
            let reply = try await session.tool("test_tool_with_progress", meta: ["progressToken": "progress-test-1"])
            expectProgress(reply)
        }
    }

    @Test("tools-call-sampling: the client is asked for a sample and the result uses it")
    func sampling() async throws {
        try await Served.session { session, _ in
            let reply = try await session.tool("test_sampling", ["prompt": "Test prompt for sampling"]) { request in
                guard request["method"] == "sampling/createMessage" else { return nil }
                #expect(request["params"]?["messages"]?.array?.first?["role"] == "user")
                #expect(request["params"]?["messages"]?.array?.first?["content"]?["text"] == "Test prompt for sampling")
                #expect(request["params"]?["maxTokens"] == 100)
                return [
                    "role": "assistant", "content": ["type": "text", "text": "This is a test response from the client"],
                    "model": "test-model", "stopReason": "endTurn",
                ]
            }
            #expect(reply.requests.map { $0["method"] } == ["sampling/createMessage"])
            #expect(reply.contentText == "LLM response: This is a test response from the client")
        }
    }

    @Test("tools-call-elicitation: the client is asked to elicit and the result uses it")
    func elicitation() async throws {
        try await Served.session { session, _ in
            let reply = try await session.tool("test_elicitation", ["message": "Please provide your information"]) { request in
                #expect(request["params"]?["message"] == "Please provide your information")
                #expect(request["params"]?["requestedSchema"]?["type"] == "object")
                return ["action": "accept", "content": ["username": "testuser", "email": "test@example.com"]]
            }
            #expect(reply.requests.map { $0["method"] } == ["elicitation/create"])
            #expect(reply.contentText.contains("testuser"))
        }
    }

    @Test("elicitation-sep1034-defaults: five fields have their types and defaults")
    func elicitationDefaults() async throws {
        try await Served.session { session, _ in
            let reply = try await session.tool("test_elicitation_sep1034_defaults", [:]) { request in
                let fields = request["params"]?["requestedSchema"]?["properties"]
                let expected: [(String, JSONValue, JSONValue)] = [
                    ("name", "string", "John Doe"), ("age", "integer", 30), ("score", "number", 95.5), ("status", "string", "active"),
                    ("verified", "boolean", true),
                ]
                for (name, type, value) in expected {
                    #expect(fields?[name]?["type"] == type, "\(name)")
                    #expect(fields?[name]?["default"] == value, "\(name)")
                }
                #expect(fields?["status"]?["enum"] == ["active", "inactive", "pending"])
                // 88 stands for a number.
                let content: JSONValue = ["name": "Jane Smith", "age": 25, "score": 88, "status": "inactive", "verified": false]
                return ["action": "accept", "content": content]
            }
            #expect(reply.requests.count == 1)
            #expect(reply.contentText.contains("accept"))
            #expect(reply.result?["isError"] != true)
        }
    }

    @Test("elicitation-sep1330-enums: five forms of an enum are told apart")
    func elicitationEnums() async throws {
        try await Served.session { session, _ in
            let reply = try await session.tool("test_elicitation_sep1330_enums", [:]) { request in
                expectEnumForms(request["params"]?["requestedSchema"]?["properties"])
                let content: JSONValue = [
                    "untitledSingle": "option1", "titledSingle": "value1", "legacyEnum": "opt1", "untitledMulti": ["option1", "option2"],
                    "titledMulti": ["value1", "value2"],
                ]
                return ["action": "accept", "content": content]
            }
            #expect(reply.requests.count == 1)
            #expect(reply.contentText.contains("accept"))
            #expect(reply.result?["isError"] != true)
        }
    }

    @Test("json-schema-2020-12: the schema's keywords survive the list (not scored)")
    func jsonSchema() async throws {
        try await Served.session { session, _ in expectSchemaKeywords(try await session.call("tools/list").result) }
    }
}

private func expectEnumForms(_ fields: JSONValue?) {
    func isTitled(_ options: JSONValue?) -> Bool {
        options?.array?.isEmpty == false && options?.array?.allSatisfy { $0["const"] != nil && $0["title"] != nil } == true
    }
    let untitledSingle = fields?["untitledSingle"]
    #expect(untitledSingle?["type"] == "string" && untitledSingle?["enum"]?.array?.isEmpty == false)
    #expect(untitledSingle?["oneOf"] == nil && untitledSingle?["enumNames"] == nil)
    let titledSingle = fields?["titledSingle"]
    #expect(titledSingle?["type"] == "string" && isTitled(titledSingle?["oneOf"]) && titledSingle?["enum"] == nil)
    let legacy = fields?["legacyEnum"]
    #expect(legacy?["type"] == "string" && legacy?["enum"]?.array?.count == legacy?["enumNames"]?.array?.count)
    #expect(legacy?["enumNames"]?.array?.isEmpty == false)
    let untitledMulti = fields?["untitledMulti"]
    #expect(untitledMulti?["type"] == "array" && untitledMulti?["items"]?["type"] == "string")
    #expect(untitledMulti?["items"]?["enum"]?.array?.isEmpty == false && untitledMulti?["items"]?["anyOf"] == nil)
    let titledMulti = fields?["titledMulti"]
    #expect(titledMulti?["type"] == "array" && isTitled(titledMulti?["items"]?["anyOf"]) && titledMulti?["items"]?["enum"] == nil)
}
