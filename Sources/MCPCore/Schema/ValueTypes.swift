import JSON

/// The types of `type` (Validation section 6.1.1).
struct ValueTypes: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static let null = ValueTypes(rawValue: 1 << 0)
    static let boolean = ValueTypes(rawValue: 1 << 1)
    static let integer = ValueTypes(rawValue: 1 << 2)
    static let number = ValueTypes(rawValue: 1 << 3)
    static let string = ValueTypes(rawValue: 1 << 4)
    static let array = ValueTypes(rawValue: 1 << 5)
    static let object = ValueTypes(rawValue: 1 << 6)

    private static let named: [(name: String, phrase: String, type: ValueTypes)] = [
        ("string", "a string", .string), ("integer", "an integer", .integer), ("number", "a number", .number),
        ("boolean", "a boolean", .boolean), ("array", "an array", .array), ("object", "an object", .object), ("null", "null", .null),
    ]

    static let names = named.map(\.name).joined(separator: ", ")

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(name: String) {
        guard let entry = Self.named.first(where: { $0.name == name }) else { return nil }
        self = entry.type
    }

    /// "a string or null".
    var phrase: String { Self.named.filter { contains($0.type) }.map(\.phrase).joined(separator: " or ") }

    /// Whether a value has one of the types. 1.0 is an integer, and so are 1e400 and what 64 bits cannot hold.
    func accepts(_ value: JSONValue) -> Bool {
        switch value {
        case .null: contains(.null)
        case .bool: contains(.boolean)
        case .integer: !isDisjoint(with: [.integer, .number])
        case .double(let number):
            // Infinity goes out as null, so it fits nothing.
            number.isFinite && (contains(.number) || contains(.integer) && number == number.rounded())
        case .number(let text): contains(.number) || contains(.integer) && ExactNumber(.number(text))?.isInteger == true
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        }
    }
}
