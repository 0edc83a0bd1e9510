import MemoryStore

/// A text that is looked for in what is stored: as it is, and as JSON in JSON escapes it, whoever wrote that JSON.
struct ErasureText {
    /// As it may stand in a text, which may be JSON itself; each form once, the text as it is first.
    let plain: [[UInt8]]
    /// As it may stand in a record, in the same order.
    let escaped: [[UInt8]]

    init(_ text: String) {
        let forms = ErasureForms.all(of: text)
        plain = forms.map { Array($0.utf8) }
        // Records are written by this project, whatever stands in their strings.
        escaped = forms.map { Array(ErasureForms.escaped($0).utf8) }
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
