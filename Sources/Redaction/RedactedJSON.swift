package import JSON

/// A JSON value of which a ``Redactor`` has passed every string and every key.
package struct RedactedJSON: Sendable, Hashable {
    package let value: JSONValue

    init(passed value: JSONValue) {
        self.value = value
    }
}

// What JSONValue's accessors give, still marked as passed.
extension RedactedJSON {
    package subscript(key: String) -> RedactedJSON? { value[key].map { RedactedJSON(passed: $0) } }

    package var string: RedactedText? { value.string.map { RedactedText(passed: $0) } }
    package var bool: Bool? { value.bool }
    package var integer: Int64? { value.integer }
    package var double: Double? { value.double }
    package var array: [RedactedJSON]? { value.array.map { $0.map { RedactedJSON(passed: $0) } } }
    package var isNull: Bool { value.isNull }
    package var isObject: Bool { value.object != nil }
    package var kindName: String { value.kindName }

    /// The members of an object in their order; `nil` for every other kind.
    package var members: [(key: RedactedText, value: RedactedJSON)]? {
        value.object?.members.map { (RedactedText(passed: $0.key), RedactedJSON(passed: $0.value)) }
    }

    /// The value as compact JSON.
    package var text: RedactedText { RedactedText(passed: JSONWriter.string(of: value)) }

    /// The value as compact JSON in UTF-8, as it is compressed and stored.
    package var bytes: [UInt8] { JSONWriter.bytes(of: value) }
}

// Building from parts that have passed.
extension RedactedJSON {
    package static let null = RedactedJSON(passed: .null)

    package init(_ text: RedactedText) { self.init(passed: .string(text.value)) }
    package init(_ number: Int64) { self.init(passed: .integer(number)) }
    package init(_ flag: Bool) { self.init(passed: .bool(flag)) }
    package init(_ elements: [RedactedJSON]) { self.init(passed: .array(elements.map(\.value))) }

    package init(members: [(key: RedactedText, value: RedactedJSON)]) {
        self.init(passed: .object(JSONObject(members.map { JSONObject.Member(key: $0.key.value, value: $0.value.value) })))
    }
}
