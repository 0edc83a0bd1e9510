/// Which sockets to make for what the user wrote: a value, decided before any call.
package struct BindPlan: Sendable, Hashable {
    /// Sockets that stand or fall together: one specification, one port.
    package struct Group: Sendable, Hashable {
        package var specification: ListenSpecification
        package var endpoints: [ListenEndpoint]
        /// Whether the user wrote a word (`localhost`, `all`) from which the addresses follow: one whose family the host lacks is then only
        /// worth a warning.
        package var isDerived: Bool
    }

    package private(set) var groups: [Group]
    package private(set) var descriptors: [CInt]

    package init(_ specifications: [ListenSpecification]) {
        groups = []
        descriptors = []
        var taken: Set<ListenEndpoint> = []
        let wildcards = Set(specifications.flatMap(Self.endpoints).filter(\.isWildcardWithPort))
        for specification in specifications {
            if case .descriptor(let number) = specification {
                if !descriptors.contains(number) { descriptors.append(number) }
                continue
            }
            // Said twice, or covered by a wildcard on the same port: the kernel would call the second one taken, by us.
            let endpoints = Self.endpoints(specification).filter { endpoint in
                if endpoint.isPortZero { return true }
                if let wildcard = endpoint.wildcard, wildcard != endpoint, wildcards.contains(wildcard) { return false }
                return taken.insert(endpoint).inserted
            }
            if endpoints.isEmpty { continue }
            groups.append(Group(specification: specification, endpoints: endpoints, isDerived: specification.isWord))
        }
    }

    private static func endpoints(_ specification: ListenSpecification) -> [ListenEndpoint] {
        switch specification {
        case .localhost(let port): [.internet(.loopback4, port: port), .internet(.loopback6, port: port)]
        case .all(let port): [.internet(.any4, port: port), .internet(.any6, port: port)]
        case .literal(let address, let port): [.internet(address.canonical, port: port)]
        case .unix(let path): [.unix(path: path)]
        case .descriptor: []
        }
    }
}

extension ListenSpecification {
    var isWord: Bool {
        switch self {
        case .localhost, .all: true
        case .literal, .unix, .descriptor: false
        }
    }
}

extension ListenEndpoint {
    var isPortZero: Bool {
        if case .internet(_, 0) = self { true } else { false }
    }

    var isWildcardWithPort: Bool {
        if case .internet(let address, let port) = self { address.isWildcard && port != 0 } else { false }
    }

    /// The wildcard of its family on its port.
    var wildcard: ListenEndpoint? {
        switch self {
        case .internet(.ipv4, let port): .internet(.any4, port: port)
        case .internet(.ipv6, let port): .internet(.any6, port: port)
        case .unix: nil
        }
    }

    func with(port: UInt16) -> ListenEndpoint {
        if case .internet(let address, _) = self { .internet(address, port: port) } else { self }
    }
}
