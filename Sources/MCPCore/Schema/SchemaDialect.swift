import JSON

/// The dialects that are read, and which keywords hold subschemas.
enum SchemaDialect {
    /// 2020-12, and what came shortly before and is read by the same rules.
    private static let known: Set<String> = [
        "json-schema.org/draft/2020-12/schema", "json-schema.org/draft/2019-09/schema", "json-schema.org/draft-07/schema",
    ]

    /// - Throws: where `$schema` names another dialect.
    static func check(_ value: JSONValue, at pointer: String) throws(JSONSchemaError) {
        guard let name = value.string else {
            throw JSONSchemaError(.malformed, at: pointer, "must be a string, not \(value.kindName)")
        }
        var address = name[...]
        for scheme in ["https://", "http://"] where address.hasPrefix(scheme) { address = address.dropFirst(scheme.count) }
        if address.hasSuffix("#") { address = address.dropLast() }
        guard address.count < name.count, known.contains(String(address)) else {
            let shown = String(String.UnicodeScalarView(name.unicodeScalars.prefix(200)))
            throw JSONSchemaError(
                .unsupportedDialect, at: pointer,
                "names the dialect \"\(shown)\", which is not supported; supported are https://json-schema.org/draft/2020-12/schema, "
                    + "and leniently 2019-09 and draft-07")
        }
    }

    /// What stands under a keyword.
    private enum Shape {
        case schema
        case list
        /// Names to schemas.
        case map
        /// `items`, which was a list up to 2019-09.
        case schemaOrList
        /// `dependencies` of draft-07: names to schemas or to lists of names.
        case mapOfSchemasOrNames
    }

    private static let shapes: [String: Shape] = [
        "$defs": .map, "definitions": .map, "properties": .map, "patternProperties": .map, "dependentSchemas": .map,
        "dependencies": .mapOfSchemasOrNames, "items": .schemaOrList, "prefixItems": .list, "allOf": .list, "anyOf": .list, "oneOf": .list,
        "additionalItems": .schema, "additionalProperties": .schema, "contains": .schema, "contentSchema": .schema, "else": .schema,
        "if": .schema, "not": .schema, "propertyNames": .schema, "then": .schema, "unevaluatedItems": .schema,
        "unevaluatedProperties": .schema,
    ]

    /// A subschema and where it stands.
    struct Child {
        let pointer: String
        let schema: JSONValue
    }

    /// The subschemas that stand directly in a schema.
    static func children(of schema: JSONObject, at pointer: String) throws(JSONSchemaError) -> [Child] {
        var children: [Child] = []
        for member in schema.members {
            guard let shape = shapes[member.key] else { continue }
            let place = JSONPointer.append(member.key, to: pointer)
            switch (shape, member.value) {
            case (.list, .array(let elements)), (.schemaOrList, .array(let elements)):
                if elements.isEmpty, shape == .list {
                    throw JSONSchemaError(.malformed, at: place, "must hold at least one schema")
                }
                for (index, element) in elements.enumerated() { children.append(Child(pointer: "\(place)/\(index)", schema: element)) }
            case (.map, .object(let entries)), (.mapOfSchemasOrNames, .object(let entries)):
                for entry in entries.members where shape == .map || entry.value.array == nil {
                    children.append(Child(pointer: JSONPointer.append(entry.key, to: place), schema: entry.value))
                }
            case (.list, _): throw JSONSchemaError(.malformed, at: place, "must be an array of schemas, not \(member.value.kindName)")
            case (.map, _), (.mapOfSchemasOrNames, _):
                throw JSONSchemaError(.malformed, at: place, "must be an object with schemas, not \(member.value.kindName)")
            case (.schema, _), (.schemaOrList, _): children.append(Child(pointer: place, schema: member.value))
            }
        }
        return children
    }
}
