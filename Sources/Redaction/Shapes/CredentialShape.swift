/// One row of the tables of shapes: how the tokens of one issuer look.
struct CredentialShape: Sendable {
    /// What the characters behind the literal must be like, beyond their class.
    enum Demand: Sendable {
        /// Not one character over and over, as in `ghp_xxxxxxxx`.
        case varied
        /// A digit among them.
        case digit
        /// A digit among them, or they look drawn at random: words in capitals do not.
        case mixed
        /// They look drawn at random: words between hyphens do not.
        case random
    }

    let shape: RedactionShape
    let issuer: String
    let patterns: [TokenPattern]
    let demand: Demand
    /// Whether the first literal stays readable, as the host of a webhook's URL does.
    let keepsLiteral: Bool
    private let knownBy: Found.Knowledge

    /// - Parameter demand: by default, tokens of fixed length must be varied, others random.
    init(
        _ shape: RedactionShape, _ issuer: StaticString, _ patterns: StaticString..., demand: Demand? = nil, keepsLiteral: Bool = false
    ) {
        self.shape = shape
        self.issuer = issuer.description
        self.patterns = patterns.map { TokenPattern($0) }
        self.demand = demand ?? (self.patterns.allSatisfy(\.isFixed) ? .varied : .random)
        self.keepsLiteral = keepsLiteral
        knownBy = .issuer
    }

    /// A pattern of the user's.
    init(_ shape: RedactionShape, pattern: TokenPattern) {
        self.shape = shape
        issuer = "your rules"
        patterns = [pattern]
        demand = .varied
        keepsLiteral = false
        knownBy = .rule
    }

    func match(_ pattern: TokenPattern, in bytes: UnsafeRawBufferPointer, anchorAt start: Int, afterMatch: Bool) -> Found? {
        guard let (range, body) = pattern.match(in: bytes, anchorAt: start, afterMatch: afterMatch) else { return nil }
        // A pattern may have all its characters before the literal.
        let judged = body < range.upperBound - 4 ? body..<range.upperBound : range
        let text = UnsafeRawBufferPointer(rebasing: bytes[judged])
        switch demand {
        case .varied: guard Likeness.isVaried(text) else { return nil }
        case .digit: guard text.contains(where: ByteSet.digits.contains) else { return nil }
        case .mixed: guard Likeness.isVaried(text), text.contains(where: ByteSet.digits.contains) || Likeness.isRandom(text) else { return nil }
        case .random: guard Likeness.isVaried(text), Likeness.isRandom(text) else { return nil }
        }
        guard !Likeness.isInsideBase64(bytes, at: range.lowerBound) else { return nil }
        var found = Found(shape, keepsLiteral ? body..<range.upperBound : range)
        found.knownBy = knownBy
        return found
    }
}

/// A secret that was found.
struct Found {
    var shape: RedactionShape
    var range: Range<Int>
    /// What its placeholder is made from, where the text is written another way: escaped, or over several lines.
    var secret: [UInt8]?
    /// The telling name beside it, as ``TellingName/compact``.
    var name: String?
    /// Whether the name weighs more than what the value looks like.
    var isWeak = false
    /// Where two cover the same text, the one that says more to a reader names it: `github` more than `bearer-token`.
    var knownBy = Knowledge.issuer

    enum Knowledge: Int, Comparable {
        /// What stands round it: a name, a header, a URL.
        case surroundings
        case issuer
        /// A pattern of the user's.
        case rule
        /// The user listed it.
        case value

        static func < (left: Knowledge, right: Knowledge) -> Bool { left.rawValue < right.rawValue }
    }

    /// A secret that only what stands round it tells.
    static func surrounded(_ shape: RedactionShape, _ range: Range<Int>) -> Found {
        var found = Found(shape, range)
        found.knownBy = .surroundings
        return found
    }

    init(_ shape: RedactionShape, _ range: Range<Int>, secret: [UInt8]? = nil) {
        self.shape = shape
        self.range = range
        self.secret = secret
    }
}

/// A shape that no pattern can tell: code looks closer wherever one of its anchors stands.
struct CredentialProcedure: Sendable {
    let shapes: [RedactionShape]
    let issuer: String
    /// In words, for the documentation.
    let looks: String
    /// Of three bytes or more each.
    let anchors: [String]
    /// Finds secrets by the anchor at a place.
    let find: @Sendable (_ bytes: UnsafeRawBufferPointer, _ anchor: Int, _ afterMatch: Bool) -> [Found]

    init(
        _ shapes: [RedactionShape], _ issuer: StaticString, looks: StaticString, anchors: [String],
        find: @escaping @Sendable (UnsafeRawBufferPointer, Int, Bool) -> [Found]
    ) {
        self.shapes = shapes
        self.issuer = issuer.description
        self.looks = looks.description
        self.anchors = anchors
        self.find = find
    }
}
