/// What a token looks like: literal text, runs of characters of one class, and parts that may be absent.
///
/// It is written like a small part of a regular expression: `acme_[A-Za-z0-9]{32}(-[0-9]{1,3})?`. A run takes all that it can and gives
/// nothing back, so a match costs no more than the bytes that it looks at, whatever the pattern and the text are.
struct TokenPattern: Sendable {
    struct Run: Sendable, Hashable {
        var set: ByteSet
        var counts: ClosedRange<Int>
    }

    indirect enum Element: Sendable, Hashable {
        case literal([UInt8])
        case run(Run)
        case optional([Element])
    }

    /// What `{20,}` means: longer runs are no tokens.
    static let maximumRun = 4096
    /// What may stand before the first literal. It is looked at again wherever that literal stands, so this bounds the cost of a byte.
    static let maximumBefore = 128
    /// A shorter literal would be looked for at too many places. One of two bytes needs a run behind it.
    static let minimumAnchor = 3

    let source: String
    private let elements: [Element]
    /// Runs before the first literal, nearest first.
    private let before: [Run]
    /// The first literal: where a scan looks closer.
    let anchor: [UInt8]
    private let after: [Element]
    private let hyphenJoins: Bool
    /// Whether every match has the same length.
    let isFixed: Bool

    /// - Parameter isWhole: for values that stand alone, which need no literal to be found by.
    init(parsing source: String, isWhole: Bool = false) throws(PatternFlaw) {
        var parser = TokenPatternParser(source)
        elements = try parser.elements()
        self.source = source
        isFixed = elements.allSatisfy(Self.isFixed)
        var before: [Run] = []
        var rest = elements[...]
        while case .run(let run)? = rest.first {
            before.insert(run, at: 0)
            rest.removeFirst()
        }
        guard case .literal(let anchor)? = rest.first, anchor.count >= (rest.count > 1 ? 2 : Self.minimumAnchor) else {
            guard isWhole else { throw PatternFlaw("has no literal text of \(Self.minimumAnchor) bytes or more to be found by") }
            (self.before, self.anchor, after, hyphenJoins) = ([], [], elements, false)
            return
        }
        guard before.reduce(0, { $0 + $1.counts.upperBound }) <= Self.maximumBefore else {
            throw PatternFlaw("may have more than \(Self.maximumBefore) characters before its first literal text")
        }
        self.before = before
        self.anchor = anchor
        after = Array(rest.dropFirst())
        var joins = anchor.contains(UInt8(ascii: "-"))
        if case .run(let run)? = after.first, run.set.contains(UInt8(ascii: "-")) { joins = true }
        hyphenJoins = joins
    }

    /// A pattern of the program's own tables.
    init(_ source: StaticString, isWhole: Bool = false) {
        do throws(PatternFlaw) {
            try self.init(parsing: source.description, isWhole: isWhole)
        } catch {
            preconditionFailure("the pattern \(source) \(error.reason)")
        }
    }

    private static func isFixed(_ element: Element) -> Bool {
        switch element {
        case .literal: true
        case .run(let run): run.counts.count == 1
        case .optional: false
        }
    }

    /// What a scan looks for: the literal, or its two bytes and each that may follow.
    var anchors: [[UInt8]] {
        guard anchor.count == 2 else { return anchor.isEmpty ? [] : [anchor] }
        guard case .run(let run)? = after.first, run.counts.lowerBound > 0 else { return [] }
        return (UInt8(0)..<128).filter { run.set.contains($0) }.map { anchor + [$0] }
    }

    /// The whole token whose first literal stands at `start`, and where what follows that literal begins.
    func match(in bytes: UnsafeRawBufferPointer, anchorAt start: Int, afterMatch: Bool) -> (range: Range<Int>, body: Int)? {
        guard Self.stands(anchor, in: bytes, at: start) else { return nil }
        var head = start
        for run in before {
            let runStart = run.set.runStart(in: bytes, to: head, limit: run.counts.upperBound)
            guard head - runStart >= run.counts.lowerBound else { return nil }
            head = runStart
        }
        guard afterMatch && head == start || TokenBoundary.begins(in: bytes, at: head, hyphenJoins: hyphenJoins) else { return nil }
        guard let end = Self.end(of: after, in: bytes, from: start + anchor.count), Self.isEnded(elements, in: bytes, at: end) else { return nil }
        return (head..<end, start + anchor.count)
    }

    /// Whether the pattern covers the whole range.
    func matches(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
        Self.end(of: elements, in: UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound]), from: range.lowerBound) == range.upperBound
    }

    private static func stands(_ literal: [UInt8], in bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard start + literal.count <= bytes.count else { return false }
        for (offset, byte) in literal.enumerated() where bytes[start + offset] != byte { return false }
        return true
    }

    private static func end(of elements: [Element], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        for element in elements {
            switch element {
            case .literal(let literal):
                guard stands(literal, in: bytes, at: index) else { return nil }
                index += literal.count
            case .run(let run):
                let end = run.set.runEnd(in: bytes, from: index, limit: run.counts.upperBound)
                guard end - index >= run.counts.lowerBound else { return nil }
                index = end
            case .optional(let part):
                if let end = end(of: part, in: bytes, from: index) { index = end }
            }
        }
        return index
    }

    /// A run that goes on behind its greatest length, or in letters, is something else.
    private static func isEnded(_ elements: [Element], in bytes: UnsafeRawBufferPointer, at end: Int) -> Bool {
        guard end < bytes.count else { return true }
        switch elements.last {
        case .run(let run): return !run.set.contains(bytes[end]) && !ByteSet.alphanumeric.contains(bytes[end])
        case .optional(let part): return isEnded(part, in: bytes, at: end)
        default: return true
        }
    }
}

/// Why a pattern cannot be used.
package struct PatternFlaw: Error, Sendable, Hashable {
    /// The part of a sentence behind "the pattern ...".
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
