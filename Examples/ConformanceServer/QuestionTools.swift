import JSON
import MCPCore

/// Tools that ask the client's user or model one thing and answer with what came back.
enum QuestionTools {
    static let all: [Tool] = [sampling, elicitation, defaults, enums, missingCapability]

    private static let sampling = Tool(
        name: "test_sampling", description: "Asks the client's model.",
        inputSchema: FormSchema.object(["prompt": ["type": "string", "description": "What the model is asked."]], required: ["prompt"])
    ) { arguments, context in
        let answer = try await context.sample("answer", Sampling(arguments["prompt"]?.string ?? "", maxTokens: 100))
        return .text("LLM response: \(answer.text)")
    }

    private static let elicitation = Tool(
        name: "test_elicitation", description: "Asks the user for a name and an address.",
        inputSchema: FormSchema.object(["message": ["type": "string", "description": "What the user reads."]], required: ["message"])
    ) { arguments, context in
        let schema = FormSchema.object(
            [
                "username": ["type": "string", "description": "The user's response."],
                "email": ["type": "string", "description": "The user's email address."],
            ], required: ["username", "email"])
        let answer = try await context.elicit("answer", Elicitation(arguments["message"]?.string ?? "", schema: schema))
        return .text("User response: \(FormSchema.text(answer))")
    }

    private static let defaults = Tool(
        name: "test_elicitation_sep1034_defaults", description: "Asks the user with a form whose fields are filled in already."
    ) { _, context in
        let answer = try await context.elicit("answer", Elicitation("Please check these values.", schema: FormSchema.defaults))
        return .text("Elicitation completed: \(FormSchema.text(answer))")
    }

    private static let enums = Tool(
        name: "test_elicitation_sep1330_enums", description: "Asks the user with a form of choices, in every way to write one."
    ) { _, context in
        let answer = try await context.elicit("answer", Elicitation("Please choose.", schema: FormSchema.enums))
        return .text("Elicitation completed: \(FormSchema.text(answer))")
    }

    /// A client that declares no sampling is refused by the library, in the way of its revision.
    private static let missingCapability = Tool(
        name: "test_missing_capability", description: "Asks the client's model, so the client needs the capability for sampling."
    ) { _, context in
        let answer = try await context.sample("answer", Sampling("Say yes.", maxTokens: 10))
        return .text("The model says: \(answer.text)")
    }
}

/// Schemas of forms and arguments.
enum FormSchema {
    static func object(_ properties: JSONValue, required: [String] = []) -> JSONValue {
        var schema: JSONObject = ["type": "object", "properties": properties]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        return .object(schema)
    }

    static func text(_ answer: ElicitationAnswer) -> String {
        "action=\(answer.action.rawValue), content=\(JSONValue.object(answer.content))"
    }

    /// SEP-1034: a default for every kind of field.
    static let defaults = object([
        "name": ["type": "string", "description": "A name.", "default": "John Doe"],
        "age": ["type": "integer", "description": "An age.", "default": 30],
        "score": ["type": "number", "description": "A score.", "default": 95.5],
        "status": ["type": "string", "description": "A status.", "enum": ["active", "inactive", "pending"], "default": "active"],
        "verified": ["type": "boolean", "description": "Whether it was verified.", "default": true],
    ])

    /// SEP-1330: one or several of a list, with titles and without, and the form from before them.
    static let enums = object([
        "untitledSingle": ["type": "string", "enum": ["option1", "option2", "option3"]],
        "titledSingle": ["type": "string", "oneOf": titled],
        "legacyEnum": ["type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"]],
        "untitledMulti": ["type": "array", "items": ["type": "string", "enum": ["option1", "option2", "option3"]]],
        "titledMulti": ["type": "array", "items": ["anyOf": titled]],
    ])

    private static let titled: JSONValue = [
        ["const": "value1", "title": "First Option"], ["const": "value2", "title": "Second Option"], ["const": "value3", "title": "Third Option"],
    ]
}
