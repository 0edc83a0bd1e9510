import JSON
import MCPCore
import MCPTesting
import Synchronization
import Testing

@Suite struct Tools {
    static func client(_ revision: Revision, more: [Tool] = []) throws -> InProcessClient {
        try InProcessClient(try FixtureServer.make(more: more), revision: revision)
    }

    static func tool(_ name: String, in revision: Revision) async throws -> JSONValue {
        let tools = try await client(revision).request("tools/list")["tools"]?.array ?? []
        return try #require(tools.first { $0["name"]?.string == name })
    }

    @Test(arguments: Revision.allCases) func `a call without arguments is a call with none`(revision: Revision) async throws {
        #expect(try await Self.client(revision).call("greet")["content"] == [["type": "text", "text": "Hello!"]])
    }

    @Test func `a legacy result has nothing of the new envelope`() async throws {
        let result = try await Self.client(.v2025_11_25).call("greet")
        #expect(result == ["content": [["type": "text", "text": "Hello!"]]])
    }

    @Test func `a result of 2026-07-28 says that it is complete and who answers, and has no cache hint`() async throws {
        let result = try await Self.client(.v2026_07_28).call("greet")
        #expect(result["resultType"] == "complete")
        #expect(result["_meta"]?["io.modelcontextprotocol/serverInfo"]?["version"] == "1.0")
        #expect(result["ttlMs"] == nil)
    }

    static let members: [(Revision, [String])] = [
        (.v2024_11_05, ["name", "description", "inputSchema"]),
        (.v2025_03_26, ["name", "description", "inputSchema", "annotations"]),
        (.v2025_06_18, ["name", "title", "description", "inputSchema", "annotations", "outputSchema"]),
        (.v2025_11_25, ["name", "title", "description", "inputSchema", "annotations", "outputSchema"]),
        (.v2026_07_28, ["name", "title", "description", "inputSchema", "annotations", "outputSchema"]),
    ]

    @Test(arguments: members) func `a listed tool has the members that the revision knows`(revision: Revision, keys: [String]) async throws {
        #expect(try await Self.tool("add", in: revision).object?.keys == keys)
    }

    @Test func `an output schema that is no object schema is wrapped for legacy clients, and its references follow it`() async throws {
        let schema = try await Self.tool("numbers", in: .v2025_11_25)["outputSchema"]
        #expect(
            schema == [
                "type": "object",
                "properties": [
                    "result": [
                        "type": "array", "items": ["$ref": "#/properties/result/$defs/n"], "$defs": ["n": ["type": "integer"]],
                    ]
                ],
                "required": ["result"],
            ])
        #expect(try await Self.tool("numbers", in: .v2026_07_28)["outputSchema"]?["type"] == "array")
    }

    static let structured: [(Revision, JSONValue?)] = [
        (.v2024_11_05, nil), (.v2025_03_26, nil), (.v2025_06_18, ["result": [1, 2, 3]]), (.v2025_11_25, ["result": [1, 2, 3]]),
        (.v2026_07_28, [1, 2, 3]),
    ]

    @Test(arguments: structured) func `structured content takes the form that the revision knows`(revision: Revision, value: JSONValue?) async throws
    {
        let result = try await Self.client(revision).call("numbers")
        #expect(result["structuredContent"] == value)
        #expect(result["content"] == [["type": "text", "text": "[1,2,3]"]])
    }

    static let kinds: [(Revision, [String])] = [
        (.v2024_11_05, ["text", "image", "text", "resource", "text"]),
        (.v2025_03_26, ["text", "image", "audio", "resource", "text"]),
        (.v2025_06_18, ["text", "image", "audio", "resource", "resource_link"]),
        (.v2026_07_28, ["text", "image", "audio", "resource", "resource_link"]),
    ]

    @Test(arguments: kinds) func `content that a revision lacks becomes text`(revision: Revision, types: [String]) async throws {
        let content = try await Self.client(revision).call("media")["content"]?.array ?? []
        #expect(content.compactMap { $0["type"]?.string } == types)
    }

    static let complaints: [(JSONObject, String)] = [
        (["a": 1], "arguments.b is required and missing."),
        (["a": "1", "b": 1], "arguments.a must be an integer, not a string."),
        (["a": 1.5, "b": 1], "arguments.a must be an integer, not a number."),
        (["a": -1, "b": 1], "arguments.a must be at least 0, not -1."),
        (["a": 500, "b": 1], "arguments.a must be at most 100, not 500."),
        (["a": 1, "b": 1, "unit": "kg"], #"arguments.unit must be one of "m", "s"."#),
        (["a": 1, "b": 1, "note": "x"], "arguments.note must have at least 2 characters, not 1."),
        (["a": 1, "b": 1, "note": "xxxxx"], "arguments.note must have at most 4 characters, not 5."),
        (["a": 1, "b": 1, "list": [1, "x"]], "arguments.list[1] must be a number, not a string."),
        (["a": 1, "b": 1, "list": [1, 2, 3]], "arguments.list must have at most 2 elements, not 3."),
        (["a": 1, "b": 1, "c": 1], "arguments.c is not known; known are a, b, list, note, unit."),
    ]

    @Test(arguments: complaints) func `an argument that does not fit gets one sentence that names its path`(arguments: JSONObject, text: String)
        async throws
    {
        let result = try await Self.client(.v2026_07_28).call("add", arguments)
        #expect(result["isError"] == true)
        #expect(result["content"]?.array?.first?["text"] == .string("Invalid arguments for the tool add: \(text)"))
    }

    @Test(arguments: [Revision.v2025_11_25, .v2026_07_28])
    func `since 2025-11-25 the model reads what was wrong with the arguments`(revision: Revision) async throws {
        for tool in ["refuse", "add"] { #expect(try await Self.client(revision).call(tool)["isError"] == true) }
    }

    @Test(arguments: [Revision.v2024_11_05, .v2025_03_26, .v2025_06_18])
    func `before 2025-11-25 bad arguments are a protocol error`(revision: Revision) async throws {
        for tool in ["refuse", "add"] {
            let error = await #expect(throws: JSONRPCError.self) { try await Self.client(revision).call(tool) }
            #expect(error?.code == .invalidParams)
        }
    }

    @Test(arguments: Revision.allCases) func `an unknown tool and a malformed call are protocol errors everywhere`(revision: Revision) async throws {
        let calls: [JSONObject] = [["name": "nobody"], [:], ["name": 7], ["name": "greet", "arguments": [1]]]
        for params in calls {
            let error = try await Self.client(revision).exchange("tools/call", params).error
            #expect(error?["code"] == -32602)
        }
    }

    @Test func `a failure of a tool is a result that says why`() async throws {
        let result = try await Self.client(.v2025_06_18).call("fail")
        #expect(result == ["content": [["type": "text", "text": "The file is gone; import it again."]], "isError": true])
    }

    @Test func `the text of any other error stays inside, and the log gets it`() async throws {
        let heard = Mutex<[String]>([])
        let server = try FixtureServer.make(onFailure: { error, place, _ in heard.withLock { $0.append("\(place): \(error)") } })
        let result = try await InProcessClient(server).call("leak")
        #expect(result["isError"] == true)
        #expect(!result.description.contains("hunter2"))
        #expect(heard.withLock { $0 } == ["tool leak: password=hunter2"])
    }

    @Test func `a tool that breaks its output schema is an internal error`() async throws {
        let tool = Tool(name: "liar", description: "Lies.", outputSchema: ["type": "object", "required": ["x"]]) { _, _ in
            ToolResult(structuredContent: [:])
        }
        let error = await #expect(throws: JSONRPCError.self) { try await Self.client(.v2026_07_28, more: [tool]).call("liar") }
        #expect(error?.code == .internalError)
    }

    @Test func `a tool learns who asks, in which revision, and what the client can do`() async throws {
        let client = try InProcessClient(try FixtureServer.make(), revision: .v2025_03_26, capabilities: ["sampling": [:]])
        #expect(try await client.call("who")["content"]?.array?.first?["text"] == #"local 2025-03-26 {"sampling":{}}"#)
    }

    @Test(arguments: ["", "a/b", "ä", "a b", String(repeating: "x", count: 65)])
    func `a name that some client refuses is refused at registration`(name: String) {
        #expect(throws: RegistrationError.invalidName(name)) {
            try FixtureServer.make(more: [Tool(name: name, description: "d") { _, _ in .text("") }])
        }
    }

    @Test func `other bad definitions are refused at registration`() {
        func register(_ tool: Tool) throws { _ = try FixtureServer.make(more: [tool]) }
        #expect(throws: RegistrationError.duplicateName("greet")) {
            try register(Tool(name: "greet", description: "d") { _, _ in .text("") })
        }
        #expect(throws: RegistrationError.emptyDescription("t")) {
            try register(Tool(name: "t", description: " ") { _, _ in .text("") })
        }
        #expect(throws: RegistrationError.inputSchemaNotObject(tool: "t")) {
            try register(Tool(name: "t", description: "d", inputSchema: [:]) { _, _ in .text("") })
        }
        #expect(throws: RegistrationError.self) {
            try register(Tool(name: "t", description: "d", outputSchema: 7) { _, _ in .text("") })
        }
    }
}
