/// One question of a DNS message (RFC 1035 section 4.1.2), for an address of class IN.
struct DNSQuestion: Sendable, Hashable {
    /// In lower case, without the dot at its end.
    let name: String
    let kind: NameFacts.Query.Kind

    /// `nil` for a name that no DNS message can hold (RFC 1035 section 2.3.4).
    init?(name: String, kind: NameFacts.Query.Kind) {
        var name = name.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }) else { return nil }
        self.name = name
        self.kind = kind
    }

    /// The whole message, with recursion asked for.
    func message(id: UInt16) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 255), 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]
        for label in name.split(separator: ".") {
            bytes.append(UInt8(label.utf8.count))
            bytes += label.utf8
        }
        return bytes + [0, 0, UInt8(kind.number), 0, 1]
    }
}

extension NameFacts.Query.Kind {
    /// The type's number: RFC 1035 section 3.2.2, RFC 3596 section 2.1.
    var number: UInt16 {
        switch self {
        case .a: 1
        case .aaaa: 28
        }
    }
}
