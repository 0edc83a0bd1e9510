import JSON

/// A text that is looked for in what is stored: as it is, and as JSON in JSON escapes it.
struct ErasureText {
    /// The form at `depth` is escaped so many times.
    private let forms: [[UInt8]]

    init(_ text: String) {
        var forms = [Array(text.utf8)]
        var last = text
        for _ in 0..<3 {
            last = String(JSONWriter.string(of: .string(last)).dropFirst().dropLast())
            forms.append(Array(last.utf8))
        }
        self.forms = forms
    }

    /// As it may stand in a text, which may be JSON itself; each form once.
    var plain: [[UInt8]] { distinct(forms[0...2]) }
    /// As it may stand in a record.
    var escaped: [[UInt8]] { distinct(forms[1...3]) }

    private func distinct(_ forms: ArraySlice<[UInt8]>) -> [[UInt8]] {
        forms.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

extension Collection<UInt8> {
    /// Whether the bytes stand in these; both are in memory already.
    func holds(_ needle: [UInt8]) -> Bool {
        guard !needle.isEmpty else { return false }
        let found = withContiguousStorageIfAvailable { bytes -> Bool in
            var start = 0
            while start + needle.count <= bytes.count {
                guard let next = bytes[start...].firstIndex(of: needle[0]), next + needle.count <= bytes.count else { return false }
                if bytes[next..<(next + needle.count)].elementsEqual(needle) { return true }
                start = next + 1
            }
            return false
        }
        return found ?? Array(self).holds(needle)
    }
}

/// Texts that were in messages, by their heads: a bookkeeping line or a title repeats such a text, or the head of one.
struct TextHeads {
    private static let length = 64
    /// Shorter ones ("yes") say nothing of where they are from.
    private static let minimum = 12
    private var heads: Set<[UInt8]> = []

    mutating func insert(_ text: some Collection<UInt8>) {
        let head = Self.head(text)
        if head.count >= Self.minimum { heads.insert(head) }
    }

    func contains(_ text: some Collection<UInt8>) -> Bool {
        guard !heads.isEmpty else { return false }
        let head = Self.head(text)
        return head.count >= Self.minimum && heads.contains(head)
    }

    private static func head(_ text: some Collection<UInt8>) -> [UInt8] { Array(text.drop { $0 <= 0x20 }.prefix(length)) }

    var isEmpty: Bool { heads.isEmpty }
}
