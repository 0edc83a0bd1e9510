import JSON

/// The part of a JSON Schema that matters for arguments: type, enum, const, required, properties, additionalProperties, items,
/// bounds of numbers, lengths and counts. Other keywords are not checked.
struct ArgumentSchema: Sendable {
    private enum Members: Sendable {
        case any
        case none
        indirect case matching(ArgumentSchema)
    }

    private var types: [String] = []
    private var allowed: [JSONValue] = []
    private var required: [String] = []
    private var properties: [String: ArgumentSchema] = [:]
    private var additional = Members.any
    private var items = Members.any
    private var minimum: Double?
    private var maximum: Double?
    private var exclusiveMinimum: Double?
    private var exclusiveMaximum: Double?
    private var minLength: Int64?
    private var maxLength: Int64?
    private var minItems: Int64?
    private var maxItems: Int64?
    private var refusesAll = false

    /// `nil` where the schema is nested deeper than `depth`.
    init?(_ schema: JSONValue, depth: Int) {
        guard depth > 0 else { return nil }
        if schema.bool == false { refusesAll = true }
        guard case .object(let object) = schema else { return }
        switch object["type"] {
        case .string(let name): types = [name]
        case .array(let names): types = names.compactMap(\.string)
        default: break
        }
        allowed = object["enum"]?.array ?? object["const"].map { [$0] } ?? []
        required = (object["required"]?.array ?? []).compactMap(\.string)
        for member in object["properties"]?.object?.members ?? [] {
            guard let property = ArgumentSchema(member.value, depth: depth - 1) else { return nil }
            properties[member.key] = property
        }
        // A pattern may allow what this reader cannot see.
        if object["patternProperties"] == nil {
            guard let additional = Self.members(object["additionalProperties"], depth: depth - 1) else { return nil }
            self.additional = additional
        }
        if object["prefixItems"] == nil {
            guard let items = Self.members(object["items"], depth: depth - 1) else { return nil }
            self.items = items
        }
        minimum = object["minimum"]?.double
        maximum = object["maximum"]?.double
        exclusiveMinimum = object["exclusiveMinimum"]?.double
        exclusiveMaximum = object["exclusiveMaximum"]?.double
        minLength = object["minLength"]?.integer
        maxLength = object["maxLength"]?.integer
        minItems = object["minItems"]?.integer
        maxItems = object["maxItems"]?.integer
    }

    private static func members(_ schema: JSONValue?, depth: Int) -> Members? {
        switch schema {
        case nil, .bool(true): return .any
        case .bool(false): return Members.none
        case .some(let schema): return ArgumentSchema(schema, depth: depth).map(Members.matching)
        }
    }

    /// The first thing that does not fit, in one sentence that begins with the path; `nil` where all fits.
    func complaint(about value: JSONValue, at path: String) -> String? {
        if refusesAll { return "\(path) is not allowed." }
        if !types.isEmpty, !types.contains(where: { Self.isOf(type: $0, value) }) {
            return "\(path) must be \(Self.list(types.map(Self.article))), not \(value.kindName)."
        }
        if !allowed.isEmpty, !allowed.contains(where: { Self.isEqual($0, value) }) {
            let list = allowed.prefix(20).map(\.description).joined(separator: ", ")
            return "\(path) must be one of \(list)\(allowed.count > 20 ? ", ..." : "")."
        }
        switch value {
        case .object(let object): return complaint(about: object, at: path)
        case .array(let elements): return complaint(about: elements, at: path)
        case .string(let text): return complaint(about: text, at: path)
        case .integer, .double: return value.double.flatMap { complaint(about: $0, at: path) }
        default: return nil
        }
    }

    private func complaint(about object: JSONObject, at path: String) -> String? {
        if let missing = required.first(where: { object[$0] == nil }) { return "\(path).\(missing) is required and missing." }
        for member in object.members {
            let place = "\(path).\(Self.short(member.key))"
            if let property = properties[member.key] {
                if let complaint = property.complaint(about: member.value, at: place) { return complaint }
                continue
            }
            switch additional {
            case .any: continue
            case .none:
                let known = properties.keys.sorted().prefix(20).joined(separator: ", ")
                return known.isEmpty ? "\(place) is not known; there are no arguments." : "\(place) is not known; known are \(known)."
            case .matching(let schema):
                if let complaint = schema.complaint(about: member.value, at: place) { return complaint }
            }
        }
        return nil
    }

    private func complaint(about elements: [JSONValue], at path: String) -> String? {
        if let minItems, elements.count < minItems { return "\(path) must have at least \(minItems) elements, not \(elements.count)." }
        if let maxItems, elements.count > maxItems { return "\(path) must have at most \(maxItems) elements, not \(elements.count)." }
        switch items {
        case .any: return nil
        case .none: return elements.isEmpty ? nil : "\(path) must be empty."
        case .matching(let schema):
            for (index, element) in elements.enumerated() {
                if let complaint = schema.complaint(about: element, at: "\(path)[\(index)]") { return complaint }
            }
            return nil
        }
    }

    private func complaint(about text: String, at path: String) -> String? {
        guard minLength != nil || maxLength != nil else { return nil }
        // JSON Schema counts code points.
        let length = text.unicodeScalars.count
        if let minLength, length < minLength { return "\(path) must have at least \(minLength) characters, not \(length)." }
        if let maxLength, length > maxLength { return "\(path) must have at most \(maxLength) characters, not \(length)." }
        return nil
    }

    private func complaint(about number: Double, at path: String) -> String? {
        if let minimum, number < minimum { return "\(path) must be at least \(Self.text(minimum)), not \(Self.text(number))." }
        if let maximum, number > maximum { return "\(path) must be at most \(Self.text(maximum)), not \(Self.text(number))." }
        if let exclusiveMinimum, number <= exclusiveMinimum { return "\(path) must be more than \(Self.text(exclusiveMinimum))." }
        if let exclusiveMaximum, number >= exclusiveMaximum { return "\(path) must be less than \(Self.text(exclusiveMaximum))." }
        return nil
    }

    private static func isOf(type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null): true
        case ("number", .integer), ("number", .double), ("number", .number), ("integer", .integer): true
        // 1.0 is an integer in JSON Schema, and so is one that 64 bits cannot hold.
        case ("integer", .double(let number)): number == number.rounded()
        case ("integer", .number(let text)): !text.utf8.contains { $0 == 0x2E || $0 | 0x20 == 0x65 }
        default: false
        }
    }

    private static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if left == right { return true }
        guard let left = left.double, let right = right.double else { return false }
        return left == right
    }

    private static func article(_ type: String) -> String {
        switch type {
        case "object", "array", "integer": "an \(type)"
        case "null": "null"
        default: "a \(type)"
        }
    }

    private static func list(_ words: [String]) -> String { words.joined(separator: " or ") }
    private static func short(_ key: String) -> String { String(key.prefix(64)) }
    private static func text(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? "\(number)" }
}
