import JSON
import Testing

@testable import MCPCore

@Suite struct `Schema references` {
    static let positive: JSONValue = ["type": "integer", "minimum": 1]

    static let local: [JSONValue] = [
        ["$ref": "#/$defs/n", "$defs": ["n": positive]],
        ["$ref": "#/definitions/n", "definitions": ["n": positive]],
        ["$ref": "#/$defs/a~1b~0c%20d", "$defs": ["a/b~c d": positive]],
        ["$ref": "#n", "$defs": ["x": ["$anchor": "n", "type": "integer", "minimum": 1]]],
        ["$ref": "#n", "definitions": ["x": ["$id": "#n", "type": "integer", "minimum": 1]]],
        ["allOf": [true, positive], "anyOf": [["$ref": "#/allOf/1"]]],
        ["$id": "https://example.com/a.json", "$ref": "https://example.com/a.json#/$defs/n", "$defs": ["n": positive]],
        ["$id": "https://example.com/x/a.json", "$ref": "../b.json", "$defs": ["b": ["$id": "/b.json", "type": "integer", "minimum": 1]]],
        ["$ref": "part.json#/$defs/n", "$defs": ["p": ["$id": "part.json", "$defs": ["n": positive]]]],
        ["$ref": "urn:example:n", "$defs": ["n": ["$id": "urn:example:n", "type": "integer", "minimum": 1]]],
        // Within a part with its own id, pointers begin at that part.
        ["$ref": "p", "$defs": ["p": ["$id": "p", "$ref": "#/$defs/n", "$defs": ["n": positive]], "n": false]],
        // Into a keyword that is not known.
        ["$ref": "#/x-types/n", "x-types": ["n": positive]],
        ["$dynamicRef": "#n", "$defs": ["n": ["$dynamicAnchor": "n", "type": "integer", "minimum": 1]]],
        ["$dynamicRef": "#/$defs/n", "$defs": ["n": positive]],
        ["$ref": "#/$defs/a", "$defs": ["a": ["$ref": "#/$defs/b"], "b": ["$ref": "#/$defs/n"], "n": positive]],
    ]

    @Test(arguments: local) func `a reference inside of the document is followed`(schema: JSONValue) throws {
        #expect(try complaint(schema, about: 1) == nil)
        #expect(try complaint(schema, about: 0) == "arguments must be at least 1, not 0.")
    }

    @Test func `keywords beside a reference count`() throws {
        #expect(try complaint(["$ref": "#/$defs/n", "maximum": 3, "$defs": ["n": Self.positive]], about: 4) == "arguments must be at most 3, not 4.")
    }

    @Test func `a reference as a value or a name is none`() throws {
        #expect(try fits(["const": ["$ref": "#/nowhere"]], ["$ref": "#/nowhere"]))
        #expect(try complaint(["properties": ["$ref": ["type": "string"]]], about: ["$ref": 1]) == "arguments.$ref must be a string, not a number.")
    }

    static let outside: [(String, String)] = [
        ("https://example.com/other.json", "outside of the schema; nothing is fetched"),
        ("file:///etc/passwd", "outside of the schema; nothing is fetched"),
        ("other.json#/$defs/n", "outside of the schema; nothing is fetched"),
        ("https://json-schema.org/draft/2020-12/schema", "outside of the schema; nothing is fetched"),
        ("#/$defs/absent", "which the schema does not have"), ("#absent", "which the schema does not have"),
        ("#/$defs/n/type", "which the schema does not have"), ("#/allOf/7", "which the schema does not have"),
        ("#/allOf/-1", "which the schema does not have"), ("#/%zz", "which the schema does not have"), ("#/a~2", "which the schema does not have"),
    ]

    @Test(arguments: outside) func `a reference to anything else is refused by name`(reference: String, reason: String) {
        let schema: JSONValue = ["properties": ["p": ["$ref": .string(reference)]], "$defs": ["n": ["type": "integer"]], "allOf": [true]]
        let text = refusal(schema)
        #expect(text?.hasPrefix("#/properties/p/$ref refers to \"\(reference)\"") == true)
        #expect(text?.hasSuffix(reason) == true)
        #expect(throws: JSONSchemaError.self) { try JSONSchema(schema) }
    }

    @Test func `a tree refers to itself`() throws {
        let schema: JSONValue = [
            "type": "object", "properties": ["name": ["type": "string"], "children": ["type": "array", "items": ["$ref": "#"]]],
            "required": ["name"], "additionalProperties": false,
        ]
        #expect(try fits(schema, ["name": "a", "children": [["name": "b", "children": [["name": "c"]]], ["name": "d"]]]))
        #expect(
            try complaint(schema, about: ["name": "a", "children": [["name": "b", "children": [["name": 1]]]]])
                == "arguments.children[0].children[0].name must be a string, not a number.")
    }

    static let endless: [JSONValue] = [
        ["$ref": "#"], ["allOf": [["$ref": "#"]]], ["not": ["$ref": "#"]], ["anyOf": [["type": "string"], ["$ref": "#"]]],
        ["$ref": "#/$defs/a", "$defs": ["a": ["$ref": "#/$defs/b"], "b": ["oneOf": [["$ref": "#/$defs/a"]]]]],
        ["if": true, "then": ["$ref": "#"]], ["dependentSchemas": ["a": ["$ref": "#"]]],
        ["properties": ["a": ["$ref": "#/properties/a"]]], ["$dynamicRef": "#x", "$dynamicAnchor": "x"],
    ]

    @Test(arguments: endless) func `a circle that does not go into the value is refused`(schema: JSONValue) {
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(schema) }
        #expect(error?.kind == .endlessReference)
    }

    @Test func `a circle that only a dynamic reference closes ends at the limit`() throws {
        let schema: JSONValue = [
            "$id": "https://example.com/outer", "$dynamicAnchor": "node", "$ref": "inner",
            "$defs": ["inner": ["$id": "inner", "$dynamicRef": "#node", "$defs": ["d": ["$dynamicAnchor": "node"]]]],
        ]
        #expect(try complaint(schema, about: ["a": 1]) == "arguments is too complex to check against its schema.")
    }

    /// A list of anything, and one that makes it a list of strings by naming its dynamic anchor again.
    static let dynamicList: JSONValue = [
        "$id": "https://example.com/strings", "$ref": "list",
        "$defs": [
            "string": ["$dynamicAnchor": "element", "type": "string"],
            "list": [
                "$id": "list", "type": "array", "items": ["$dynamicRef": "#element"], "$defs": ["any": ["$dynamicAnchor": "element"]],
            ],
            "plain": ["$id": "plain", "$ref": "list"],
        ],
    ]

    @Test func `a dynamic reference leads to the outermost anchor on the way`() throws {
        #expect(try fits(Self.dynamicList, ["a"]))
        #expect(try complaint(Self.dynamicList, about: ["a", 1]) == "arguments[1] must be a string, not a number.")
        var loose = Self.dynamicList.object ?? [:]
        loose["$defs"] = [
            "list": Self.dynamicList["$defs"]?["list"] ?? false, "string": ["$anchor": "element", "type": "string"],
        ]
        #expect(try fits(.object(loose), [1]))
    }

    @Test func `a recursive reference of 2019-09 leads to the outermost recursive anchor`() throws {
        let schema: JSONValue = [
            "$schema": "https://json-schema.org/draft/2019-09/schema", "$id": "https://example.com/strict", "$recursiveAnchor": true,
            "$ref": "tree", "required": ["id"],
            "$defs": [
                "tree": ["$id": "tree", "$recursiveAnchor": true, "additionalProperties": ["anyOf": [["type": "integer"], ["$recursiveRef": "#"]]]]
            ],
        ]
        #expect(try fits(schema, ["id": 1, "next": ["id": 2]]))
        #expect(try !fits(schema, ["id": 1, "next": ["other": 2]]))
    }
}
