import BinaryTesting
import JSON
import Testing

// Requirement set 2026-07-28, scored: the scenarios input-required-result-*.
@Suite("2026-07-28: input-required-result", .enabled(if: Components.conformanceServer != nil, "no conformance-server"))
struct InputRequiredTests {
    typealias Shared = StatelessSharedTests
    static let prefix = "test_input_required_result_"
    static let name: JSONValue = ["action": "accept", "content": ["name": "Alice"]]
    static let sample: JSONValue = [
        "role": "assistant", "content": ["type": "text", "text": "The capital of France is Paris."], "model": "test-model",
        "stopReason": "endTurn",
    ]
    static let roots: JSONValue = ["roots": [["uri": "file:///test/root", "name": "Test Root"]]]

    /// The first call of a fixture tool: it has to ask.
    static func ask(_ client: Stateless, _ tool: String) async throws -> JSONValue {
        try expectInputRequired(try await client.tool(prefix + tool, [:]))
    }

    /// The call again, with answers and the state that came with the questions.
    static func answer(_ client: Stateless, _ tool: String, _ answers: JSONValue, after asked: JSONValue) async throws -> Reply {
        var more: JSONObject = ["inputResponses": answers]
        if let state = asked["requestState"] { more["requestState"] = state }
        return try await client.tool(prefix + tool, [:], more: more)
    }

    static func expectComplete(_ reply: Reply) {
        #expect(reply.result?["resultType"] == "complete", "\(reply.text)")
        #expect(reply.result?["isError"] != true, "\(reply.text)")
        #expect(!reply.contentText.isEmpty, "\(reply.text)")
    }

    @discardableResult
    static func expectInputRequired(_ reply: Reply) throws -> JSONValue {
        let result = try #require(reply.result, "\(reply.text)")
        #expect(result["resultType"] == "input_required")
        #expect(result["inputRequests"]?.object != nil || result["requestState"]?.string != nil)
        #expect(result["ttlMs"] == nil && result["cacheScope"] == nil, "no cache hints on input_required")
        #expect(result["content"] == nil)
        for request in result["inputRequests"]?.object?.members ?? [] {
            #expect(request.value["id"] == nil && request.value["jsonrpc"] == nil)
        }
        return result
    }

    @Test("input-required-result-basic-elicitation: the tool asks for user_name, and then greets")
    func elicitation() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "elicitation")
            let request = asked["inputRequests"]?["user_name"]
            #expect(request?["method"] == "elicitation/create")
            #expect(request?["params"]?["message"] == "What is your name?")
            #expect(request?["params"]?["requestedSchema"]?["properties"]?["name"]?["type"] == "string")
            let reply = try await Self.answer(client, "elicitation", ["user_name": Self.name], after: asked)
            Self.expectComplete(reply)
            #expect(reply.contentText == "Hello, Alice!")
        }
    }

    @Test("input-required-result-basic-sampling: the tool asks for a sample, and then uses it")
    func sampling() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "sampling")
            let first = try #require(asked["inputRequests"]?.object?.members.first)
            #expect(first.key == "capital_question")
            #expect(first.value["method"] == "sampling/createMessage")
            #expect(first.value["params"]?["maxTokens"] == 100)
            let reply = try await Self.answer(client, "sampling", [first.key: Self.sample], after: asked)
            Self.expectComplete(reply)
            #expect(reply.contentText.contains("Paris"))
        }
    }

    @Test("input-required-result-basic-list-roots: the tool asks for the roots, and then names them")
    func listRoots() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "list_roots")
            let first = try #require(asked["inputRequests"]?.object?.members.first)
            #expect(first.key == "client_roots")
            #expect(first.value["method"] == "roots/list")
            let reply = try await Self.answer(client, "list_roots", [first.key: Self.roots], after: asked)
            Self.expectComplete(reply)
            #expect(reply.contentText.contains("file:///test/root") || reply.contentText.contains("Test Root"))
        }
    }

    @Test("input-required-result-request-state: question and state come, and both come back")
    func requestState() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "request_state")
            #expect(asked["inputRequests"]?["confirm"]?["method"] == "elicitation/create")
            #expect(asked["requestState"]?.string?.isEmpty == false)
            let answers: JSONValue = ["confirm": ["action": "accept", "content": ["ok": true]]]
            let reply = try await Self.answer(client, "request_state", answers, after: asked)
            Self.expectComplete(reply)
            #expect(reply.contentText.contains("state-ok"))
        }
    }

    @Test("input-required-result-multiple-input-requests: three kinds of question come at once")
    func multipleInputs() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "multiple_inputs")
            let requests = asked["inputRequests"]
            #expect(requests?["user_name"]?["method"] == "elicitation/create")
            #expect(requests?["greeting"]?["method"] == "sampling/createMessage")
            #expect(requests?["client_roots"]?["method"] == "roots/list")
            #expect(asked["requestState"]?.string?.isEmpty == false)
            let answers: JSONValue = ["user_name": Self.name, "greeting": Self.sample, "client_roots": Self.roots]
            Self.expectComplete(try await Self.answer(client, "multiple_inputs", answers, after: asked))
        }
    }

    @Test("input-required-result-multi-round: three rounds, and each has a state of its own")
    func multiRound() async throws {
        try await Shared.with { client in
            let first = try await Self.ask(client, "multi_round")
            #expect(first["inputRequests"]?["step1"]?["params"]?["message"] == "Step 1: What is your name?")
            let state = try #require(first["requestState"]?.string)
            let reply = try await Self.answer(client, "multi_round", ["step1": Self.name], after: first)
            let second = try Self.expectInputRequired(reply)
            #expect(second["inputRequests"]?["step2"]?["params"]?["message"] == "Step 2: What is your favorite color?")
            #expect(second["inputRequests"]?["step1"] == nil)
            #expect(second["requestState"]?.string != nil && second["requestState"]?.string != state)
            let answers: JSONValue = ["step2": ["action": "accept", "content": ["color": "Blue"]]]
            Self.expectComplete(try await Self.answer(client, "multi_round", answers, after: second))
        }
    }

    @Test("input-required-result-missing-input-response: a wrong key is asked again")
    func missingResponse() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "elicitation")
            let reply = try await Self.answer(client, "elicitation", ["wrong_key": Self.name], after: asked)
            let again = try Self.expectInputRequired(reply)
            #expect(again["inputRequests"]?["user_name"] != nil)
        }
    }

    @Test("input-required-result-non-tool-request: a prompt asks too")
    func prompt() async throws {
        try await Shared.with { client in
            let name: JSONValue = "test_input_required_result_prompt"
            let reply = try await client.call("prompts/get", ["name": name])
            let asked = try Self.expectInputRequired(reply)
            let request = asked["inputRequests"]?["user_context"]
            #expect(request?["method"] == "elicitation/create")
            #expect(request?["params"]?["message"] == "What context should the prompt use?")
            var params: JSONObject = [
                "name": name, "inputResponses": ["user_context": ["action": "accept", "content": ["context": "a test context"]]],
            ]
            if let state = asked["requestState"] { params["requestState"] = state }
            let result = try await client.complete("prompts/get", params)
            #expect(result["messages"]?.array?.isEmpty == false)
            #expect(result["messages"].map { "\($0)".contains("a test context") } == true)
        }
    }

    @Test("input-required-result-result-type: the type is literally input_required")
    func resultType() async throws {
        try await Shared.with { client in
            let reply = try await client.tool("test_input_required_result_elicitation", [:])
            #expect(reply.result?["resultType"] == "input_required")
        }
    }

    @Test("input-required-result-unsupported-methods: lists never ask", arguments: ["tools/list", "prompts/list"])
    func unsupportedMethods(method: String) async throws {
        try await Shared.with { client in
            let result = try await client.complete(method)
            #expect(result["inputRequests"] == nil && result["requestState"] == nil)
        }
    }

    @Test("input-required-result-tampered-state: a changed state is a protocol error")
    func tamperedState() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "tampered_state")
            #expect(asked["inputRequests"]?["confirm"] != nil)
            let state = try #require(asked["requestState"]?.string)
            let answers: JSONValue = ["confirm": ["action": "accept", "content": ["ok": true]]]
            let more: JSONObject = ["inputResponses": answers, "requestState": .string(state + "-TAMPERED")]
            let reply = try await client.tool("test_input_required_result_tampered_state", [:], more: more)
            #expect(reply.result == nil)
            #expect(reply.code == -32602)
            Self.expectComplete(try await Self.answer(client, "tampered_state", answers, after: asked))
        }
    }

    @Test("input-required-result-capability-check: only what the client declared is asked")
    func capabilityCheck() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client.declaring(["sampling": [:]]), "capabilities")
            let methods = asked["inputRequests"]?.object?.members.map { $0.value["method"] } ?? []
            #expect(methods.contains("sampling/createMessage"))
            #expect(!methods.contains("elicitation/create"))
        }
    }

    @Test("input-required-result-ignore-extra-params: answers that nobody asked for are ignored")
    func extraParams() async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "elicitation")
            let answers: JSONValue = ["user_name": Self.name, "unexpected": ["action": "accept", "content": ["x": 1]]]
            Self.expectComplete(try await Self.answer(client, "elicitation", answers, after: asked))
        }
    }

    @Test("input-required-result-validate-input: a number and null are no answers", arguments: [#"{"user_name":12345}"#, "null"])
    func validateInput(answers: String) async throws {
        try await Shared.with { client in
            let asked = try await Self.ask(client, "elicitation")
            let reply = try await Self.answer(client, "elicitation", try JSONReader().read(answers), after: asked)
            #expect(reply.result?["resultType"] != "complete", "\(reply.text)")
            #expect(reply.error != nil || reply.result?["resultType"] == "input_required")
        }
    }
}
