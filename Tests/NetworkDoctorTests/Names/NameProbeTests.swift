import Listeners
import Synchronization
import Testing

@testable import NetworkDoctor

@Suite("Name probe")
struct NameProbeTests {
    private func outcomes(
        host: String = "mcp-server.invalid", searchList: [String] = [], _ answers: @escaping @Sendable (DNSMessages) -> [[UInt8]]
    ) async throws -> [NameFacts.Query] {
        var queries: [NameFacts.Query] = []
        try await ScriptedNameServer.with(answers) { server in
            let probe = NameProbe(lookupTimeout: .milliseconds(1), queryTimeout: .milliseconds(300), port: server.port)
            queries = await probe.ask(host: host, nameServers: ["127.0.0.1"], searchList: searchList).queries
        }
        return queries
    }

    @Test func `A name server that knows IPv4 alone answers A with addresses and AAAA with NODATA`() async throws {
        let queries = try await outcomes { query in
            [query.answer(records: query.kind == 1 ? [DNSMessages.record(kind: 1, data: [172, 18, 0, 3])] : [])]
        }
        #expect(queries.map(\.kind) == [.a, .aaaa])
        #expect(queries.map(\.outcome) == [.addresses([.ipv4(0xAC12_0003)]), .noData])
        #expect(queries.map(\.nameServer) == ["127.0.0.1", "127.0.0.1"])
        #expect(queries.map(\.name) == ["mcp-server.invalid", "mcp-server.invalid"])
    }

    @Test(arguments: [(3, .noSuchName), (2, .failure("SERVFAIL")), (5, .failure("REFUSED"))] as [(UInt8, NameFacts.Query.Outcome)])
    func `A code that is no answer is told`(code: UInt8, outcome: NameFacts.Query.Outcome) async throws {
        #expect(try await outcomes { [$0.answer(code: code)] }.map(\.outcome) == [outcome, outcome])
    }

    @Test func `Silence, garbage and answers to another question are silence`() async throws {
        #expect(try await outcomes { _ in [] }.map(\.outcome) == [.silence, .silence])
        #expect(try await outcomes { _ in [[], [1, 2, 3], [UInt8](repeating: 0xC0, count: 500)] }.map(\.outcome) == [.silence, .silence])
        #expect(try await outcomes { [$0.answer(id: $0.id &+ 1)] }.map(\.outcome) == [.silence, .silence])
        let other = try #require(DNSQuestion(name: "other.invalid", kind: .a))
        #expect(
            try await outcomes { [DNSMessages(query: other.message(id: $0.id)).answer(records: [DNSMessages.record(kind: 1, data: [6, 6, 6, 6])])] }
                .map(\.outcome) == [.silence, .silence])
    }

    @Test func `The right answer behind garbage counts`() async throws {
        let queries = try await outcomes { [[0], $0.answer(id: $0.id &+ 1, records: []), $0.answer(code: 3)] }
        #expect(queries.map(\.outcome) == [.noSuchName, .noSuchName])
    }

    @Test func `A name server that is not there is refused`() async throws {
        let probe = NameProbe(lookupTimeout: .milliseconds(1), port: try await ScriptedNameServer.closedPort())
        let queries = await probe.ask(host: "a.invalid", nameServers: ["127.0.0.1", "no address"]).queries
        let unread = NameFacts.Query.Outcome.unreachable("its address cannot be read")
        #expect(queries.map(\.outcome) == [.unreachable("ECONNREFUSED"), .unreachable("ECONNREFUSED"), unread, unread])
    }

    @Test func `The search list is gone through until somebody knows the name`() async throws {
        let asked = Mutex<[String]>([])
        let queries = try await outcomes(host: "svc", searchList: ["one.invalid", "two.invalid"]) { query in
            asked.withLock { $0.append("\(query.name) \(query.kind)") }
            return [query.answer(code: query.name == "svc.two.invalid" ? 0 : 3)]
        }
        #expect(queries.map(\.outcome) == [.noData, .noData])
        #expect(queries.map(\.name) == ["svc.two.invalid", "svc.two.invalid"])
        #expect(asked.withLock { $0.filter { $0.hasSuffix(" 1") } } == ["svc.one.invalid 1", "svc.two.invalid 1", "svc 1"])
    }

    @Test func `Names are tried in the resolver's order`() {
        #expect(NameProbe.candidates("a.b", ["x", "y"], 1) == ["a.b", "a.b.x", "a.b.y"])
        #expect(NameProbe.candidates("a.b", ["x", "y"], 5) == ["a.b.x", "a.b.y", "a.b"])
        #expect(NameProbe.candidates("a", ["x"], 0) == ["a", "a.x"])
        #expect(NameProbe.candidates("a.", ["x"], 1) == ["a."])
        #expect(NameProbe.candidates("a", ["1", "2", "3", "4", "5"], 1) == ["a.1", "a.2", "a.3", "a"])
        #expect(NameProbe.candidates("localhost", ["x"], 1) == [])
    }

    @Test func `An address asks nothing`() async {
        let facts = await NameProbe().ask(host: "::1", nameServers: ["127.0.0.1"])
        #expect(facts.configured == .notChecked("the URL has an address and no name"))
        #expect(facts.plain == facts.configured)
        #expect(facts.queries == [])
    }

    @Test func `The C library is asked with and without AI_ADDRCONFIG`() async throws {
        let facts = await NameProbe().ask(host: "localhost", nameServers: ["127.0.0.1"])
        for resolution in [facts.configured, facts.plain] {
            #expect(try #require(resolution.value).addresses.contains(.loopback4))
            #expect(resolution.value?.failure == nil)
        }
        #expect(facts.queries == [])
    }

    @Test func `A lookup that nobody waits for does no harm`() async {
        let resolver = SystemResolver(lookups: 1)
        _ = await resolver.look(up: "unknown.invalid", isConfigured: true, timeout: .nanoseconds(1))
        resolver.abandon()
        #expect(await resolver.look(up: "localhost", isConfigured: true, timeout: .seconds(1)).failure == "timeout")
    }
}
