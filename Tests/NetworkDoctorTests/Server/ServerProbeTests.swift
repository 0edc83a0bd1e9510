import Diagnosis
import Listeners
import Testing

@testable import NetworkDoctor

@Suite("Server probe")
struct ServerProbeTests {
    private func probe(_ sockets: [ListeningSocket] = [], failure: SystemCallError? = nil) -> ServerProbe {
        ServerProbe(
            sockets: {
                if let failure { throw failure }
                return sockets
            },
            owner: { .process(id: Int32($0.inode), command: "server") },
            connect: { ConnectionFact(address: $0, port: $1, outcome: $0.family == .ipv4 ? .connected : .failed("ECONNREFUSED")) })
    }

    private let own = [InternetAddress.loopback4, .loopback6, .ipv4(0xAC12_0003), .ipv6(high: 0xFE80 << 48, low: 1)]

    @Test func `The founding bug is seen from the server's host`() async {
        let sockets = [
            ListeningSocket(address: .any6, port: 8000, user: 0, inode: 7, isIPv6Only: true),
            ListeningSocket(address: .any4, port: 22, user: 0, inode: 8),
        ]
        let facts = await probe(sockets).look(port: 8000, addresses: [.ipv4(0xAC12_0003)], own: .known(own))
        #expect(facts.isLocal)
        #expect(facts.sockets == .known([.init(address: .any6, port: 8000, isIPv6Only: true, owner: .process(id: 7, command: "server"))]))
        #expect(facts.sockets.value?.first?.answersIPv4 == false)
        // The link-local address is not dialled.
        #expect(facts.ownAddresses.map(\.address) == [.loopback4, .loopback6, .ipv4(0xAC12_0003)])
        #expect(facts.ownAddresses.map(\.outcome) == [.connected, .failed("ECONNREFUSED"), .connected])
        #expect(facts.ownAddresses.allSatisfy { $0.port == 8000 })
    }

    @Test func `A server on another host shows nothing here`() async {
        let facts = await probe().look(port: 8000, addresses: [.ipv4(0x0808_0808)], own: .known(own))
        #expect(!facts.isLocal && facts.ownAddresses.isEmpty)
        #expect(facts.sockets == .notChecked("the server is on another host"))
        #expect(await probe().look(port: 1, addresses: [], own: .known(own)).sockets == .notChecked("the name leads to no address"))
    }

    @Test(arguments: [InternetAddress.loopback4, .loopback6, .any4, .any6, .ipv6(high: 0, low: 0xFFFF_7F00_0001)])
    func `Loopback is local whatever is known of the addresses`(address: InternetAddress) async {
        let facts = await probe().look(port: 1, addresses: [address], own: .notChecked("nobody knows"))
        #expect(facts.isLocal && facts.sockets == .known([]) && facts.ownAddresses.isEmpty)
    }

    @Test func `A system that lists no sockets says why`() async {
        let failure = SystemCallError(call: "socket AF_NETLINK", code: 97)
        let facts = await probe(failure: failure).look(port: 1, addresses: [.loopback4], own: .known(own))
        #expect(facts.sockets == .notChecked("this system does not list its sockets (\(failure))"))
    }

    @Test func `Of many addresses the first sixteen are dialled`() async {
        let many = (1...40).map { InternetAddress.ipv4(0x0A00_0000 + $0) }
        #expect(await probe().look(port: 1, addresses: [many[39]], own: .known(many)).ownAddresses.map(\.address) == Array(many.prefix(16)))
    }

    @Test func `This host's sockets are looked at without an error`() async {
        let probe = ServerProbe { ConnectionFact(address: $0, port: $1, outcome: .timedOut) }
        #expect(await probe.look(port: 1, addresses: [.loopback4], own: .known([.loopback4])).sockets == .known([]))
    }
}
