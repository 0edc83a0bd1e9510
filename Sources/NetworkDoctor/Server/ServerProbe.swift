package import Listeners
import NIOPosix

/// Looks at the server's side, where the server is on this host.
package struct ServerProbe: Sendable {
    /// A host has a handful of addresses; one with hundreds is not dialled on all.
    static let addressLimit = 16

    private let connect: @Sendable (InternetAddress, UInt16) async -> ConnectionFact
    private let listening: @Sendable () throws -> [SocketDiagnosis.Entry]

    /// - Parameters:
    ///   - connect: dials one address.
    ///   - listening: the sockets of this host; a test gives its own.
    package init(
        connect: @escaping @Sendable (InternetAddress, UInt16) async -> ConnectionFact,
        listening: @escaping @Sendable () throws -> [SocketDiagnosis.Entry] = { try SocketDiagnosis.listening() }
    ) {
        self.connect = connect
        self.listening = listening
    }

    /// - Parameters:
    ///   - addresses: the target's.
    ///   - own: this host's.
    package func look(at addresses: [InternetAddress], port: UInt16, own: Fact<[InternetAddress]>) async -> ServerFacts {
        var facts = ServerFacts()
        let isOwn = Set((own.value ?? []).map(\.canonical))
        facts.isLocal = addresses.contains { $0.isLoopback || isOwn.contains($0.canonical) }
        guard facts.isLocal else { return facts }
        facts.sockets = await sockets(on: port)
        let candidates = (own.value ?? []).filter { !$0.isLinkLocal }.prefix(Self.addressLimit)
        facts.ownAddresses = await withTaskGroup(of: (Int, ConnectionFact).self) { tasks in
            for (place, address) in candidates.enumerated() {
                tasks.addTask { (place, await connect(address, port)) }
            }
            var found: [(Int, ConnectionFact)] = []
            for await one in tasks { found.append(one) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return facts
    }

    private func sockets(on port: UInt16) async -> Fact<[ServerFacts.Socket]> {
        do {
            // The kernel's dump and /proc are blocking calls.
            let sockets = try await NIOThreadPool.singleton.runIfActive {
                try listening().filter { $0.port == port }.map {
                    ServerFacts.Socket(
                        address: $0.address, port: port, isIPv6Only: $0.isIPv6Only, owner: PortOwner(inode: $0.inode, user: $0.user))
                }
            }
            return .known(sockets)
        } catch {
            return .notChecked("the kernel does not tell its sockets (\(error))")
        }
    }
}

extension InternetAddress {
    /// fe80::/10: it means nothing without its interface.
    var isLinkLocal: Bool {
        if case .ipv6(let high, _) = self { high >> 54 == 0x3FA } else { false }
    }
}
