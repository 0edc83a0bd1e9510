/// Finds the places where a secret may begin, by three bytes.
///
/// One bit for each three classes of bytes: 32 KiB, of which plain text touches few lines. Letters are classes of their own, so that
/// prefixes such as `AKIA` and the ends of names such as `password=` are told from ordinary words.
struct CandidateFilter: Sendable {
    private static let classCount = 64
    private static let classes: [UInt8] = (0...255).map { byteClass(UInt8($0)) }
    private var bits = [UInt64](repeating: 0, count: classCount * classCount * classCount / 64)

    private static func byteClass(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): 52
        case UInt8(ascii: "_"): 53
        case UInt8(ascii: "-"): 54
        case UInt8(ascii: "\\"): 55
        case UInt8(ascii: ":"): 56
        case UInt8(ascii: "/"): 57
        case UInt8(ascii: "="): 58
        case UInt8(ascii: "."): 59
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): 60
        case UInt8(ascii: " "), 0x09, 0x0A, 0x0D: 61
        case UInt8(ascii: "["): 62
        default: 63
        }
    }

    /// - Parameter anchors: of three bytes or more, of which the first three count.
    init(anchors: [[UInt8]], exactValues: [String]) {
        for anchor in anchors { insert(Self.classes[Int(anchor[0])], Self.classes[Int(anchor[1])], Self.classes[Int(anchor[2])]) }
        let backslash = Self.byteClass(UInt8(ascii: "\\"))
        let all = 0..<UInt8(Self.classCount)
        for value in exactValues {
            let head = value.utf8.prefix(3).map { Self.classes[Int($0)] }
            guard head.count == 3 else { continue }
            insert(head[0], head[1], head[2])
            // In JSON inside of a string any of the bytes may be escaped.
            insert(head[0], head[1], backslash)
            for third in all { insert(head[0], backslash, third) }
        }
        guard !exactValues.isEmpty else { return }
        for second in all { for third in all { insert(backslash, second, third) } }
    }

    private mutating func insert(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
        let place = (Int(first) << 6 | Int(second)) << 6 | Int(third)
        bits[place >> 6] |= 1 << UInt64(place & 63)
    }

    func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start >= 0, start + 2 < bytes.count else { return nil }
        return bits.withUnsafeBufferPointer { bits in
            Self.classes.withUnsafeBufferPointer { classes -> Int? in
                var index = start
                let last = bytes.count - 2
                // Two places at a time: the first two classes of the second are the last two of the first.
                var first = Int(classes[Int(bytes[start])])
                var second = Int(classes[Int(bytes[start &+ 1])])
                while index &+ 1 < last {
                    let third = Int(classes[Int(bytes[index &+ 2])])
                    let fourth = Int(classes[Int(bytes[index &+ 3])])
                    let place = bits[first << 6 | second] >> UInt64(truncatingIfNeeded: third)
                    let nextPlace = bits[second << 6 | third] >> UInt64(truncatingIfNeeded: fourth)
                    if (place | nextPlace) & 1 != 0 { return place & 1 != 0 ? index : index &+ 1 }
                    first = third
                    second = fourth
                    index &+= 2
                }
                guard index < last else { return nil }
                let third = UInt64(classes[Int(bytes[index &+ 2])])
                if bits[first << 6 | second] >> third & 1 != 0 { return index }
                return nil
            }
        }
    }
}
