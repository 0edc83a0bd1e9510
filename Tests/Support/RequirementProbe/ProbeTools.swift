import JSON
import MCPCore

/// Tools that show what a revision can carry.
enum ContentTools {
    static let link = Content.resourceLink(
        ResourceLink(uri: "test://linked", name: "linked", title: "Linked", description: "What the link leads to.", mimeType: "text/plain"))

    static let all = [
        Tool(
            name: "content", title: "Content", description: "Gives every kind of content.",
            annotations: ToolAnnotations(title: "All kinds", isReadOnly: true), icons: [ProbeServer.icon], metadata: ["example.com/k": 1]
        ) { _, _ in
            let annotations = ContentAnnotations(audience: [.user], priority: 0.5, lastModified: "2025-01-12T15:00:58Z")
            return ToolResult(content: [
                Content(.text("t"), annotations: annotations, metadata: ["example.com/k": 1]),
                .image(data: "iVBORw0KGgo=", mimeType: "image/png"), .audio(data: "UklGRg==", mimeType: "audio/wav"),
                .resource(ResourceContents(uri: "test://r", mimeType: "text/plain", body: .text("r"))), link,
            ])
        },
        Tool(
            name: "sum", description: "Adds two numbers.",
            inputSchema: ["type": "object", "properties": ["a": ["type": "integer"], "b": ["type": "integer"]], "required": ["a", "b"]],
            outputSchema: ["type": "object", "properties": ["sum": ["type": "integer"]], "required": ["sum"]]
        ) { arguments, _ in
            let sum = (arguments["a"]?.integer ?? 0) &+ (arguments["b"]?.integer ?? 0)
            return ToolResult(structuredContent: ["sum": .integer(sum)])
        },
        Tool(
            name: "list", description: "Gives a list.",
            outputSchema: ["type": "array", "items": ["$ref": "#/$defs/n"], "$defs": ["n": ["type": "integer"]]]
        ) { _, _ in ToolResult(structuredContent: [1, 2, 3]) },
        Tool(
            name: "broken", description: "Breaks its own schema.",
            outputSchema: ["type": "object", "properties": ["n": ["type": "integer"]], "required": ["n"]]
        ) { _, _ in ToolResult(structuredContent: ["n": "no number"]) },
    ]
}

/// Tools that ask.
enum AskingTools {
    static let all = [
        Tool(name: "open_page", description: "Lets the user open a page.", taskSupport: .optional) { _, context in
            let answer = try await context.elicit(
                "page", Elicitation("Open the page.", url: "https://example.com/consent", id: "elicitation-1"))
            return .text("The user: \(answer.action.rawValue)")
        },
        Tool(name: "sample_with_tools", description: "Asks the model, and lends it a tool.") { _, context in
            let tool: JSONValue = ["name": "look", "inputSchema": ["type": "object"]]
            let answer = try await context.sample("model", Sampling([.init(.user, .text("Look around."))], maxTokens: 10, tools: [tool]))
            return .text("The model: \(answer.text)")
        },
        Tool(name: "ask", description: "Asks for a word.", taskSupport: .optional) { _, context in
            let schema: JSONValue = ["type": "object", "properties": ["word": ["type": "string"]], "required": ["word"]]
            let answer = try await context.elicit("word", Elicitation("Which word?", schema: schema))
            return .text("The word: \(answer.content["word"]?.string ?? answer.action.rawValue)")
        },
    ]
}
