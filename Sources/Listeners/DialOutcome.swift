#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

package import Diagnosis

extension FamilyReach {
    /// What an errno of socket() or connect() says of a family when this host dials itself. A host without an address of the family answers
    /// with one of three, depending on how it lacks it: Docker's IPv4-only network binds `[::]` and gives EADDRNOTAVAIL for `::1`.
    package init(dialling endpoint: ListenEndpoint, code: CInt) {
        let name = SystemCallError(call: "connect", code: code).name
        switch code {
        case 0: self = .reachable
        case EADDRNOTAVAIL, ENETUNREACH, EAFNOSUPPORT:
            self = .absent(reason: "this host has no address of the family (\(name) at \(endpoint))")
        default: self = .unreachable(reason: "\(name) at \(endpoint)")
        }
    }
}

extension ListenEndpoint {
    /// Where this host dials to reach it: the loopback address for a wildcard.
    package var dialled: ListenEndpoint {
        guard case .internet(let address, let port) = self, address.isWildcard else { return self }
        return .internet(address.family == .ipv4 ? .loopback4 : .loopback6, port: port)
    }
}

extension BoundListener {
    /// Where this host dials to reach the listener.
    package var dialled: ListenEndpoint { endpoint.dialled }
}
