import Access
import JSON
import MCPCore
import MCPTesting
import Testing

@Suite struct `Questions to the client` {
    static let named: JSONValue = ["type": "object", "properties": ["name": ["type": "string"]], "required": ["name"]]

    static let greet = Tool(name: "greet_user", description: "Asks for a name.") { _, context in
        let answer = try await context.elicit("user_name", Elicitation("What is your name?", schema: named))
        return .text(answer.action == .accept ? "Hello, \(answer.content["name"]?.string ?? "")!" : "\(answer.action)")
    }

    static let steps = Tool(name: "steps_of", description: "Asks twice.") { _, context in
        let first = try await context.elicit("step1", Elicitation("Name?", schema: named)).content["name"]?.string ?? ""
        let second = try await context.sample("step2", Sampling("A colour for \(first)?", maxTokens: 10))
        return .text("\(first) \(second.text)")
    }

    static let all: JSONObject = ["elicitation": [:], "sampling": [:], "roots": [:]]
    static func accepted(_ name: String) -> JSONValue { ["action": "accept", "content": ["name": .string(name)]] }
    static func said(_ text: String) -> JSONValue {
        ["role": "assistant", "model": "m", "content": ["type": "text", "text": .string(text)]]
    }

    static func server() throws -> MCPServer { try FixtureServer.make(more: [greet, steps]) }

    @Test(arguments: [Revision.v2025_06_18, .v2025_11_25])
    func `a legacy client is asked by a request and its answer goes on in the handler`(revision: Revision) async throws {
        let client = try InProcessClient(try Self.server(), revision: revision, capabilities: Self.all) { method, params in
            #expect(method == "elicitation/create")
            #expect(params["message"] == "What is your name?")
            #expect((params["mode"] == "form") == (revision == .v2025_11_25))
            return Self.accepted("Ana")
        }
        #expect(try await client.call("greet_user")["content"]?.array?.first?["text"] == "Hello, Ana!")
    }

    @Test func `a client of the new revision gets the questions as the result, and answers with the same request`() async throws {
        let client = try InProcessClient(try Self.server(), capabilities: Self.all)
        let asked = try await client.call("greet_user")
        #expect(asked["resultType"] == "input_required")
        #expect(asked["requestState"] == nil, "a first round has nothing to keep")
        let request = asked["inputRequests"]?["user_name"]
        #expect(request?["method"] == "elicitation/create")
        #expect(request?["params"]?["requestedSchema"] == Self.named)
        let answered = try await client.request(
            "tools/call", ["name": "greet_user", "inputResponses": ["user_name": Self.accepted("Ana"), "more": 1]])
        #expect(answered["resultType"] == "complete")
        #expect(answered["content"]?.array?.first?["text"] == "Hello, Ana!")
    }

    @Test(arguments: [
        ["user_name": 12345] as JSONValue, nil, [:], ["other": ["action": "accept"]], ["user_name": ["action": "perhaps"]],
        ["user_name": ["action": "accept", "content": ["name": 7]]], ["user_name": ["action": "accept"]],
    ])
    func `an answer of no use is asked for again`(responses: JSONValue) async throws {
        let client = try InProcessClient(try Self.server(), capabilities: Self.all)
        let asked = try await client.request("tools/call", ["name": "greet_user", "inputResponses": responses])
        #expect(asked["resultType"] == "input_required")
        #expect(asked["inputRequests"]?["user_name"] != nil)
    }

    @Test func `what earlier rounds answered travels in the sealed state`() async throws {
        let client = try InProcessClient(try Self.server(), capabilities: Self.all)
        let second = try await client.request("tools/call", ["name": "steps_of", "inputResponses": ["step1": Self.accepted("Ana")]])
        #expect(second["inputRequests"]?.object?.keys == ["step2"])
        let state = try #require(second["requestState"]?.string)
        #expect(!state.contains("Ana"))
        let done = try await client.request(
            "tools/call", ["name": "steps_of", "inputResponses": ["step2": Self.said("red")], "requestState": .string(state)])
        #expect(done["content"]?.array?.first?["text"] == "Ana red")
    }

    @Test func `a state that was changed, or is another request's or another caller's, is an error`() async throws {
        let server = try Self.server()
        let client = try InProcessClient(server, capabilities: Self.all)
        let second = try await client.request("tools/call", ["name": "steps_of", "inputResponses": ["step1": Self.accepted("Ana")]])
        let state = try #require(second["requestState"]?.string)
        func send(_ state: JSONValue, _ arguments: JSONValue = [:], by client: InProcessClient) async -> Int? {
            let exchange = try? await client.exchange(
                "tools/call",
                ["name": "steps_of", "arguments": arguments, "inputResponses": ["step2": Self.said("red")], "requestState": state])
            return exchange?.error?["code"]?.integer.map(Int.init)
        }
        #expect(await send(.string(state + "-TAMPERED"), by: client) == -32602)
        #expect(await send(.string(String(state.dropLast()) + (state.last == "A" ? "B" : "A")), by: client) == -32602)
        #expect(await send(7, by: client) == -32602)
        #expect(await send(.string(state), ["x": 1], by: client) == -32602, "other arguments are another request")
        let other = try InProcessClient(server, capabilities: Self.all, principal: Principal(name: "other", scopes: []))
        #expect(await send(.string(state), by: other) == -32602)
        let elsewhere = try InProcessClient(try Self.server(), capabilities: Self.all)
        #expect(await send(.string(state), by: elsewhere) == -32602, "another server has another key")
    }

    @Test func `what the client did not declare is not asked`() async throws {
        let modern = try await InProcessClient(try Self.server(), capabilities: ["sampling": [:]]).exchange(
            "tools/call", ["name": "greet_user"])
        #expect(modern.error?["code"] == -32021)
        #expect(modern.error?["data"] == ["requiredCapabilities": ["elicitation": [:]]])
        let legacy = try InProcessClient(try Self.server(), revision: .newestLegacy)
        let answer = try await legacy.call("greet_user")
        #expect(answer["isError"] == true)
        #expect(answer["content"]?.array?.first?["text"]?.string?.contains("elicitation") == true)
    }

    @Test func `a page is asked for only where the client opens pages`() async throws {
        let tool = Tool(name: "page", description: "Asks for a page.") { _, context in
            .text("\(try await context.elicit(Elicitation("Sign in", url: "https://example.com/", id: "e1")).action)")
        }
        func asked(_ capabilities: JSONObject) async throws -> InProcessClient.Exchange {
            try await InProcessClient(try FixtureServer.make(more: [tool]), capabilities: capabilities).exchange("tools/call", ["name": "page"])
        }
        for capabilities in [["elicitation": [:]], ["elicitation": ["form": [:]]]] as [JSONObject] {
            #expect(try await asked(capabilities).error?["data"] == ["requiredCapabilities": ["elicitation": ["url": [:]]]])
        }
        let params = try await asked(["elicitation": ["url": [:]]]).result?["inputRequests"]?["elicitation"]?["params"]
        #expect(params == ["mode": "url", "message": "Sign in", "url": "https://example.com/"])
    }

    @Test func `a page that has to be opened first is said in the way of each revision`() async throws {
        let tool = Tool(name: "page_first", description: "Wants a page.") { _, _ in
            throw URLElicitationRequired(.init("Sign in", url: "https://example.com/", id: "e1"))
        }
        func exchange(_ revision: Revision, _ capabilities: JSONObject = ["elicitation": ["url": [:]]]) async throws -> InProcessClient.Exchange {
            try await InProcessClient(try FixtureServer.make(more: [tool]), revision: revision, capabilities: capabilities)
                .exchange("tools/call", ["name": "page_first"])
        }
        let error = try await exchange(.v2025_11_25).error
        #expect(error?["code"] == -32042)
        #expect(
            error?["data"] == ["elicitations": [["mode": "url", "message": "Sign in", "url": "https://example.com/", "elicitationId": "e1"]]])
        let modern = try await exchange(.newest).result
        #expect(modern?["inputRequests"]?["e1"]?["params"] == ["mode": "url", "message": "Sign in", "url": "https://example.com/"])
        #expect(try await exchange(.newest, [:]).error?["code"] == -32021)
        #expect(try await exchange(.v2025_11_25, [:]).result?["isError"] == true)
        #expect(
            try await exchange(.v2025_06_18).result?["content"]?.array?.first?["text"]?.string?.contains("https://example.com/") == true)
    }

    @Test func `decline and cancel are answers`() async throws {
        for action in ["decline", "cancel"] {
            let client = try InProcessClient(try Self.server(), capabilities: Self.all)
            let answered = try await client.request(
                "tools/call", ["name": "greet_user", "inputResponses": ["user_name": ["action": .string(action)]]])
            #expect(answered["content"]?.array?.first?["text"]?.string == action)
        }
    }

    @Test func `a prompt and a resource may ask, a list may not`() async throws {
        let server = try MCPServer(
            info: FixtureServer.info,
            resources: [
                Resource(uri: "test://asks", name: "asks") { context in
                    let roots = try await context.roots("r")
                    return [ResourceContents(uri: "test://asks", body: .text(roots.map(\.uri).joined(separator: ",")))]
                }
            ],
            prompts: [
                Prompt(name: "ask", description: "Asks.") { _, context in
                    let answer = try await context.elicit("who", Elicitation("Who?", schema: Self.named))
                    return PromptResult(messages: [PromptMessage(.user, .text(answer.content["name"]?.string ?? ""))])
                }
            ])
        let client = try InProcessClient(server, capabilities: Self.all)
        #expect(try await client.request("prompts/get", ["name": "ask"])["resultType"] == "input_required")
        let got = try await client.request("prompts/get", ["name": "ask", "inputResponses": ["who": Self.accepted("Ana")]])
        #expect(got["messages"]?.array?.first?["content"]?["text"] == "Ana")
        let read = try await client.request("resources/read", ["uri": "test://asks"])
        #expect(read["inputRequests"]?["r"] == ["method": "roots/list", "params": [:]])
        #expect(read["ttlMs"] == nil, "questions must not be cached")
        server.resources.add(source: { context in
            _ = try await context.roots()
            return []
        })
        #expect(try await client.exchange("resources/list").error?["code"] == -32603)
    }
}
