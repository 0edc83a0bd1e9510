import JSON

/// A JSON value under the equality of JSON Schema (Core section 4.2.2): numbers by their value, objects whatever the order of their
/// members, strings code point by code point (Swift's own equality holds "é" and "e" with an accent for the same).
///
/// Keys are compared as ``JSONObject`` compares them. Below 256 levels nothing is equal to anything.
struct ExactValue: Sendable, Hashable {
    let value: JSONValue

    private static let maximumDepth = 256

    init(_ value: JSONValue) { self.value = value }

    static func == (left: ExactValue, right: ExactValue) -> Bool { isEqual(left.value, right.value, depth: maximumDepth) }

    func hash(into hasher: inout Hasher) { Self.hash(value, into: &hasher, depth: Self.maximumDepth) }

    /// How many scalars, members and elements a value has, with long texts counted by their length; up to `limit`.
    static func weight(of value: JSONValue, limit: Int) -> Int {
        var waiting = [value]
        var weight = 0
        while let next = waiting.popLast(), weight < limit {
            weight += 1
            switch next {
            case .string(let text), .number(let text): weight += text.utf8.count / 64
            case .array(let elements): waiting.append(contentsOf: elements)
            case .object(let object): waiting.append(contentsOf: object.members.lazy.map(\.value))
            default: break
            }
        }
        return weight
    }

    private static func isEqual(_ left: JSONValue, _ right: JSONValue, depth: Int) -> Bool {
        guard depth > 0 else { return false }
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.integer(let left), .integer(let right)): return left == right
        case (.integer, _), (.double, _), (.number, _):
            guard let left = ExactNumber(left), let right = ExactNumber(right) else { return false }
            return left == right
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { isEqual($0, $1, depth: depth - 1) }
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            let members = MemberLookup(right, lookups: left.count)
            return left.members.allSatisfy { member in members[member.key].map { isEqual(member.value, $0, depth: depth - 1) } ?? false }
        default: return false
        }
    }

    private static func hash(_ value: JSONValue, into hasher: inout Hasher, depth: Int) {
        guard depth > 0 else { return }
        switch value {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .integer, .double, .number:
            if let integer = value.integer { return hasher.combine(integer) }
            let number = ExactNumber(value)
            if let integer = number?.integer { hasher.combine(integer) } else { hasher.combine(number) }
        case .string(var text): text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        case .array(let elements):
            hasher.combine(elements.count)
            for element in elements { hash(element, into: &hasher, depth: depth - 1) }
        case .object(let object):
            // A sum, since the order must not matter.
            var sum = object.count
            for member in object.members {
                var inner = Hasher()
                inner.combine(member.key)
                hash(member.value, into: &inner, depth: depth - 1)
                sum &+= inner.finalize()
            }
            hasher.combine(sum)
        }
    }
}

/// Finds members by key: a walk where few are sought, a table where walks would add up to the square of the object's size.
struct MemberLookup {
    private let object: JSONObject
    private let table: [String: JSONValue]?

    init(_ object: JSONObject, lookups: Int) {
        self.object = object
        table =
            object.count > 16 && lookups > 4
            ? Dictionary(object.members.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last }) : nil
    }

    subscript(key: String) -> JSONValue? {
        guard let table else { return object[key] }
        return table[key]
    }
}

/// The values of `enum`, or the one of `const` (Validation sections 6.1.2 and 6.1.3).
final class AllowedValues: Sendable {
    /// In the order of the schema.
    let values: [JSONValue]
    private let set: Set<ExactValue>

    init(_ values: [JSONValue]) {
        self.values = values
        set = Set(values.map(ExactValue.init))
    }

    func contains(_ value: JSONValue) -> Bool { set.contains(ExactValue(value)) }
}
