import JSON
import MemoryModel
import MemoryRecall

/// The parts that the input schemas of the tools are put together from.
enum RecallSchemas {
    static func input(_ properties: [(String, JSONValue)], required: [String] = []) -> JSONValue {
        var schema: JSONObject = [
            "type": "object",
            "properties": .object(JSONObject(properties.map { JSONObject.Member(key: $0.0, value: $0.1) })),
        ]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        schema["additionalProperties"] = false
        return .object(schema)
    }

    static func text(_ description: String) -> JSONValue {
        ["type": "string", "description": .string(description)]
    }

    static func count(_ description: String, default value: Int, in range: ClosedRange<Int>) -> JSONValue {
        [
            "type": "integer", "minimum": .integer(Int64(range.lowerBound)), "maximum": .integer(Int64(range.upperBound)),
            "default": .integer(Int64(value)), "description": .string(description),
        ]
    }

    static func limit(_ value: Int) -> (String, JSONValue) {
        ("limit", count("How many messages at most.", default: value, in: Recall.limits))
    }

    static func maxTokens(_ value: Int) -> (String, JSONValue) {
        ("max_tokens", count("The budget of the answer; what does not fit comes with the cursor.", default: value, in: Recall.budgets))
    }

    static let cursor: (String, JSONValue) = ("cursor", text("`cursor` of the answer before, to go on behind it."))

    static let filters: [(String, JSONValue)] = [
        ("project", text("A directory or its last component, with all below it, or a repository (host/owner/name).")),
        ("participant", text("human, agent, tool or system, or the name of a tool or model.")),
        (
            "kind",
            [
                "type": "string", "enum": .array(MessageKind.allCases.map { .string($0.rawValue) }),
                "description": "Only messages of this kind.",
            ]
        ),
        ("conversation", text("`conversation` of any answer.")),
        ("from", text("Whose: a user, machine or agent, or user@machine.")),
        ("era", text("The name of an era.")),
        ("since", text("At or after this ISO 8601 date or time.")),
        ("until", text("Before this ISO 8601 date or time.")),
    ]
}
