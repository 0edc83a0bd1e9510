import JSON
import Testing

@testable import MCPCore

@Suite struct `Scalar keywords` {
    static let types: [Judgement] = [
        Judgement(["type": "null"], good: [nil], bad: 0, "arguments must be null, not a number."),
        Judgement(["type": "boolean"], good: [true, false], bad: 0, "arguments must be a boolean, not a number."),
        Judgement(
            ["type": "integer"], good: [1, 1.0, -7, .number("123456789012345678901")], bad: 1.5, "arguments must be an integer, not a number."),
        Judgement(["type": "integer"], good: [.number("1e400")], bad: .number("1e-400"), "arguments must be an integer, not a number."),
        Judgement(["type": "number"], good: [1, 1.5, .number("1e400")], bad: "1", "arguments must be a number, not a string."),
        Judgement(["type": "number"], good: [0], bad: .double(.infinity), "arguments must be a number, not a number that is not finite."),
        Judgement(["type": "string"], good: [""], bad: nil, "arguments must be a string, not null."),
        Judgement(["type": "array"], good: [[]], bad: [:], "arguments must be an array, not an object."),
        Judgement(["type": "object"], good: [[:]], bad: [], "arguments must be an object, not an array."),
        Judgement(["type": ["string", "null"]], good: ["", nil], bad: true, "arguments must be a string or null, not a boolean."),
        Judgement(["type": ["integer", "number"]], good: [1, 1.5], bad: "", "arguments must be an integer or a number, not a string."),
    ]

    @Test(arguments: types) func `a value has one of the types`(judgement: Judgement) throws { try judgement.check() }

    static let allowed: [Judgement] = [
        Judgement(["enum": ["m", "s"]], good: ["m", "s"], bad: "kg", #"arguments must be one of "m", "s"."#),
        Judgement(["enum": [1, nil]], good: [1, 1.0, nil], bad: false, "arguments must be one of 1, null."),
        Judgement(["enum": []], good: [], bad: 1, "arguments is not allowed."),
        Judgement(["const": 1], good: [1, 1.0], bad: true, "arguments must be 1."),
        Judgement(["const": 2.5], good: [2.5, .number("2.50")], bad: 2, "arguments must be 2.5."),
        Judgement(["const": nil], good: [nil], bad: false, "arguments must be null."),
        Judgement(
            ["const": ["a": 1, "b": [2, ["c": 3]]]], good: [["b": [2.0, ["c": 3]], "a": 1]], bad: ["a": 1, "b": [2, ["c": 4]]],
            #"arguments must be {"a":1,"b":[2,{"c":3}]}."#),
        Judgement(["const": [1, 2]], good: [[1, 2]], bad: [2, 1], "arguments must be [1,2]."),
        Judgement(
            ["const": .number("100000000000000000000000")], good: [.double(1e23)], bad: .number("100000000000000000000001"),
            "arguments must be 100000000000000000000000."),
        // Two spellings of one letter are two texts in JSON.
        Judgement(["const": "\u{E9}"], good: ["\u{E9}"], bad: "e\u{301}", "arguments must be \"\u{E9}\"."),
        Judgement(["enum": ["a", "b"], "const": "b"], good: ["b"], bad: "a", #"arguments must be "b"."#),
    ]

    @Test(arguments: allowed) func `a value is one of those allowed`(judgement: Judgement) throws { try judgement.check() }

    @Test func `of many allowed values twenty are named`() throws {
        let schema: JSONValue = ["enum": .array((1...21).map { .integer($0) })]
        let list = (1...20).map(String.init).joined(separator: ", ")
        #expect(try complaint(schema, about: 0) == "arguments must be one of \(list), ....")
        #expect(try fits(schema, 21))
    }

    static let numbers: [Judgement] = [
        Judgement(["minimum": 0], good: [0, 0.5, "x", .number("1e400")], bad: -1, "arguments must be at least 0, not -1."),
        Judgement(["minimum": 0.5], good: [0.5, 1], bad: 0, "arguments must be at least 0.5, not 0."),
        Judgement(["maximum": 100], good: [100, 99.5], bad: 500, "arguments must be at most 100, not 500."),
        Judgement(["maximum": 100], good: [.number("-1e400")], bad: 100.5, "arguments must be at most 100, not 100.5."),
        Judgement(["maximum": 3.0], good: [3], bad: 4.0, "arguments must be at most 3, not 4."),
        Judgement(["exclusiveMinimum": 1], good: [1.5, 2], bad: 1, "arguments must be more than 1."),
        Judgement(["exclusiveMaximum": 1.5], good: [1, 1.25], bad: 1.5, "arguments must be less than 1.5."),
        // A Double cannot tell these two apart.
        Judgement(
            ["maximum": 9_007_199_254_740_992], good: [9_007_199_254_740_992], bad: 9_007_199_254_740_993,
            "arguments must be at most 9007199254740992, not 9007199254740993."),
        Judgement(
            ["maximum": .number("18446744073709551616")], good: [.number("18446744073709551616"), 5],
            bad: .number("18446744073709551617"), "arguments must be at most 18446744073709551616, not 18446744073709551617."),
        Judgement(
            ["minimum": .number("-1e400")], good: [.number("-1e399")], bad: .number("-2e400"), "arguments must be at least -1e400, not -2e400."),
        Judgement(["multipleOf": 3], good: [0, 9, -3, 6.0], bad: 10, "arguments must be a multiple of 3, not 10."),
        Judgement(["multipleOf": 0.1], good: [0.3, 1, 0.7], bad: 0.35, "arguments must be a multiple of 0.1, not 0.35."),
        Judgement(["multipleOf": 0.01], good: [19.99, 4.35], bad: 0.075, "arguments must be a multiple of 0.01, not 0.075."),
        Judgement(["multipleOf": 7], good: [.number("7e400")], bad: .number("1e400"), "arguments must be a multiple of 7, not 1e400."),
        Judgement(
            ["multipleOf": .number("1e-400")], good: [1, .number("3e-400")], bad: .number("1e-401"),
            "arguments must be a multiple of 1e-400, not 1e-401."),
    ]

    @Test(arguments: numbers) func `a number keeps its bounds exactly`(judgement: Judgement) throws { try judgement.check() }

    static let texts: [Judgement] = [
        Judgement(["minLength": 2], good: ["ab", 1], bad: "a", "arguments must have at least 2 characters, not 1."),
        Judgement(["maxLength": 2], good: ["ab", ""], bad: "abc", "arguments must have at most 2 characters, not 3."),
        Judgement(["maxLength": 2.0], good: ["ab"], bad: "abc", "arguments must have at most 2 characters, not 3."),
        // One character to a reader, two code points, four UTF-16 units.
        Judgement(["maxLength": 2], good: ["\u{1F1E9}\u{1F1EA}"], bad: "e\u{301}x", "arguments must have at most 2 characters, not 3."),
        Judgement(["pattern": "^a+$"], good: ["a", "aaa", 7], bad: "ab", "arguments must match the pattern ^a+$."),
        Judgement(["pattern": "b"], good: ["abc"], bad: "ac", "arguments must match the pattern b."),
    ]

    @Test(arguments: texts) func `a string keeps its length and pattern`(judgement: Judgement) throws { try judgement.check() }

    @Test func `a bound beyond every length is kept by every length`() throws {
        #expect(try fits(["maxLength": .number("1e400"), "maxItems": 9_223_372_036_854_775_807], "x"))
        #expect(try complaint(["minLength": .number("1e400")], about: "x") == "arguments must have at least \(Int.max) characters, not 1.")
    }

    @Test func `a format is an annotation until it is asserted`() throws {
        let schema: JSONValue = ["format": "email"]
        #expect(try fits(schema, "nobody"))
        #expect(
            try complaint(schema, about: "nobody", assertsFormats: true)
                == "arguments must be an email address such as a@example.com.")
        #expect(try complaint(schema, about: "a@example.com", assertsFormats: true) == nil)
        #expect(try complaint(["format": "colour"], about: "nobody", assertsFormats: true) == nil)
        #expect(try complaint(schema, about: 7, assertsFormats: true) == nil)
    }

    @Test func `a boolean schema allows all or nothing`() throws {
        #expect(try fits(true, [1]))
        #expect(try complaint(false, about: 1) == "arguments is not allowed.")
        #expect(try fits([:], nil))
    }
}
