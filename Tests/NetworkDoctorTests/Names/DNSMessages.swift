@testable import NetworkDoctor

/// Makes answers to a query as a name server would, and as none should.
struct DNSMessages {
    let query: [UInt8]

    var id: UInt16 { UInt16(query[0]) << 8 | UInt16(query[1]) }
    var kind: UInt8 { query[query.count - 3] }
    /// What was asked for.
    var name: String {
        var labels: [String] = []
        var index = 12
        while query[index] != 0 {
            labels.append(String(decoding: query[index + 1...index + Int(query[index])], as: UTF8.self))
            index += Int(query[index]) + 1
        }
        return labels.joined(separator: ".")
    }

    func answer(code: UInt8 = 0, isTruncated: Bool = false, id: UInt16? = nil, records: [[UInt8]] = []) -> [UInt8] {
        var bytes = query
        let id = id ?? self.id
        bytes[0] = UInt8(id >> 8)
        bytes[1] = UInt8(id & 255)
        bytes[2] = isTruncated ? 0x83 : 0x81
        bytes[3] = 0x80 | code
        bytes[7] = UInt8(records.count)
        return bytes + records.flatMap { $0 }
    }

    /// The name is a pointer to the question's.
    static func record(kind: UInt8, data: [UInt8], name: [UInt8] = [0xC0, 12]) -> [UInt8] {
        name + [0, kind, 0, 1, 0, 0, 0, 60, UInt8(data.count >> 8), UInt8(data.count & 255)] + data
    }
}
