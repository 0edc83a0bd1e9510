import Diagnosis
import Listeners
import NIOCore

/// What stays the same for every request of one connection.
struct Connection: Sendable {
    /// The peer itself, before anybody says whom it speaks for.
    let client: TrustedProxies.Client
    let family: AddressFamily
    /// Over the limit of connections: its first request is answered 503.
    let isSurplus: Bool
    let departure = Signal()

    init(channel: any Channel, family: AddressFamily, isSecure: Bool, isSurplus: Bool) {
        self.family = family
        self.isSurplus = isSurplus
        client = TrustedProxies.Client(peer: Self.canonicalPeer(channel.remoteAddress), isSecure: isSecure)
    }

    static func canonicalPeer(_ address: SocketAddress?) -> String {
        switch address {
        case .v4, .v6:
            guard let text = address?.ipAddress else { return "unknown" }
            // NIO writes the zone of a link-local peer behind the address, which is no literal: it is kept as it is.
            return InternetAddress(text)?.canonical.description ?? text
        case .unixDomainSocket: return "unix"
        case nil: return "unknown"
        }
    }
}
