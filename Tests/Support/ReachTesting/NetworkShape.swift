/// What the hosts of a test's network have of IPv4 and IPv6. The raw value is the network's name in docs/network.md.
package enum NetworkShape: String, CaseIterable, Sendable, CustomStringConvertible {
    /// As newer Docker makes a container: `::1` on lo, and an interface with an IPv4 address and IPv6 switched off.
    case ipv4Only = "IPv4 only"
    /// As older Docker makes it: `disable_ipv6` for the whole host, no IPv6 address at all, and `::1 localhost` in /etc/hosts.
    case disableIPv6 = "disable_ipv6"
    case dualStack = "dual stack"
    /// Not even 127.0.0.1.
    case ipv6Only = "IPv6 only"
    /// Both, where a socket on `::` takes no IPv4 unless the program asks for it.
    case bindV6Only = "bindv6only=1"
    /// Both on the wire, and programs for which socket(AF_INET6) gives EAFNOSUPPORT.
    case kernelWithoutIPv6 = "kernel without IPv6"

    package var description: String { rawValue }

    package var hasIPv4: Bool { self != .ipv6Only }

    /// Whether programs of the two hosts reach each other by IPv6.
    package var hasIPv6: Bool { [.dualStack, .ipv6Only, .bindV6Only].contains(self) }

    package var hasIPv6Loopback: Bool { hasIPv6 || self == .ipv4Only }

    /// What to write into /proc/sys before there is a link.
    var sysctls: [String: String] {
        switch self {
        // Of the link alone, and so only once there is one: see `linkSysctls`.
        case .ipv4Only, .dualStack, .ipv6Only, .kernelWithoutIPv6: [:]
        case .disableIPv6: ["net/ipv6/conf/all/disable_ipv6": "1", "net/ipv6/conf/default/disable_ipv6": "1"]
        case .bindV6Only: ["net/ipv6/bindv6only": "1"]
        }
    }

    var linkSysctls: [String: String] {
        self == .ipv4Only ? ["net/ipv6/conf/eth0/disable_ipv6": "1"] : [:]
    }
}

/// The addresses of a network's two hosts, and the names that its name server answers.
package enum NetworkAddress {
    package static let serverIPv4 = "10.77.0.1"
    package static let serverIPv6 = "fd77::1"
    package static let clientIPv4 = "10.77.0.2"
    package static let clientIPv6 = "fd77::2"
    /// Addresses of the server that answer nothing, not even by a refusal, as behind a firewall that drops.
    package static let silentIPv4 = "10.77.0.66"
    package static let silentIPv6 = "fd77::66"

    /// The server by every family that the network has, as Compose's name server does it.
    package static let serviceName = "mcp-server"
    package static let ipv4Name = "v4-name"
    package static let ipv6Name = "v6-name"
    /// The server by IPv4, and an address that drops everything by IPv6.
    package static let deadIPv6Name = "dead-v6"
    package static let deadIPv4Name = "dead-v4"
    /// A name with dots, which magenta's Host rule does not know.
    package static let foreignName = "evil.example"

    static func records(_ shape: NetworkShape) -> [(address: String, name: String)] {
        let ipv4 = [serviceName, ipv4Name, deadIPv6Name, foreignName].map { (serverIPv4, $0) } + [(silentIPv4, deadIPv4Name)]
        let ipv6 = [serviceName, ipv6Name, deadIPv4Name, foreignName].map { (serverIPv6, $0) } + [(silentIPv6, deadIPv6Name)]
        return (shape.hasIPv4 ? ipv4 : []) + (shape.hasIPv6 ? ipv6 : [])
    }
}
