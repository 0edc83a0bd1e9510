/// Every shape, found by the three bytes that its patterns begin with or that its procedure looks for.
struct ShapeIndex: Sendable {
    static let tables = CloudShapes.all + CodeShapes.all + ModelShapes.all + ServiceShapes.all
    static let procedures =
        WebToken.procedures + PrivateKeyBlock.procedures + AddressCredentials.procedures + ProgramArguments.procedures
        + HeaderCredentials.procedures + NamedPair.procedures
    /// The shapes that every redactor knows.
    static let builtIn = ShapeIndex(shapes: tables, procedures: procedures)

    private enum Matcher {
        case pattern(shape: Int, pattern: Int)
        case procedure(Int)
    }

    /// Trivial, so that looking one up counts no references.
    private struct Entry {
        var key: UInt32
        /// The whole literal, in ``literals``.
        var literal: Range<Int>
        var matcher: Matcher
        /// The next entry of the same bucket, or -1.
        var next: Int32
    }

    private static let bucketCount = 4096
    private var shapes: [CredentialShape]
    private let procedures: [CredentialProcedure]
    private var entries: [Entry] = []
    private var literals: [UInt8] = []
    private var buckets = [Int32](repeating: -1, count: bucketCount)
    /// For the filter.
    private(set) var anchors: [[UInt8]] = []

    init(shapes: [CredentialShape], procedures: [CredentialProcedure]) {
        self.shapes = []
        self.procedures = procedures
        for (number, procedure) in procedures.enumerated() {
            for anchor in procedure.anchors { insert(Array(anchor.utf8), .procedure(number)) }
        }
        for shape in shapes { append(shape) }
    }

    /// Adds a shape of the user's.
    mutating func append(_ shape: CredentialShape) {
        shapes.append(shape)
        for (number, pattern) in shape.patterns.enumerated() {
            for anchor in pattern.anchors { insert(anchor, .pattern(shape: shapes.count - 1, pattern: number)) }
        }
    }

    private mutating func insert(_ anchor: [UInt8], _ matcher: Matcher) {
        guard anchor.count >= 3 else { return }
        anchors.append(Array(anchor.prefix(3)))
        let key = Self.key(anchor[0], anchor[1], anchor[2])
        let bucket = Self.bucket(key)
        entries.append(Entry(key: key, literal: literals.count..<literals.count + anchor.count, matcher: matcher, next: buckets[bucket]))
        literals += anchor
        buckets[bucket] = Int32(entries.count - 1)
    }

    private static func key(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt32 {
        UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
    }

    private static func bucket(_ key: UInt32) -> Int {
        // Knuth, The Art of Computer Programming, section 6.4: multiplication by the golden ratio spreads neighbours.
        Int(truncatingIfNeeded: (key &* 2_654_435_769) >> 20)
    }

    private func stands(_ literal: Range<Int>, in bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard start + literal.count <= bytes.count else { return false }
        // The key has the first three.
        for offset in 3..<max(3, literal.count) where bytes[start + offset] != literals[literal.lowerBound + offset] { return false }
        return true
    }

    /// The secrets that the bytes at `start` lead to.
    func find(in bytes: UnsafeRawBufferPointer, at start: Int, afterMatch: Bool, _ take: (Found) -> Void) {
        guard start + 2 < bytes.count else { return }
        let key = Self.key(bytes[start], bytes[start + 1], bytes[start + 2])
        var place = buckets[Self.bucket(key)]
        while place >= 0 {
            let entry = entries[Int(place)]
            place = entry.next
            guard entry.key == key, stands(entry.literal, in: bytes, at: start) else { continue }
            switch entry.matcher {
            case .pattern(let shape, let pattern):
                let shape = shapes[shape]
                if let found = shape.match(shape.patterns[pattern], in: bytes, anchorAt: start, afterMatch: afterMatch) { take(found) }
            case .procedure(let number):
                for found in procedures[number].find(bytes, start, afterMatch) { take(found) }
            }
        }
    }
}
