import Diagnosis
package import Listeners

/// What this host shows of the server, where the server is on this host.
package struct ServerFacts: Sendable, Hashable {
    /// A socket that listens on the target's port.
    package struct Socket: Sendable, Hashable {
        package var address: InternetAddress
        package var port: UInt16
        /// IPV6_V6ONLY by sock_diag; `nil` where the kernel did not say, and for IPv4.
        package var isIPv6Only: Bool?
        package var owner: PortOwner

        package init(address: InternetAddress, port: UInt16, isIPv6Only: Bool? = nil, owner: PortOwner = .unknown) {
            self.address = address
            self.port = port
            self.isIPv6Only = isIPv6Only
            self.owner = owner
        }

        package var answersIPv4: Bool {
            switch address.family {
            case .ipv4: true
            default: isIPv6Only == false && address.isWildcard
            }
        }
    }

    /// Whether one of the target's addresses is this host's own; then the sockets below are the server's.
    package var isLocal = false
    package var sockets: Fact<[Socket]> = .notChecked(notLookedAt)
    /// Where the server is local: what came of dialling the port on every address of this host.
    package var ownAddresses: [ConnectionFact] = []

    package init() {}
}
