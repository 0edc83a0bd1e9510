/// Finds the places where a secret may begin, by the first two bytes.
///
/// One bit per pair of bytes: 8 KiB that stay in the first-level cache. In plain text about one place in a hundred is left
/// over for the slower matchers.
struct CandidateFilter: Sendable {
    private var bits = [UInt64](repeating: 0, count: 1024)

    init(exactValues: [String]) {
        for prefix in TokenShapes.prefixes { insert(prefix.utf8Start[0], prefix.utf8Start[1]) }
        insert(Placeholder.prefix.utf8Start[0], Placeholder.prefix.utf8Start[1])
        for value in exactValues {
            var bytes = value.utf8.makeIterator()
            guard let first = bytes.next(), let second = bytes.next() else { continue }
            insert(first, second)
            // In JSON inside of a string the second byte may be escaped, or the first.
            insert(first, UInt8(ascii: "\\"))
        }
        guard !exactValues.isEmpty else { return }
        for byte in UInt8.min...UInt8.max { insert(UInt8(ascii: "\\"), byte) }
    }

    private mutating func insert(_ first: UInt8, _ second: UInt8) {
        bits[Int(first) << 2 | Int(second) >> 6] |= 1 << UInt64(second & 63)
    }

    func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        bits.withUnsafeBufferPointer { bits -> Int? in
            var index = start
            let last = bytes.count - 1
            guard index < last else { return nil }
            var first = Int(bytes[index])
            while index < last {
                let second = Int(bytes[index &+ 1])
                if bits[first << 2 | second >> 6] & (1 << UInt64(truncatingIfNeeded: second & 63)) != 0 { return index }
                first = second
                index &+= 1
            }
            return nil
        }
    }
}
