import JSON
import Testing

@testable import MCPCore

@Suite struct `Logic keywords` {
    static let logic: [Judgement] = [
        Judgement(["allOf": [["minimum": 1], ["maximum": 3]]], good: [1, 3], bad: 4, "arguments must be at most 3, not 4."),
        Judgement(
            ["anyOf": [["type": "string"], ["type": "integer"], ["type": "null"]]], good: ["", 1, nil], bad: true,
            "arguments must be a string or an integer or null, not a boolean."),
        Judgement(["anyOf": [["const": "a"], ["enum": ["b", "c"]]]], good: ["a", "c"], bad: "d", #"arguments must be one of "a", "b", "c"."#),
        Judgement(["anyOf": [false, false]], good: [], bad: 1, "arguments is not allowed."),
        Judgement(
            ["anyOf": [["enum": ["a", "b"]], ["type": "null"]]], good: ["a", nil], bad: "c",
            #"arguments fits none of the allowed forms: arguments must be one of "a", "b"; or arguments must be null, not a string."#),
        // The string came further than the type.
        Judgement(
            ["anyOf": [["type": "integer"], ["type": "string", "maxLength": 2]]], good: [1, "ab"], bad: "abc",
            "arguments must have at most 2 characters, not 3."),
        Judgement(
            ["anyOf": [["required": ["a"]], ["required": ["b"]]]], good: [["a": 1], ["b": 1]], bad: [:],
            "arguments fits none of the allowed forms: arguments.a is required and missing; or arguments.b is required and missing."),
        Judgement(
            ["oneOf": [["const": "a", "title": "A"], ["const": "b", "title": "B"]]], good: ["a", "b"], bad: "c",
            #"arguments must be one of "a", "b"."#),
        Judgement(
            ["oneOf": [["multipleOf": 2], ["multipleOf": 3]]], good: [2, 3], bad: 6,
            "arguments must fit exactly one of the allowed forms, and fits numbers 1, 2."),
        Judgement(["not": ["type": ["string", "null"]]], good: [1], bad: "x", "arguments must not be a string or null."),
        Judgement(["not": ["const": 0]], good: [1], bad: 0, "arguments must not be 0."),
        Judgement(["not": ["enum": [0, 1]]], good: [2], bad: 1, "arguments must not be one of 0, 1."),
        Judgement(["not": ["pattern": "^_"]], good: ["a"], bad: "_a", "arguments must not match the pattern ^_."),
        Judgement(["not": ["required": ["a"]]], good: [[:]], bad: ["a": 1], #"arguments must not fit {"required":["a"]}."#),
        Judgement(["not": true], good: [], bad: 1, "arguments is not allowed."),
        Judgement(
            ["if": ["properties": ["kind": ["const": "file"]], "required": ["kind"]], "then": ["required": ["path"]], "else": ["maxProperties": 1]],
            good: [["kind": "file", "path": ""], ["kind": "x"]], bad: ["kind": "file"], "arguments.path is required and missing."),
        Judgement(
            ["if": ["type": "integer"], "else": ["type": "string"]], good: [1, "x"], bad: true, "arguments must be a string, not a boolean."),
        Judgement(["then": false, "else": false, "const": 1], good: [1], bad: 2, "arguments must be 1."),
    ]

    @Test(arguments: logic) func `subschemas are put together`(judgement: Judgement) throws { try judgement.check() }

    static let shapes: JSONValue = [
        "oneOf": [
            ["type": "object", "properties": ["kind": ["const": "circle"], "radius": ["type": "number"]], "required": ["kind", "radius"]],
            ["$ref": "#/$defs/square"], ["type": "object", "properties": ["kind": ["const": "point"]], "required": ["kind"]],
        ],
        "$defs": [
            "square": ["type": "object", "properties": ["kind": ["const": "square"], "side": ["type": "number"]], "required": ["kind", "side"]]
        ],
    ]

    static let claims: [(JSONValue, String)] = [
        (["kind": "square"], "arguments.side is required and missing."),
        (["kind": "circle", "radius": "x"], "arguments.radius must be a number, not a string."),
        (["kind": "line"], #"arguments.kind must be one of "circle", "square", "point"."#),
        (["kind": "line", "radius": 1, "side": 1], #"arguments.kind must be one of "circle", "square", "point"."#),
    ]

    @Test(arguments: claims) func `of several forms the one that the value claims to have is explained`(value: JSONValue, text: String) throws {
        #expect(try complaint(Self.shapes, about: value) == text)
        #expect(try fits(Self.shapes, ["kind": "circle", "radius": 1]))
    }

    @Test func `forms within forms are named without their own list`() throws {
        let inner: JSONValue = ["anyOf": [["required": ["a"]], ["required": ["b"]]]]
        let sentence = try complaint(["anyOf": [inner, ["minProperties": 1]]], about: [:])
        #expect(
            sentence
                == "arguments fits none of the allowed forms: arguments fits none of its allowed forms; or arguments must have at least 1 members, not 0."
        )
    }

    @Test func `of many forms four are named`() throws {
        let forms = (1...6).map { JSONValue.object(["required": [.string("m\($0)")]]) }
        let sentence = try complaint(["anyOf": .array(forms)], about: [:])
        #expect(sentence?.hasSuffix("arguments.m4 is required and missing; or ....") == true)
    }
}

@Suite struct `Unevaluated keywords` {
    static let properties: [Judgement] = [
        Judgement(
            ["allOf": [["properties": ["a": true]], ["patternProperties": ["^x": true]]], "unevaluatedProperties": false],
            good: [["a": 1, "xy": 1]], bad: ["a": 1, "b": 1], "arguments.b is not known."),
        Judgement(
            ["properties": ["a": true], "unevaluatedProperties": ["type": "integer"]], good: [["a": "", "b": 1]], bad: ["b": ""],
            "arguments.b must be an integer, not a string."),
        // Every branch that fits counts, not only the first.
        Judgement(
            [
                "anyOf": [["properties": ["a": ["type": "string"]]], ["properties": ["b": true], "required": ["b"]]],
                "unevaluatedProperties": false,
            ],
            good: [["a": "", "b": 1], ["a": ""]], bad: ["a": 1, "b": 1], "arguments.a is not known."),
        Judgement(
            [
                "if": ["properties": ["k": ["const": 1]], "required": ["k"]], "then": ["properties": ["a": true]],
                "else": ["properties": ["b": true]], "unevaluatedProperties": false,
            ],
            good: [["k": 1, "a": 1], ["b": 1]], bad: ["k": 1, "b": 1], "arguments.b is not known."),
        Judgement(
            [
                "oneOf": [["required": ["a"], "properties": ["a": true]], ["required": ["b"], "properties": ["b": true]]],
                "unevaluatedProperties": false,
            ],
            good: [["a": 1], ["b": 1]], bad: ["a": 1, "c": 1], "arguments.c is not known."),
        Judgement(
            ["not": ["not": ["properties": ["a": true]]], "unevaluatedProperties": false], good: [[:]], bad: ["a": 1],
            "arguments.a is not known."),
        Judgement(
            ["$ref": "#/$defs/p", "$defs": ["p": ["properties": ["a": true]]], "unevaluatedProperties": false], good: [["a": 1]],
            bad: ["b": 1], "arguments.b is not known."),
        Judgement(
            ["dependentSchemas": ["a": ["properties": ["a": true, "b": true]]], "unevaluatedProperties": false], good: [["a": 1, "b": 1]],
            bad: ["b": 1], "arguments.b is not known."),
        // What a cousin has seen does not count.
        Judgement(
            ["allOf": [["properties": ["a": true]], ["unevaluatedProperties": false]]], good: [[:]], bad: ["a": 1],
            "arguments.a is not known."),
    ]

    @Test(arguments: properties) func `members that nobody looked at are judged`(judgement: Judgement) throws {
        try judgement.check()
    }

    @Test(arguments: ["additionalProperties", "unevaluatedProperties"]) func `whoever allows all members has looked at them`(keyword: String) throws {
        let branch = JSONValue.object(JSONObject([.init(key: keyword, value: true)]))
        #expect(try fits(["allOf": [branch], "unevaluatedProperties": false], ["a": 1]))
    }

    static let items: [Judgement] = [
        Judgement(["prefixItems": [true], "unevaluatedItems": false], good: [[1]], bad: [1, 2], "arguments[1] is not known."),
        Judgement(
            ["allOf": [["prefixItems": [true]], ["prefixItems": [true, true]]], "unevaluatedItems": ["type": "string"]],
            good: [[1, 2, "a"]], bad: [1, 2, 3], "arguments[2] must be a string, not a number."),
        Judgement(
            ["contains": ["type": "string"], "unevaluatedItems": ["type": "integer"]], good: [["a", 1, "b"]], bad: ["a", nil],
            "arguments[1] must be an integer, not null."),
        Judgement(
            ["anyOf": [["prefixItems": [["const": 1]]], ["prefixItems": [true, ["const": 2]]]], "unevaluatedItems": false],
            good: [[1], [1, 2], [3, 2]], bad: [1, 3], "arguments[1] is not known."),
    ]

    @Test(arguments: items) func `elements that nobody looked at are judged`(judgement: Judgement) throws { try judgement.check() }

    @Test func `more members than one word has bits are told apart`() throws {
        let keys = (0..<200).map { "k\($0)" }
        let known = JSONObject(keys.map { .init(key: $0, value: true) })
        let schema: JSONValue = ["allOf": [["properties": .object(known)]], "unevaluatedProperties": false]
        var value = JSONObject(keys.map { .init(key: $0, value: 1) })
        #expect(try fits(schema, .object(value)))
        value["more"] = 1
        #expect(try complaint(schema, about: .object(value)) == "arguments.more is not known.")
    }
}
