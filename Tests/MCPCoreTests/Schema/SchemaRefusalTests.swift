import JSON
import Testing

@testable import MCPCore

@Suite struct `Refused schemas` {
    static let malformed: [(JSONValue, String)] = [
        (7, "# must be a schema, so an object or a boolean, not a number"),
        (["properties": 3], "#/properties must be an object with schemas, not a number"),
        (["properties": ["a": 3]], "#/properties/a must be a schema, so an object or a boolean, not a number"),
        (["properties": ["a/b": ["minimum": "x"]]], "#/properties/a~1b/minimum must be a number, not a string"),
        (["maximum": true], "#/maximum must be a number, not a boolean"),
        (["exclusiveMinimum": true], "#/exclusiveMinimum must be a number, not a boolean"),
        (["multipleOf": 0], "#/multipleOf must be more than 0, not 0"),
        (["multipleOf": -0.5], "#/multipleOf must be more than 0, not -0.5"),
        (["multipleOf": .number("12345678901234567890123")], "#/multipleOf has more than 19 digits, which is not supported"),
        (["maxLength": -1], "#/maxLength must be a whole number that is not negative, not -1"),
        (["minItems": 1.5], "#/minItems must be a whole number that is not negative, not 1.5"),
        (["minProperties": "1"], "#/minProperties must be a whole number that is not negative, not a string"),
        (["type": "strnig"], "#/type names the type \"strnig\", which is none of string, integer, number, boolean, array, object, null"),
        (["type": 1], "#/type must be the name of a type or an array of such names, not a number"),
        (["type": []], "#/type must name at least one type"),
        (["enum": "a"], "#/enum must be an array, not a string"),
        (["required": true], "#/required must be an array of names, not a boolean"),
        (["required": ["a", 1]], "#/required/1 must be a string, not a number"),
        (["dependentRequired": ["a": "b"]], "#/dependentRequired/a must be an array of names, not a string"),
        (["dependentRequired": []], "#/dependentRequired must be an object, not an array"),
        (["uniqueItems": 1], "#/uniqueItems must be true or false, not a number"),
        (["allOf": []], "#/allOf must hold at least one schema"),
        (["anyOf": [:]], "#/anyOf must be an array of schemas, not an object"),
        (["not": []], "#/not must be a schema, so an object or a boolean, not an array"),
        (["prefixItems": [true], "items": [true]], "#/items must be a schema beside prefixItems, not an array"),
        (["$ref": 1], "#/$ref must be a string, not a number"),
        (["$id": 1], "#/$id must be a string, not a number"),
        (["$id": "a#b"], "#/$id must not have a fragment"),
        (["$anchor": "1"], "#/$anchor must be a name that begins with a letter or _"),
        (["format": 1], "#/format must be a string, not a number"),
        (["$defs": ["unused": ["type": 1]]], "#/$defs/unused/type must be the name of a type or an array of such names, not a number"),
        (["allOf": [["$id": "a"], ["$id": "a"]]], "#/allOf/1/$id stands a second time in the schema"),
        (["allOf": [["$anchor": "a"], ["$anchor": "a"]]], "#/allOf/1/$anchor names an anchor that stands a second time in the schema"),
    ]

    @Test(arguments: malformed) func `a malformed keyword is refused with its place`(schema: JSONValue, text: String) {
        #expect(refusal(schema) == text)
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(schema) }
        #expect(error?.kind == .malformed)
    }

    @Test func `an error has its pointer by itself`() {
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(["items": ["pattern": "("]]) }
        #expect(error == JSONSchemaError(.unsupportedPattern, at: "/items/pattern", "is the pattern (, which has a ( without its )"))
    }

    static let dialects = [
        "https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2020-12/schema#",
        "https://json-schema.org/draft/2019-09/schema", "http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema",
    ]

    @Test(arguments: dialects) func `a known dialect is read`(dialect: String) throws {
        #expect(try !fits(["$schema": .string(dialect), "type": "string"], 1))
    }

    @Test(arguments: ["http://json-schema.org/draft-04/schema#", "json-schema.org/draft/2020-12/schema", "https://example.com/mine", ""])
    func `another dialect is refused by name`(dialect: String) {
        #expect(refusal(["$schema": .string(dialect)])?.hasPrefix("#/$schema names the dialect \"\(dialect)\", which is not supported") == true)
        #expect(refusal(["$defs": ["a": ["$schema": .string(dialect)]]])?.hasPrefix("#/$defs/a/$schema names the dialect") == true)
    }

    @Test func `keywords that are only annotations are not looked at`() throws {
        let schema: JSONValue = [
            "title": "t", "description": "d", "default": ["type": 3], "examples": [["$ref": "#/no"]], "readOnly": true, "deprecated": true,
            "$comment": "c", "contentMediaType": "text/plain", "x-own": ["properties": 3], "nullable": true,
        ]
        #expect(try fits(schema, 1))
    }
}
