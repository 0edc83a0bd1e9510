import BinaryTesting
import JSON
import Testing

// Requirement set 2025-11-25, scored: resources and prompts.
@Suite("2025-11-25: resource and prompt scenarios", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct StatefulResourceTests {
    @Test("resources-list: every resource has a uri and a name")
    func list() async throws {
        try await Served.session { session, _ in expectResources(try await session.call("resources/list").result) }
    }

    @Test("resources-read-text: a text resource is read")
    func readText() async throws {
        try await Served.session { session, _ in
            expectStaticText(try await session.call("resources/read", ["uri": "test://static-text"]).result)
        }
    }

    @Test("resources-read-binary: a binary resource is read")
    func readBinary() async throws {
        try await Served.session { session, _ in
            expectStaticBinary(try await session.call("resources/read", ["uri": "test://static-binary"]).result)
        }
    }

    @Test("resources-templates-read: a template gives the resource of its argument")
    func readTemplate() async throws {
        try await Served.session { session, _ in
            expectTemplate(try await session.call("resources/read", ["uri": "test://template/123/data"]).result)
        }
    }

    @Test("resources-subscribe: subscribing is no error")
    func subscribe() async throws {
        try await Served.session { session, _ in
            let reply = try await session.call("resources/subscribe", ["uri": "test://watched-resource"])
            #expect(reply.result == [:])
        }
    }

    @Test("resources-unsubscribe: unsubscribing is no error")
    func unsubscribe() async throws {
        try await Served.session { session, _ in
            _ = try await session.call("resources/subscribe", ["uri": "test://watched-resource"])
            #expect(try await session.call("resources/unsubscribe", ["uri": "test://watched-resource"]).result == [:])
        }
    }

    @Test("prompts-list: every prompt has a name and a description")
    func prompts() async throws {
        try await Served.session { session, _ in expectPrompts(try await session.call("prompts/list").result) }
    }

    @Test("prompts-get-simple: a prompt without arguments comes")
    func simplePrompt() async throws {
        try await Served.session { session, _ in
            expectSimplePrompt(try await session.call("prompts/get", ["name": "test_simple_prompt"]).result)
        }
    }

    @Test("prompts-get-with-args: both arguments stand in the prompt")
    func promptWithArguments() async throws {
        try await Served.session { session, _ in
            expectPromptWithArguments(try await session.call("prompts/get", promptWithArgumentsParams).result)
        }
    }

    @Test("prompts-get-embedded-resource: the resource stands in the prompt")
    func promptWithResource() async throws {
        try await Served.session { session, _ in
            expectPromptWithResource(try await session.call("prompts/get", promptWithResourceParams).result)
        }
    }

    @Test("prompts-get-with-image: the image stands in the prompt")
    func promptWithImage() async throws {
        try await Served.session { session, _ in
            expectPromptWithImage(try await session.call("prompts/get", ["name": "test_prompt_with_image"]).result)
        }
    }
}
