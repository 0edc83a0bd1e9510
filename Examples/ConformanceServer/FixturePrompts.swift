import JSON
import MCPCore

/// What users may choose.
enum FixturePrompts {
    static let all: [Prompt] = [simple, withArguments, withResource, withImage, asking]

    private static let simple = Prompt(name: "test_simple_prompt", description: "One message, and nothing to fill in.") { _, _ in
        PromptResult(messages: [PromptMessage(.user, .text("This is a simple prompt for testing."))])
    }

    private static let withArguments = Prompt(
        name: "test_prompt_with_arguments", description: "Repeats two arguments.",
        arguments: [
            PromptArgument("arg1", description: "The first of them.", isRequired: true) { value, _, _ in
                Completions(["test", "testing", "tested", "other"].filter { $0.hasPrefix(value) })
            },
            PromptArgument("arg2", description: "The second of them.", isRequired: true),
        ]
    ) { arguments, _ in
        let text = "Prompt with arguments: arg1='\(arguments["arg1"] ?? "")', arg2='\(arguments["arg2"] ?? "")'"
        return PromptResult(messages: [PromptMessage(.user, .text(text))])
    }

    private static let withResource = Prompt(
        name: "test_prompt_with_embedded_resource", description: "Brings a resource along.",
        arguments: [PromptArgument("resourceUri", description: "The URI that the resource is given.", isRequired: true)]
    ) { arguments, _ in
        let resource = ResourceContents(
            uri: arguments["resourceUri"] ?? "", mimeType: "text/plain", body: .text("Embedded resource content for testing."))
        return PromptResult(messages: [
            PromptMessage(.user, .resource(resource)), PromptMessage(.user, .text("Please process the embedded resource above.")),
        ])
    }

    private static let withImage = Prompt(name: "test_prompt_with_image", description: "Brings a picture along.") { _, _ in
        PromptResult(messages: [
            PromptMessage(.user, .image(data: SampleMedia.png, mimeType: "image/png")),
            PromptMessage(.user, .text("Please analyze the image above.")),
        ])
    }

    /// A prompt asks like a tool.
    private static let asking = Prompt(
        name: "test_input_required_result_prompt", description: "Asks for a context and uses it."
    ) { _, context in
        let schema = FormSchema.object(["context": ["type": "string"]], required: ["context"])
        let answer = try await context.elicit("user_context", Elicitation("What context should the prompt use?", schema: schema))
        let text = "Please answer in this context: \(answer.content["context"]?.string ?? "none in particular")"
        return PromptResult(description: "A prompt with the user's context", messages: [PromptMessage(.user, .text(text))])
    }
}
