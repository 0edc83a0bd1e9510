import JSON
import Testing

@testable import MCPCore

@Suite struct `Schema limits` {
    static func nested(_ depth: Int) -> JSONValue { (1..<depth).reduce([:]) { schema, _ in ["not": schema] } }

    @Test func `a schema may be as deep as the limit and no deeper`() {
        var limits = JSONSchema.Limits()
        limits.depth = 5
        #expect(refusal(Self.nested(5), limits: limits) == nil)
        #expect(refusal(Self.nested(6), limits: limits) == "#/not/not/not/not/not is nested deeper than 5 levels")
        #expect(refusal(Self.nested(65)) != nil)
    }

    @Test func `a schema may have as many subschemas as the limit and no more`() {
        var limits = JSONSchema.Limits()
        limits.subschemas = 3
        #expect(refusal(["allOf": [true, true]], limits: limits) == nil)
        #expect(refusal(["allOf": [true, true, true]], limits: limits) == "#/allOf/2 is one subschema too many; 3 are allowed")
    }

    @Test func `a pattern may be as long as the limit, with its repetitions written out`() {
        var limits = JSONSchema.Limits()
        limits.patternLength = 4
        #expect(refusal(["pattern": "abcd"], limits: limits) == nil)
        #expect(refusal(["pattern": "abcde"], limits: limits) == "#/pattern is a pattern of more than 4 characters")
        limits = JSONSchema.Limits()
        limits.patternInstructions = 101
        #expect(refusal(["pattern": "a{100}"], limits: limits) == nil)
        #expect(refusal(["pattern": "a{101}"], limits: limits) != nil)
        // All patterns of a schema share the limit.
        #expect(refusal(["allOf": [["pattern": "a{60}"], ["pattern": "a{60}"]]], limits: limits) != nil)
    }

    @Test func `a value that takes too many steps is too complex, whatever stands around it`() throws {
        var limits = JSONSchema.Limits()
        limits.steps = 100
        let list = JSONValue.array((0..<200).map { .integer($0) })
        let tooComplex = "arguments is too complex to check against its schema."
        let items: JSONValue = ["items": ["type": "integer"]]
        #expect(try complaint(items, about: list) == nil)
        let around: [JSONValue] = [
            items, ["not": items], ["anyOf": [items, true]], ["oneOf": [items, true]], ["if": items, "then": true, "else": true],
            ["contains": ["type": "string"]], ["uniqueItems": true], ["const": list], ["unevaluatedItems": ["type": "integer"]],
            ["properties": ["list": items]],
        ]
        for schema in around {
            let value: JSONValue = schema["properties"] == nil ? list : ["list": list]
            #expect(try complaint(schema, about: value, limits: limits) == tooComplex, "\(schema)")
        }
    }

    @Test func `references that double at every level end at the limit`() throws {
        let schema: JSONValue = [
            "$ref": "#/$defs/n", "$defs": ["n": ["properties": ["c": ["allOf": [["$ref": "#/$defs/n"], ["$ref": "#/$defs/n"]]]]]],
        ]
        let value = (0..<60).reduce(1 as JSONValue) { value, _ in ["c": value] }
        #expect(try complaint(schema, about: value) == "arguments is too complex to check against its schema.")
    }

    @Test func `a value deeper than the limit is too complex`() throws {
        let value = (0..<300).reduce([] as JSONValue) { value, _ in [value] }
        #expect(try complaint(["items": ["$ref": "#"]], about: value) == "arguments is too complex to check against its schema.")
        #expect(try fits(["items": ["$ref": "#"]], [[[[]]]]))
    }

    @Test func `thousands of references in a row are resolved`() throws {
        var definitions = JSONObject()
        for number in 0..<2000 { definitions["d\(number)"] = ["items": ["$ref": .string("#/$defs/d\(number + 1)")]] }
        definitions["d2000"] = ["type": "string"]
        #expect(try fits(["$ref": "#/$defs/d0", "$defs": .object(definitions)], [[[]]]))
    }
}
