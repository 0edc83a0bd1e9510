/// A set of code points: a character, `.`, an escape such as `\d`, or a class in brackets.
struct ScalarSet: Sendable, Hashable {
    private var ranges: [ClosedRange<UInt32>] = []
    private var properties: [ScalarProperty] = []
    private var excluded: [ScalarProperty] = []
    private var isNegated = false
    /// The answers for ASCII, one bit each; set when the set is complete.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    private static let all: ClosedRange<UInt32> = 0...0x10FFFF
    private static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    private static let word: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    /// ECMA-262 section 12.2 and 12.3, and Zs of Unicode.
    private static let space: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F,
        0x3000...0x3000, 0xFEFF...0xFEFF,
    ]

    /// `.`: everything but the ends of lines.
    static let dot = ScalarSet.ranges([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], isNegated: true)

    init() {}

    init(_ scalar: UInt32) {
        insert(scalar...scalar)
        complete()
    }

    /// `\d`, `\D`, `\w`, `\W`, `\s` or `\S`; `nil` for other letters.
    init?(escape letter: Unicode.Scalar) {
        switch letter {
        case "d": self = .ranges(Self.digits)
        case "D": self = .ranges(Self.digits, isNegated: true)
        case "w": self = .ranges(Self.word)
        case "W": self = .ranges(Self.word, isNegated: true)
        case "s": self = .ranges(Self.space)
        case "S": self = .ranges(Self.space, isNegated: true)
        default: return nil
        }
    }

    /// `\p{...}` or `\P{...}`.
    init(_ property: ScalarProperty, isNegated: Bool) {
        if isNegated { excluded = [property] } else { properties = [property] }
        complete()
    }

    private static func ranges(_ ranges: [ClosedRange<UInt32>], isNegated: Bool = false) -> ScalarSet {
        var set = ScalarSet()
        set.ranges = isNegated ? complement(of: ranges) : ranges
        set.complete()
        return set
    }

    private static func complement(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= all.upperBound { result.append(next...all.upperBound) }
        return result
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func formUnion(_ other: ScalarSet) {
        ranges.append(contentsOf: other.ranges)
        for property in other.properties where !properties.contains(property) { properties.append(property) }
        for property in other.excluded where !excluded.contains(property) { excluded.append(property) }
    }

    mutating func negate() { isNegated.toggle() }

    /// Sorts and merges the ranges and works out the answers for ASCII. Everything that goes in must go in before.
    mutating func complete() {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
        for value in UInt32(0)..<64 {
            if lookUp(value) { ascii.low |= 1 << UInt64(value) }
            if lookUp(value + 64) { ascii.high |= 1 << UInt64(value) }
        }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 64 { return ascii.low >> UInt64(value) & 1 == 1 }
        if value < 128 { return ascii.high >> UInt64(value - 64) & 1 == 1 }
        return lookUp(value)
    }

    private func lookUp(_ value: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = low + (high - low) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        if low < ranges.count, ranges[low].contains(value) { return !isNegated }
        guard !properties.isEmpty || !excluded.isEmpty, let scalar = Unicode.Scalar(value) else { return isNegated }
        let isMember = properties.contains { $0.contains(scalar) } || excluded.contains { !$0.contains(scalar) }
        return isMember != isNegated
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool { word.contains { $0.contains(scalar.value) } }

    static func == (left: ScalarSet, right: ScalarSet) -> Bool {
        left.ranges == right.ranges && left.properties == right.properties && left.excluded == right.excluded
            && left.isNegated == right.isNegated
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ranges)
        hasher.combine(isNegated)
    }
}
