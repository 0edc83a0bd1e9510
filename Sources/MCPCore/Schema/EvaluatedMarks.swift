/// Which members or elements of a value some subschema has looked at, by their place: what `unevaluatedProperties` and
/// `unevaluatedItems` need to know (Core section 11). One bit each.
struct EvaluatedMarks {
    private var words: [UInt64] = []

    /// For the bits of so many members or elements.
    init(count: Int) { words = Array(repeating: 0, count: count / 64 + 1) }

    func contains(_ index: Int) -> Bool {
        let word = index / 64
        return word < words.count && words[word] >> UInt64(index % 64) & 1 == 1
    }

    mutating func insert(_ index: Int) {
        let word = index / 64
        if word < words.count { words[word] |= 1 << UInt64(index % 64) }
    }

    mutating func formUnion(_ other: EvaluatedMarks) {
        for index in words.indices where index < other.words.count { words[index] |= other.words[index] }
    }
}
