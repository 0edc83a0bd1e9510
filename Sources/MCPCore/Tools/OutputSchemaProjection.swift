import JSON

/// What an output schema becomes for legacy clients, which know object schemas only: an object whose one property `result` is
/// described by the schema, with local references following it there.
enum OutputSchemaProjection {
    static func isObjectSchema(_ schema: JSONValue) -> Bool {
        schema["type"]?.string == "object"
    }

    static func legacy(_ schema: JSONValue) -> JSONValue {
        guard !isObjectSchema(schema) else { return schema }
        var wrapped: JSONObject = ["type": "object"]
        var inner = schema
        if case .object(var object) = schema {
            // The dialect is declared at the root of a document.
            if let dialect = object["$schema"] {
                wrapped["$schema"] = dialect
                object["$schema"] = nil
            }
            inner = .object(object)
        }
        wrapped["properties"] = ["result": moved(inner)]
        wrapped["required"] = ["result"]
        return .object(wrapped)
    }

    /// The schema with its local pointers rewritten. One with an `$id` is a document of its own: its pointers stay.
    private static func moved(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .object(let object):
            guard object["$id"] == nil else { return schema }
            return .object(JSONObject(object.members.map { .init(key: $0.key, value: moved($0.value, under: $0.key)) }))
        case .array(let elements):
            return .array(elements.map(moved))
        default:
            return schema
        }
    }

    private static func moved(_ value: JSONValue, under keyword: String) -> JSONValue {
        switch keyword {
        case "$ref", "$dynamicRef":
            guard let reference = value.string else { return value }
            if reference == "#" { return "#/properties/result" }
            guard reference.hasPrefix("#/") else { return value }
            return .string("#/properties/result" + reference.dropFirst())
        // Values, not schemas: a "$ref" in them is a word like any other.
        case "const", "enum", "default", "examples":
            return value
        // Maps from names to schemas: a name may look like a keyword.
        case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
            guard case .object(let object) = value else { return value }
            return .object(JSONObject(object.members.map { .init(key: $0.key, value: moved($0.value)) }))
        default:
            return moved(value)
        }
    }
}
