import BinaryTesting
import JSON
import Testing

// Requirement set 2026-07-28, scored: what is named as in 2025-11-25.
@Suite("2026-07-28: shared scenarios", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct StatelessSharedTests {
    static func with(_ body: @escaping @Sendable (Stateless) async throws -> Void) async throws {
        try await Served.with { try await body(Stateless($0)) }
    }

    @Test("completion-complete: the values are an array")
    func completion() async throws {
        try await Self.with { client in
            let result = try await client.complete(
                "completion/complete",
                [
                    "ref": ["type": "ref/prompt", "name": "test_prompt_with_arguments"],
                    "argument": ["name": "arg1", "value": "test"],
                ])
            #expect(result["completion"]?["values"]?.array != nil)
        }
    }

    @Test("tools-list: every tool has a name, a description and a schema")
    func tools() async throws {
        try await Self.with { client in
            let result = try await client.complete("tools/list")
            try expectTools(result)
            expectHints(result)
        }
    }

    @Test("tools-call-simple-text: a text comes, without arguments in the call")
    func simpleText() async throws {
        try await Self.with { client in
            let result = try await client.complete("tools/call", ["name": "test_simple_text"])
            #expect(result["content"] == [["type": "text", "text": "This is a simple text response for testing."]])
        }
    }

    @Test("tools-call-image: an image has data and a type")
    func image() async throws {
        try await Self.with { expectImage(try await $0.tool("test_image_content").content) }
    }

    @Test("tools-call-audio: audio has data and is audio/wav")
    func audio() async throws {
        try await Self.with { expectAudio(try await $0.tool("test_audio_content").content) }
    }

    @Test("tools-call-embedded-resource: a resource has a uri, a type and a text")
    func embeddedResource() async throws {
        try await Self.with { expectEmbeddedResource(try await $0.tool("test_embedded_resource").content) }
    }

    @Test("tools-call-mixed-content: text, image and resource come together")
    func mixedContent() async throws {
        try await Self.with { expectMixedContent(try await $0.tool("test_multiple_content_types").content) }
    }

    @Test("tools-call-error: a failing tool is a complete result that says so")
    func error() async throws {
        try await Self.with { client in
            let reply = try await client.tool("test_error_handling")
            #expect(reply.error == nil && reply.status == 200)
            #expect(reply.result?["isError"] == true)
            #expect(reply.result?["resultType"] == "complete")
            #expect(reply.content.first?["text"]?.string?.isEmpty == false)
        }
    }

    @Test("tools-call-with-progress: at least three notices with the token come before the result, none falling")
    func progress() async throws {
        try await Self.with { client in
            let reply = try await client.tool("test_tool_with_progress", meta: ["progressToken": "progress-test-1"])
            expectProgress(reply)
            #expect(reply.isStream)
            #expect(reply.events.allSatisfy { $0.id == nil && $0.retry == nil }, "2026-07-28 has no event ids")
            #expect(reply.result?["resultType"] == "complete")
        }
    }

    @Test("server-sse-multiple-streams: three requests at once are all answered, in any order of the accepted types")
    func multipleStreams() async throws {
        try await Self.with { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in Int64(1000)...1002 {
                    group.addTask {
                        let reply = try await client.call(
                            "tools/list", id: .integer(id), [("Accept", "text/event-stream, application/json")])
                        #expect(reply.status == 200)
                        #expect(reply.response?["id"] == .integer(id))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("resources-list: every resource has a uri and a name")
    func resources() async throws {
        try await Self.with { client in
            let result = try await client.complete("resources/list")
            expectResources(result)
            expectHints(result)
        }
    }

    @Test("resources-read-text: a text resource is read")
    func readText() async throws {
        try await Self.with { expectStaticText(try await $0.complete("resources/read", ["uri": "test://static-text"])) }
    }

    @Test("resources-read-binary: a binary resource is read")
    func readBinary() async throws {
        try await Self.with { expectStaticBinary(try await $0.complete("resources/read", ["uri": "test://static-binary"])) }
    }

    @Test("resources-templates-read: a template gives the resource of its argument")
    func readTemplate() async throws {
        try await Self.with { expectTemplate(try await $0.complete("resources/read", ["uri": "test://template/123/data"])) }
    }

    @Test("prompts-list: every prompt has a name and a description")
    func prompts() async throws {
        try await Self.with { client in
            let result = try await client.complete("prompts/list")
            expectPrompts(result)
            expectHints(result)
        }
    }

    @Test("prompts-get-simple: a prompt without arguments comes")
    func simplePrompt() async throws {
        try await Self.with { expectSimplePrompt(try await $0.complete("prompts/get", ["name": "test_simple_prompt"])) }
    }

    @Test("prompts-get-with-args: both arguments stand in the prompt")
    func promptWithArguments() async throws {
        try await Self.with {
            expectPromptWithArguments(try await $0.complete("prompts/get", promptWithArgumentsParams.object ?? [:]))
        }
    }

    @Test("prompts-get-embedded-resource: the resource stands in the prompt")
    func promptWithResource() async throws {
        try await Self.with {
            expectPromptWithResource(try await $0.complete("prompts/get", promptWithResourceParams.object ?? [:]))
        }
    }

    @Test("prompts-get-with-image: the image stands in the prompt")
    func promptWithImage() async throws {
        try await Self.with { expectPromptWithImage(try await $0.complete("prompts/get", ["name": "test_prompt_with_image"])) }
    }

    @Test("dns-rebinding-protection: a strange Host and Origin are refused, the server's own are not")
    func dnsRebinding() async throws {
        try await Served.with { server in
            let client = Stateless(server)
            for (name, isOwn) in [("evil.example.com", false), ("localhost:\(server.port)", true)] {
                let reply = try await client.post(
                    client.message("server/discover", id: 1), [("Host", name), ("Origin", "http://\(name)")])
                if isOwn { #expect(reply.status == 200) } else { #expect((400..<500).contains(reply.status)) }
            }
        }
    }

    @Test("sep-2164-resource-not-found: an unknown resource is an error with its uri, never empty contents")
    func resourceNotFound() async throws {
        try await Self.with { client in
            let uri: JSONValue = "test://nonexistent-resource-for-conformance-testing"
            let reply = try await client.call("resources/read", ["uri": uri])
            #expect(reply.result == nil)
            #expect(reply.code == -32602)
            #expect(reply.error?["data"]?["uri"] == uri)
        }
    }

    @Test("caching: five operations and discover carry both hints")
    func caching() async throws {
        try await Self.with { client in
            for method in ["server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
                expectHints(try await client.complete(method), method)
            }
            let listed = try await client.complete("resources/list")
            let uri = try #require(listed["resources"]?.array?.first?["uri"])
            expectHints(try await client.complete("resources/read", ["uri": uri]), "resources/read")
        }
    }

    @Test("json-schema-2020-12: the schema's keywords survive the list (not scored)")
    func jsonSchema() async throws {
        try await Self.with { expectSchemaKeywords(try await $0.complete("tools/list")) }
    }
}

func expectHints(_ result: JSONValue, _ method: String = "") {
    if case .integer(let ttl)? = result["ttlMs"] { #expect(ttl >= 0) } else { Issue.record("\(method): ttlMs is no integer") }
    #expect(result["cacheScope"] == "public" || result["cacheScope"] == "private", "\(method)")
}
