package import Access
import JSON
package import MCPCore

/// A small server with one tool for each thing that a test wants to see.
package enum FixtureServer {
    package static let info = Implementation(
        name: "fixture", version: "1.0", title: "Fixture", description: "For tests.", websiteURL: "https://example.com/",
        icons: [Icon(source: "https://example.com/i.png", mimeType: "image/png", sizes: ["48x48"])])

    /// - Parameter more: tools to add to the standard ones.
    package static func make(
        more: [Tool] = [], pageSize: Int = 1000, key: ServerKey = .random(), onFailure: @escaping MCPServer.FailureReport = { _, _, _ in }
    ) throws -> MCPServer {
        try MCPServer(
            info: info, instructions: "Ask me anything.", tools: tools + more, key: key, pageSize: pageSize, onFailure: onFailure)
    }

    package static let tools: [Tool] = [
        Tool(name: "greet", description: "Says hello.") { _, _ in .text("Hello!") },
        Tool(
            name: "add", title: "Add", description: "Adds two numbers.",
            inputSchema: [
                "type": "object",
                "properties": [
                    "a": ["type": "integer", "minimum": 0, "maximum": 100], "b": ["type": "integer"],
                    "unit": ["type": "string", "enum": ["m", "s"]], "note": ["type": "string", "minLength": 2, "maxLength": 4],
                    "list": ["type": "array", "items": ["type": "number"], "maxItems": 2],
                ],
                "required": ["a", "b"], "additionalProperties": false,
            ],
            outputSchema: ["type": "object", "properties": ["sum": ["type": "integer"]], "required": ["sum"]],
            annotations: ToolAnnotations(title: "Adder", isReadOnly: true)
        ) { arguments, _ in
            let sum = (arguments["a"]?.integer ?? 0) &+ (arguments["b"]?.integer ?? 0)
            return ToolResult(content: [.text("\(sum)")], structuredContent: ["sum": .integer(sum)])
        },
        Tool(
            name: "numbers", description: "Gives a list.",
            outputSchema: ["type": "array", "items": ["$ref": "#/$defs/n"], "$defs": ["n": ["type": "integer"]]]
        ) { _, _ in ToolResult(structuredContent: [1, 2, 3]) },
        Tool(name: "media", description: "Gives every kind of content.") { _, _ in
            ToolResult(content: [
                .text("t"), .image(data: "aQ==", mimeType: "image/png"), .audio(data: "YQ==", mimeType: "audio/wav"),
                .resource(ResourceContents(uri: "test://r", mimeType: "text/plain", body: .text("r"))),
                .resourceLink(ResourceLink(uri: "test://l", name: "l")),
            ])
        },
        Tool(name: "steps", description: "Reports progress.") { _, context in
            for step in [0.0, 50, 50, 20, 100] { context.progress?.report(step, total: 100, message: "step") }
            return .text("done")
        },
        Tool(name: "refuse", description: "Dislikes its arguments.") { _, _ in throw InvalidArguments("mood must be good.") },
        Tool(name: "fail", description: "Fails with a text.") { _, _ in throw ToolFailure("The file is gone; import it again.") },
        Tool(name: "leak", description: "Fails with a secret.") { _, _ in throw Secret() },
        Tool(name: "who", description: "Says who asks.") { _, context in
            .text("\(context.principal.name) \(context.revision.rawValue) \(JSONValue.object(context.clientCapabilities))")
        },
    ]

    private struct Secret: Error, CustomStringConvertible {
        var description: String { "password=hunter2" }
    }
}
