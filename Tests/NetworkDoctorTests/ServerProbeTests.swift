import Listeners
import NetworkDoctor
import Testing

@Suite("The server's side")
struct ServerProbeTests {
    private let own: [InternetAddress] = [.loopback4, .loopback6, .ipv4(0x0A4D_0001), .ipv6(high: 0xFE80_0000_0000_0000, low: 1)]

    private func probe(_ entries: @escaping @Sendable () throws -> [SocketDiagnosis.Entry]) -> ServerProbe {
        ServerProbe(connect: { ConnectionFact(address: $0, port: $1, outcome: .connected) }, listening: entries)
    }

    @Test("A server on another host has no sockets here")
    func remote() async {
        let facts = await probe {
            Issue.record("the sockets are nobody's business"); return []
        }
        .look(at: [.ipv4(0x0A4D_0002)], port: 8000, own: .known(own))
        #expect(facts == ServerFacts())
    }

    @Test("A server on this host is dialled on every address that means something by itself")
    func local() async {
        let facts = await probe {
            [.init(address: .any6, port: 8000, user: 0, inode: 1, isIPv6Only: true), .init(address: .any4, port: 22, user: 0, inode: 2)]
        }
        .look(at: [.ipv4(0x0A4D_0001)], port: 8000, own: .known(own))
        #expect(facts.isLocal)
        #expect(facts.sockets.value?.map(\.address) == [.any6])
        #expect(facts.sockets.value?.first?.isIPv6Only == true)
        #expect(facts.ownAddresses.map(\.address) == Array(own.prefix(3)))
    }

    @Test("A kernel that does not tell leaves it not checked")
    func silent() async {
        let facts = await probe { throw SystemCallError(call: "socket", code: 97) }.look(at: [.loopback4], port: 8000, own: .known(own))
        guard case .notChecked = facts.sockets else {
            Issue.record("\(facts.sockets)")
            return
        }
    }
}
