import Listeners

/// A DNS answer, as far as it says which addresses a name has (RFC 1035 section 4).
struct DNSAnswer: Hashable {
    enum Flaw: Error, Hashable {
        /// It ends within a field.
        case cutShort
        /// A label of a kind that nobody defines, a name that is too long, a pointer that does not lead back.
        case malformedName
        /// A query, or an answer to more or less than one question.
        case noAnswer
    }

    /// More answers than any name has addresses; what follows is not read.
    private static let maximumRecords = 256

    var id: UInt16
    /// The answer did not fit (TC).
    var isTruncated: Bool
    /// RCODE: 0 is no error, 3 NXDOMAIN.
    var code: UInt8
    /// Lower case, without the dot at its end.
    var name: String
    var kind: UInt16
    /// Of the records of the kind that was asked for, whatever aliases lead to them.
    var addresses: [InternetAddress] = []

    init(_ bytes: [UInt8]) throws(Flaw) {
        var reader = DNSReader(bytes: bytes)
        id = try reader.number()
        let flags = try reader.number()
        isTruncated = flags & 0x0200 != 0
        code = UInt8(flags & 0x000F)
        let questions = try reader.number()
        let records = try reader.number()
        try reader.skip(4)
        guard flags & 0x8000 != 0, questions == 1 else { throw .noAnswer }
        name = try reader.name()
        kind = try reader.number()
        guard try reader.number() == 1 else { throw .noAnswer }
        for _ in 0..<min(Int(records), Self.maximumRecords) {
            // A truncated message may end anywhere.
            if isTruncated, reader.isAtEnd { break }
            _ = try reader.name()
            let recordKind = try reader.number()
            let recordClass = try reader.number()
            try reader.skip(4)
            let data = try reader.take(Int(try reader.number()))
            guard recordKind == kind, recordClass == 1 else { continue }
            if kind == NameFacts.Query.Kind.a.number, data.count == 4 {
                addresses.append(.ipv4(UInt32(Self.number(data))))
            } else if kind == NameFacts.Query.Kind.aaaa.number, data.count == 16 {
                addresses.append(.ipv6(high: Self.number(data.prefix(8)), low: Self.number(data.suffix(8))))
            }
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// What the answer means for whoever asked.
    var outcome: NameFacts.Query.Outcome {
        switch code {
        case 0 where !addresses.isEmpty: .addresses(addresses)
        case 0 where isTruncated: .failure("truncated")
        case 0: .noData
        case 3: .noSuchName
        default: .failure(Self.codeName(code))
        }
    }

    /// RFC 6895 section 2.3
    private static func codeName(_ code: UInt8) -> String {
        switch code {
        case 1: "FORMERR"
        case 2: "SERVFAIL"
        case 4: "NOTIMP"
        case 5: "REFUSED"
        default: "RCODE \(code)"
        }
    }
}

/// Steps through a message; whatever the bytes are, it ends.
private struct DNSReader {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index >= bytes.count }

    mutating func number() throws(DNSAnswer.Flaw) -> UInt16 {
        let bytes = try take(2)
        return UInt16(bytes[bytes.startIndex]) << 8 | UInt16(bytes[bytes.startIndex + 1])
    }

    mutating func skip(_ count: Int) throws(DNSAnswer.Flaw) {
        _ = try take(count)
    }

    mutating func take(_ count: Int) throws(DNSAnswer.Flaw) -> ArraySlice<UInt8> {
        guard bytes.count - index >= count else { throw .cutShort }
        defer { index += count }
        return bytes[index..<index + count]
    }

    /// Section 4.1.4: a pointer must lead to before everything that was read of this name, so that no two can lead to each other.
    mutating func name() throws(DNSAnswer.Flaw) -> String {
        var labels: [String] = []
        var length = 0
        var position = index
        var earliest = index
        var end: Int?
        while true {
            guard position < bytes.count else { throw .cutShort }
            let first = Int(bytes[position])
            switch first >> 6 {
            case 0 where first == 0:
                index = end ?? position + 1
                return labels.joined(separator: ".")
            case 0:
                length += first + 1
                guard length <= 254 else { throw .malformedName }
                guard position + first < bytes.count else { throw .cutShort }
                labels.append(String(decoding: bytes[position + 1...position + first], as: UTF8.self).lowercased())
                position += first + 1
            case 3:
                guard position + 1 < bytes.count else { throw .cutShort }
                let target = (first & 0x3F) << 8 | Int(bytes[position + 1])
                guard target < earliest else { throw .malformedName }
                end = end ?? position + 2
                earliest = target
                position = target
            default: throw .malformedName
            }
        }
    }
}
