package import Listeners
import NIOPosix

/// Looks at the server from its own host: which sockets listen on the port, whose they are, and on which addresses the port answers.
package struct ServerProbe: Sendable {
    /// Dials one address of this host.
    package typealias Connector = @Sendable (InternetAddress, UInt16) async -> ConnectionFact

    /// A host in a cluster may have hundreds; what the first show, the others would show too.
    private static let maximumAddresses = 16

    private let sockets: @Sendable () throws -> [ListeningSocket]
    private let owner: @Sendable (ListeningSocket) -> PortOwner
    private let connect: Connector

    /// - Parameters:
    ///   - sockets: the sockets of this host, as the kernel lists them.
    ///   - owner: whose a socket is.
    package init(
        sockets: @escaping @Sendable () throws -> [ListeningSocket] = { try ListeningSocket.all() },
        owner: @escaping @Sendable (ListeningSocket) -> PortOwner = { PortOwner(of: $0) }, connect: @escaping Connector
    ) {
        self.sockets = sockets
        self.owner = owner
        self.connect = connect
    }

    /// - Parameters:
    ///   - addresses: where the target's host leads.
    ///   - own: this host's addresses.
    package func look(port: UInt16, addresses: [InternetAddress], own: Fact<[InternetAddress]>) async -> ServerFacts {
        var facts = ServerFacts()
        let ownAddresses = own.value ?? []
        facts.isLocal = addresses.contains { $0.isLoopback || $0.isWildcard || ownAddresses.contains($0.canonical) || ownAddresses.contains($0) }
        guard facts.isLocal else {
            facts.sockets = .notChecked(addresses.isEmpty ? "the name leads to no address" : "the server is on another host")
            return facts
        }
        async let found = listening(on: port)
        facts.ownAddresses = await dial(port, ownAddresses)
        facts.sockets = await found
        return facts
    }

    private func listening(on port: UInt16) async -> Fact<[ServerFacts.Socket]> {
        do {
            return .known(
                try await NIOThreadPool.singleton.runIfActive {
                    try sockets().filter { $0.port == port }.map {
                        .init(address: $0.address, port: $0.port, isIPv6Only: $0.isIPv6Only, owner: owner($0))
                    }
                })
        } catch {
            return .notChecked("this system does not list its sockets (\(error))")
        }
    }

    private func dial(_ port: UInt16, _ addresses: [InternetAddress]) async -> [ConnectionFact] {
        await withTaskGroup(of: (Int, ConnectionFact).self) { group in
            // A link-local address needs a zone, which no client's URL has.
            for (index, address) in addresses.filter({ !$0.isLinkLocal6 }).prefix(Self.maximumAddresses).enumerated() {
                group.addTask { (index, await connect(address, port)) }
            }
            var found: [(Int, ConnectionFact)] = []
            for await fact in group { found.append(fact) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

extension InternetAddress {
    /// fe80::/10 (RFC 4291 section 2.5.6)
    fileprivate var isLinkLocal6: Bool {
        if case .ipv6(let high, _) = self { high >> 54 == 0x3FA } else { false }
    }
}
