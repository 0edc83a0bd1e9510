/// The secrets that the user listed, as a trie over their bytes.
struct ExactValues: Sendable {
    private struct Edge {
        var byte: UInt8
        var target: Int32
        /// The next edge of the same node, or -1.
        var next: Int32
    }

    private var edges: [Edge] = []
    private var firstEdge: [Int32] = [-1]
    /// The value that ends at a node, or -1.
    private var ending: [Int32] = [-1]
    private let values: [[UInt8]]
    let mayStandInNumber: Bool

    init(_ texts: [String]) {
        values = texts.map { Array($0.utf8) }
        mayStandInNumber = values.contains { value in value.allSatisfy { Self.isNumberByte($0) } }
        for (number, value) in values.enumerated() { insert(value, number: number) }
    }

    func bytes(of value: Int) -> [UInt8] { values[value] }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"): true
        default: byte | 0x20 == UInt8(ascii: "e")
        }
    }

    private mutating func insert(_ value: [UInt8], number: Int) {
        var node = 0
        for byte in value {
            if let target = target(of: node, byte) {
                node = target
                continue
            }
            let target = firstEdge.count
            firstEdge.append(-1)
            ending.append(-1)
            edges.append(Edge(byte: byte, target: Int32(target), next: firstEdge[node]))
            firstEdge[node] = Int32(edges.count - 1)
            node = target
        }
        ending[node] = Int32(number)
    }

    private func target(of node: Int, _ byte: UInt8) -> Int? {
        var edge = firstEdge[node]
        while edge >= 0 {
            let candidate = edges[Int(edge)]
            if candidate.byte == byte { return Int(candidate.target) }
            edge = candidate.next
        }
        return nil
    }

    /// The longest value that begins at `start`, as it is or escaped.
    func longestMatch(in bytes: UnsafeRawBufferPointer, at start: Int) -> (end: Int, value: Int)? {
        guard !values.isEmpty else { return nil }
        var (best, sawBackslash) = walk(EscapedText(bytes: bytes, level: 0), from: start)
        guard sawBackslash else { return best }
        for level in 1...EscapedText.maximumLevel {
            let (found, _) = walk(EscapedText(bytes: bytes, level: level), from: start)
            if let found, found.end > best?.end ?? 0 { best = found }
        }
        return best
    }

    private func walk(_ text: EscapedText, from start: Int) -> (best: (end: Int, value: Int)?, sawBackslash: Bool) {
        var node = 0
        var index = start
        var best: (end: Int, value: Int)?
        var sawBackslash = false
        while index < text.bytes.count {
            if text.bytes[index] == UInt8(ascii: "\\") { sawBackslash = true }
            guard let unit = text.unit(at: index) else { break }
            var code = unit.utf8
            for _ in 0..<unit.count {
                guard let next = target(of: node, UInt8(truncatingIfNeeded: code)) else { return (best, sawBackslash) }
                node = next
                code >>= 8
            }
            index = unit.end
            if ending[node] >= 0 { best = (index, Int(ending[node])) }
        }
        return (best, sawBackslash)
    }
}
