package import Diagnosis

/// A socket that is bound and listens, with what the kernel says of it. Whoever takes it closes it.
package struct BoundListener: Sendable, Hashable {
    package var descriptor: CInt
    package var endpoint: ListenEndpoint
    /// IPV6_V6ONLY as the kernel reports it; `false` on an IPv4 or unix socket.
    package var isIPv6Only: Bool
    /// What the user wrote to get it.
    package var specification: ListenSpecification

    package init(descriptor: CInt, endpoint: ListenEndpoint, isIPv6Only: Bool, specification: ListenSpecification) {
        self.descriptor = descriptor
        self.endpoint = endpoint
        self.isIPv6Only = isIPv6Only
        self.specification = specification
    }

    package var family: AddressFamily { endpoint.family }

    package var port: UInt16? {
        if case .internet(_, let port) = endpoint { port } else { nil }
    }

    /// Whether only this host can reach it; a unix socket counts, its file mode says who.
    package var isLoopback: Bool {
        switch endpoint {
        case .internet(let address, _): address.isLoopback
        case .unix: true
        }
    }

    /// Whether this process made the socket. One that was handed to us (fd:N, LISTEN_FDS) belongs to the parent: it is not closed and its
    /// socket file is not removed.
    package var isOwned: Bool {
        if case .descriptor = specification { false } else { true }
    }
}

/// Where a listener is.
package enum ListenEndpoint: Sendable, Hashable, CustomStringConvertible {
    case internet(InternetAddress, port: UInt16)
    case unix(path: String)

    package var family: AddressFamily {
        switch self {
        case .internet(let address, _): address.family
        case .unix: .unix
        }
    }

    package var description: String {
        switch self {
        case .internet(let address, let port): address.withPort(port)
        case .unix(let path): "unix:\(path)"
        }
    }
}
