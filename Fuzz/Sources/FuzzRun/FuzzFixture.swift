package import JSON
package import MCPCore

/// A server in which every method has something to do, and nothing takes time.
package enum FuzzFixture {
    package static let everything: JSONObject = [
        "sampling": ["tools": [:], "context": [:]], "elicitation": ["form": [:], "url": [:]], "roots": ["listChanged": true],
        "extensions": ["io.modelcontextprotocol/tasks": [:]],
    ]

    package static func make() -> MCPServer {
        var limits = TaskLimits()
        limits.count = 8
        do throws(RegistrationError) {
            return try MCPServer(
                info: Implementation(name: "fuzz", version: "1"), instructions: "For fuzzing.", tools: tools, resources: resources,
                templates: templates, prompts: prompts, taskLimits: limits, listsTasks: true, pageSize: 2,
                // The fixture throws nothing that is not meant for clients.
                onFailure: { error, place, _ in found("\(place) failed inside of the server: \(error)") })
        } catch {
            found("the fixture does not register: \(error)")
        }
    }

    private static let tools: [Tool] = [
        Tool(name: "echo", description: "Gives its arguments back.", inputSchema: ["type": "object"]) { arguments, _ in
            ToolResult(content: [.text(JSONValue.object(arguments).description)], structuredContent: .object(arguments))
        },
        Tool(
            name: "add", description: "Has a schema with something of everything.",
            inputSchema: [
                "type": "object", "required": ["a"], "additionalProperties": false,
                "properties": [
                    "a": ["type": "integer", "minimum": 0, "maximum": 100, "multipleOf": 2, "x-mcp-header": "A"],
                    "b": ["anyOf": [["type": "string", "pattern": "^(a|b)+$", "x-unknown": 1], ["$ref": "#/$defs/list"]]],
                    "c": ["type": "string", "format": "uri", "minLength": 2, "maxLength": 40],
                    "d": ["type": "boolean", "x-mcp-header": "D"],
                ],
                "$defs": ["list": ["type": "array", "items": ["type": "number"], "maxItems": 3, "uniqueItems": true]],
            ],
            outputSchema: ["type": "object", "properties": ["sum": ["type": "integer"]], "required": ["sum"]]
        ) { arguments, _ in
            ToolResult(structuredContent: ["sum": .integer((arguments["a"]?.integer ?? 0) &+ 1)])
        },
        Tool(name: "media", description: "Gives every kind of content.") { _, context in
            context.log(.warning, "heard", logger: "fuzz")
            for step in [0.0, 1, 2] { context.progress?.report(step, total: 2, message: "step") }
            return ToolResult(content: [
                .image(data: "aQ==", mimeType: "image/png"), .audio(data: "YQ==", mimeType: "audio/wav"),
                .resource(ResourceContents(uri: "fuzz://r", mimeType: "text/plain", body: .text("r"))),
                .resourceLink(ResourceLink(uri: "fuzz://l", name: "l")),
            ])
        },
        Tool(name: "refuse", description: "Dislikes its arguments.") { _, _ in throw InvalidArguments("no.") },
        Tool(name: "ask", description: "Asks everything there is to ask.") { _, context in
            let first = try await context.ask(
                ["name": .elicitation(form), "model": .sampling(Sampling("Why?", maxTokens: 9)), "roots": .roots], state: 1)
            let second = try await context.elicit("page", Elicitation("Look", url: "https://example.com/", id: "e"))
            return .text("\(first.count) \(second.action) \(context.askedState?.description ?? "nothing")")
        },
        Tool(name: "later", description: "May become a task.", inputSchema: ["type": "object"], taskSupport: .optional) { arguments, context in
            guard arguments["ask"] != nil else { return .text("done") }
            return .text("\(try await context.elicit("name", form).content.count)")
        },
        Tool(name: "task", description: "Is always a task.", taskSupport: .required) { _, context in
            _ = try await context.sample(Sampling("Why?", maxTokens: 9))
            throw ToolFailure("It went wrong.")
        },
    ]

    private static let form = Elicitation(
        "Who?",
        schema: [
            "type": "object", "required": ["name"],
            "properties": ["name": ["type": "string", "maxLength": 9], "kind": ["type": "string", "enum": ["x", "y"]]],
        ])

    private static let resources: [Resource] = ["a", "b", "c"].map { name in
        Resource(uri: "fuzz://\(name)", name: name, description: "A resource.", mimeType: "text/plain") { _ in
            [ResourceContents(uri: "fuzz://\(name)", mimeType: "text/plain", body: .text(name))]
        }
    }

    private static let templates: [ResourceTemplate] = [
        ResourceTemplate(
            uriTemplate: "fuzz://t/{id}/{part}", name: "t", description: "A family.", mimeType: "text/plain",
            completions: ["id": { value, _, _ in Completions((0..<120).map { "\(value)\($0)" }) }]
        ) { variables, _ in
            guard variables["id"] != "0" else { return nil }
            return [ResourceContents(uri: "fuzz://t", mimeType: "text/plain", body: .text("\(variables.sorted { $0.key < $1.key })"))]
        }
    ]

    private static let prompts: [Prompt] = ["p", "q", "r"].map { name in
        Prompt(
            name: name, description: "A prompt.",
            arguments: [
                PromptArgument("one", isRequired: name == "p") { value, others, _ in Completions(["\(value)!", "\(others.count)"], total: 9) },
                PromptArgument("two"),
            ]
        ) { arguments, context in
            if name == "q" { _ = try await context.elicit("name", form) }
            return PromptResult(messages: [PromptMessage(.user, .text("\(arguments["one"] ?? "-") \(arguments["two"] ?? "-")"))])
        }
    }
}
