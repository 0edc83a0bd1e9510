import JSON
import Testing

@testable import MCPCore

@Suite struct `Part keywords` {
    static let arrays: [Judgement] = [
        Judgement(["minItems": 1], good: [[1], "x"], bad: [], "arguments must have at least 1 elements, not 0."),
        Judgement(["maxItems": 2], good: [[], [1, 2]], bad: [1, 2, 3], "arguments must have at most 2 elements, not 3."),
        Judgement(["items": ["type": "number"]], good: [[], [1, 2.5]], bad: [1, "x"], "arguments[1] must be a number, not a string."),
        Judgement(["items": false], good: [[]], bad: [1], "arguments must be empty."),
        Judgement(
            ["prefixItems": [["type": "string"], ["type": "integer"]]], good: [["a"], ["a", 1, nil]], bad: ["a", "b"],
            "arguments[1] must be an integer, not a string."),
        Judgement(
            ["prefixItems": [true], "items": ["type": "null"]], good: [[1], [1, nil]], bad: [1, nil, 2], "arguments[2] must be null, not a number."),
        Judgement(
            ["prefixItems": [true, true], "items": false], good: [[1, 2]], bad: [1, 2, 3], "arguments must have at most 2 elements, not 3."),
        Judgement(
            ["items": [["type": "string"]], "additionalItems": ["type": "null"]], good: [["a", nil]], bad: ["a", 1],
            "arguments[1] must be null, not a number."),
        Judgement(
            ["contains": ["type": "string"]], good: [[1, "a"]], bad: [1, 2],
            #"arguments must hold at least 1 element that fits {"type":"string"}, not 0."#),
        Judgement(
            ["contains": ["const": 1], "minContains": 2], good: [[1, 0, 1]], bad: [1, 0],
            #"arguments must hold at least 2 elements that fit {"const":1}, not 1."#),
        Judgement(
            ["contains": ["const": 1], "minContains": 0, "maxContains": 1], good: [[], [1, 0]], bad: [1, 0, 1],
            #"arguments must hold at most 1 element that fits {"const":1}, not 2."#),
        Judgement(
            ["uniqueItems": true], good: [[], [1, true, "1", [1]], [["a": 1], ["a": 2]]], bad: [1, 2, 1.0],
            "arguments must not hold the same element twice; [0] and [2] are equal."),
        Judgement(
            ["uniqueItems": true], good: [["\u{E9}", "e\u{301}"]], bad: [["a": 1, "b": 2], ["b": 2, "a": 1]],
            "arguments must not hold the same element twice; [0] and [1] are equal."),
    ]

    @Test(arguments: arrays) func `an array fits as a whole and element by element`(judgement: Judgement) throws {
        try judgement.check()
    }

    @Test func `uniqueItems of false and bounds of an absent contains ask for nothing`() throws {
        #expect(try fits(["uniqueItems": false], [1, 1]))
        #expect(try fits(["minContains": 3, "maxContains": 0], [1]))
        #expect(try fits(["additionalItems": false], [1, 2]))
    }

    static let objects: [Judgement] = [
        Judgement(["minProperties": 1], good: [["a": 1], []], bad: [:], "arguments must have at least 1 members, not 0."),
        Judgement(["maxProperties": 1], good: [["a": 1]], bad: ["a": 1, "b": 2], "arguments must have at most 1 members, not 2."),
        Judgement(["required": ["a", "b"]], good: [["b": nil, "a": 1], 7], bad: ["a": 1], "arguments.b is required and missing."),
        Judgement(
            ["properties": ["a": ["properties": ["b": ["type": "string"]]]]], good: [[:], ["a": ["b": "", "c": 1]]],
            bad: ["a": ["b": 1]], "arguments.a.b must be a string, not a number."),
        Judgement(["properties": ["a": false]], good: [["b": 1]], bad: ["a": 1], "arguments.a is not allowed."),
        Judgement(
            ["patternProperties": ["^n_": ["type": "integer"]]], good: [["n_a": 1, "s": "x"]], bad: ["n_a": 1, "n_b": "x"],
            "arguments.n_b must be an integer, not a string."),
        Judgement(
            ["properties": ["ab": ["minimum": 1]], "patternProperties": ["a": ["maximum": 3], "b": ["multipleOf": 2]]],
            good: [["ab": 2]], bad: ["ab": 3], "arguments.ab must be a multiple of 2, not 3."),
        Judgement(
            ["properties": ["b": true, "a": true], "additionalProperties": false], good: [["a": 1, "b": 2]], bad: ["c": 1],
            "arguments.c is not known; known are a, b."),
        Judgement(
            ["properties": ["a": true], "patternProperties": ["^x-": true], "additionalProperties": false], good: [["a": 1, "x-b": 2]],
            bad: ["c": 1], "arguments.c is not known; known are a, names that match ^x-."),
        Judgement(["additionalProperties": false], good: [[:]], bad: ["c": 1], "arguments.c is not known; arguments must be empty."),
        Judgement(
            ["properties": ["a": true], "additionalProperties": ["type": "string"]], good: [["a": 1, "b": ""]], bad: ["b": 1],
            "arguments.b must be a string, not a number."),
        Judgement(
            ["propertyNames": ["maxLength": 3]], good: [["abc": 1]], bad: ["abcd": 1],
            "arguments.abcd has a name that does not fit: the name must have at most 3 characters, not 4."),
        Judgement(
            ["dependentRequired": ["a": ["b"]]], good: [["b": 1], ["a": 1, "b": 1]], bad: ["a": 1],
            "arguments.b is required where arguments.a is given, and missing."),
        Judgement(
            ["dependentSchemas": ["a": ["properties": ["b": ["type": "string"]]]]], good: [["b": 1], ["a": 1, "b": ""]],
            bad: ["a": 1, "b": 1], "arguments.b must be a string, not a number."),
        Judgement(
            ["dependencies": ["a": ["b"], "c": ["required": ["d"]]]], good: [["a": 1, "b": 1], ["c": 1, "d": 1]], bad: ["c": 1],
            "arguments.d is required and missing."),
        Judgement(
            ["dependencies": ["a": ["b"]]], good: [[:]], bad: ["a": 1], "arguments.b is required where arguments.a is given, and missing."),
    ]

    @Test(arguments: objects) func `an object fits as a whole and member by member`(judgement: Judgement) throws { try judgement.check() }

    @Test func `every member with a repeated key is checked`() throws {
        let value = JSONValue.object(JSONObject([.init(key: "a", value: "x"), .init(key: "a", value: 1)]))
        #expect(try complaint(["properties": ["a": ["type": "integer"]]], about: value) == "arguments.a must be an integer, not a string.")
    }

    @Test func `a name in another spelling is the property that a tool would read under it`() throws {
        let schema: JSONValue = ["properties": ["\u{E9}": ["type": "integer"]]]
        #expect(try !fits(schema, ["e\u{301}": "x"]))
    }

    @Test func `a large object with many required names is checked`() throws {
        let keys = (0..<300).map { "key\($0)" }
        let schema: JSONValue = [
            "required": .array(keys.map(JSONValue.string)), "dependentRequired": ["key0": .array(keys.map(JSONValue.string))],
        ]
        let value = JSONObject(keys.map { .init(key: $0, value: nil) })
        #expect(try fits(schema, .object(value)))
        var smaller = value
        smaller["key299"] = nil
        #expect(try complaint(schema, about: .object(smaller)) == "arguments.key299 is required and missing.")
    }

    @Test func `a long key is cut in the sentence`() throws {
        let key = String(repeating: "k", count: 100)
        let sentence = try complaint(["additionalProperties": ["type": "null"]], about: .object(JSONObject([.init(key: key, value: 1)])))
        #expect(sentence == "arguments.\(key.prefix(64)) must be null, not a number.")
    }
}
