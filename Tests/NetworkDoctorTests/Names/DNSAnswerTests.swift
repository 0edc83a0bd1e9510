import Listeners
import Testing

@testable import NetworkDoctor

@Suite("DNS messages")
struct DNSAnswerTests {
    private func messages(_ kind: NameFacts.Query.Kind = .a, name: String = "mcp-server.example") throws -> DNSMessages {
        DNSMessages(query: try #require(DNSQuestion(name: name, kind: kind)).message(id: 0x1234))
    }

    @Test func `A question is written as RFC 1035 has it`() throws {
        let question = try #require(DNSQuestion(name: "A.bc.", kind: .aaaa))
        #expect(question.name == "a.bc")
        #expect(question.message(id: 0xABCD) == [0xAB, 0xCD, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 2, 0x62, 0x63, 0, 0, 28, 0, 1])
    }

    @Test(arguments: ["", ".", "a..b", String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "a"])
    func `A name that DNS cannot hold is no question`(name: String) {
        #expect(DNSQuestion(name: name, kind: .a) == nil)
    }

    @Test func `Addresses are read, also behind an alias`() throws {
        let alias = DNSMessages.record(kind: 5, data: [1, 0x78, 0xC0, 12])
        let four = try DNSAnswer(
            messages().answer(records: [alias, DNSMessages.record(kind: 1, data: [172, 18, 0, 3], name: [1, 0x78, 0xC0, 12])]))
        #expect(four.id == 0x1234)
        #expect(four.name == "mcp-server.example")
        #expect(four.outcome == .addresses([.ipv4(0xAC12_0003)]))
        let six = try DNSAnswer(messages(.aaaa).answer(records: [DNSMessages.record(kind: 28, data: [UInt8](repeating: 0, count: 15) + [1])]))
        #expect(six.outcome == .addresses([.loopback6]))
    }

    @Test(
        arguments: [
            (0, false, .noData), (3, false, .noSuchName), (2, false, .failure("SERVFAIL")), (5, false, .failure("REFUSED")),
            (1, false, .failure("FORMERR")),
            (4, false, .failure("NOTIMP")), (9, false, .failure("RCODE 9")), (0, true, .failure("truncated")),
        ] as [(UInt8, Bool, NameFacts.Query.Outcome)])
    func `A code says why there are no addresses`(code: UInt8, isTruncated: Bool, outcome: NameFacts.Query.Outcome) throws {
        #expect(try DNSAnswer(messages().answer(code: code, isTruncated: isTruncated)).outcome == outcome)
    }

    @Test func `What fits into a truncated answer counts`() throws {
        var bytes = try messages().answer(isTruncated: true, records: [DNSMessages.record(kind: 1, data: [10, 0, 0, 1])])
        bytes[7] = 9
        let answer = try DNSAnswer(bytes)
        #expect(answer.isTruncated)
        #expect(answer.outcome == .addresses([.ipv4(0x0A00_0001)]))
    }

    @Test func `A record of another kind or length is passed over`() throws {
        let records = [
            DNSMessages.record(kind: 16, data: [1, 0x78]), DNSMessages.record(kind: 1, data: [1, 2, 3]), DNSMessages.record(kind: 28, data: [1]),
        ]
        #expect(try DNSAnswer(messages().answer(records: records)).outcome == .noData)
    }

    @Test func `Every beginning of an answer is refused and none is read beyond its end`() throws {
        let whole = try messages().answer(records: [DNSMessages.record(kind: 1, data: [10, 0, 0, 1])])
        for count in whole.indices { #expect(throws: DNSAnswer.Flaw.self) { try DNSAnswer(Array(whole[..<count])) } }
        #expect(throws: Never.self) { try DNSAnswer(whole) }
    }

    @Test(
        arguments: [
            // To itself, forward, beyond the end, a label kind that nobody defines.
            ([0xC0, 36], .malformedName), ([0xC0, 60], .malformedName), ([0xFF, 0xFF], .malformedName), ([0x80, 0], .malformedName),
            // Two pointers that lead to each other: the second one is the first one's target.
            ([1, 0x78, 0xC0, 36], .malformedName),
        ] as [([UInt8], DNSAnswer.Flaw)])
    func `A pointer that does not lead back is refused`(name: [UInt8], flaw: DNSAnswer.Flaw) throws {
        let messages = try messages()
        #expect(messages.query.count == 36)
        let bytes = messages.answer(records: [DNSMessages.record(kind: 1, data: [10, 0, 0, 1], name: name)])
        #expect(throws: flaw) { try DNSAnswer(bytes) }
    }

    @Test func `Names that grow through pointers stay within their bound`() throws {
        // Each record's name is a label and a pointer to the name before it.
        var records: [[UInt8]] = []
        var offset = 36
        var target = 12
        for _ in 0..<8 {
            let name = [63] + [UInt8](repeating: 0x61, count: 63) + [0xC0 | UInt8(target >> 8), UInt8(target & 255)]
            let record = DNSMessages.record(kind: 16, data: [], name: name)
            target = offset
            offset += record.count
            records.append(record)
        }
        let bytes = try messages().answer(records: records)
        #expect(throws: DNSAnswer.Flaw.malformedName) { try DNSAnswer(bytes) }
    }

    @Test func `A query is no answer`() throws {
        let query = try messages().query
        #expect(throws: DNSAnswer.Flaw.noAnswer) { try DNSAnswer(query) }
    }

    @Test func `Bytes at random are refused or read, and nothing else happens`() throws {
        var generator = SystemRandomNumberGenerator()
        let whole = try messages().answer(records: [DNSMessages.record(kind: 1, data: [10, 0, 0, 1])])
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator) }
            _ = try? DNSAnswer(bytes)
        }
    }
}
