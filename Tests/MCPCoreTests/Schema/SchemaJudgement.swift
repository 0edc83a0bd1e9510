import JSON
import Testing

@testable import MCPCore

/// What a schema says about a value under the path `arguments`.
func complaint(
    _ schema: JSONValue, about value: JSONValue, limits: JSONSchema.Limits = .init(), assertsFormats: Bool = false
) throws -> String? {
    try JSONSchema(schema, limits: limits, assertsFormats: assertsFormats).complaint(about: value, at: "arguments")
}

func fits(_ schema: JSONValue, _ value: JSONValue) throws -> Bool { try complaint(schema, about: value) == nil }

/// The error with which a schema is refused, as text.
func refusal(_ schema: JSONValue, limits: JSONSchema.Limits = .init()) -> String? {
    do {
        _ = try JSONSchema(schema, limits: limits)
        return nil
    } catch {
        return error.description
    }
}

/// A schema, a value that fits it, one that does not, and what is said about that one.
struct Judgement: Sendable, CustomStringConvertible {
    let schema: JSONValue
    let good: [JSONValue]
    let bad: JSONValue
    let sentence: String

    init(_ schema: JSONValue, good: [JSONValue], bad: JSONValue, _ sentence: String) {
        self.schema = schema
        self.good = good
        self.bad = bad
        self.sentence = sentence
    }

    var description: String { "\(schema) and \(bad)" }

    func check() throws {
        for value in good {
            let complaint = try complaint(schema, about: value)
            #expect(complaint == nil, "\(value)")
        }
        #expect(try complaint(schema, about: bad) == sentence)
    }
}
