/// The members of a JSON object in the order in which they were read or added.
///
/// Looking a key up walks the members: objects on the wire and in transcripts have a few dozen of them at most, and
/// there a walk beats a hash table. Where a key stands twice, the last one counts (what most readers do), and
/// ``JSONReader`` can refuse such an object instead.
public struct JSONObject: Sendable, Hashable {
    /// One key and its value.
    public struct Member: Sendable, Hashable {
        /// The name of the member.
        public var key: String
        /// What stands under that name.
        public var value: JSONValue

        /// A member of this name and value.
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// All members in their order, also those whose key stands again further on.
    public private(set) var members: [Member]

    /// An object of these members, in this order.
    public init(_ members: [Member] = []) {
        self.members = members
    }

    /// The value of the last member with this key; setting changes that one or appends, and `nil` removes all of them.
    public subscript(key: String) -> JSONValue? {
        get { members.last { Self.isSame($0.key, key) }?.value }
        set {
            if let index = members.lastIndex(where: { Self.isSame($0.key, key) }) {
                if let newValue { members[index].value = newValue } else { members.removeAll { Self.isSame($0.key, key) } }
            } else if let newValue {
                members.append(Member(key: key, value: newValue))
            }
        }
    }

    /// Swift's strings are equal where Unicode says so; keys are equal code unit by code unit (RFC 8259 section 8.3).
    static func isSame(_ left: String, _ right: String) -> Bool {
        left == right && left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }

    /// How many members there are.
    public var count: Int { members.count }
    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }
    /// The keys in their order.
    public var keys: [String] { members.map(\.key) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object with its members in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member(key: $0.0, value: $0.1) })
    }
}
