import Diagnosis
import Listeners

/// What a report says of reach, family by family.
extension Report {
    /// The addresses that took a connection and kept it.
    var connected: [ConnectionFact] { connections.filter { $0.outcome == .connected } }

    /// Whether an HTTP answer came over the family, or a connection where HTTP was not tried.
    func reaches(_ family: AddressFamily) -> Bool {
        let connected = connected.filter { $0.address.canonical.family == family }
        guard !connected.isEmpty else { return false }
        let asked = http.health.filter { $0.address.canonical.family == family }
        // Where magenta answers on one address, another program on another address is not it.
        return asked.isEmpty || asked.contains { http.report == nil ? $0.answer != nil : $0.isMagenta }
    }

    /// The proxy variables are followed, and the proxy passes requests on.
    var isReachedThroughProxy: Bool { ProxyRules.taken(self) != nil && http.throughProxy?.answer.map(ProxyRules.isPassedOn) == true }

    /// Whether any address gave an HTTP answer; without one the layers above have nothing to say.
    var hasAnswer: Bool { http.health.contains { $0.answer != nil } }

    var isReached: Bool { reaches(.ipv4) || reaches(.ipv6) }

    /// Whether this host can send anything over the family: the errnos of an absent one are no fault of the server.
    func isAbsent(_ family: AddressFamily) -> Bool {
        let tried = connections.filter { $0.address.canonical.family == family }
        if tried.isEmpty { return true }
        return tried.allSatisfy(\.isFamilyAbsent)
    }

    var isInContainer: Bool { (environment.container.value ?? nil) != nil }
}

extension ConnectionFact {
    /// One of the errnos of a family that this host does not have.
    var isFamilyAbsent: Bool {
        if case .failed(let name) = outcome { ["EADDRNOTAVAIL", "EAFNOSUPPORT", "ENETUNREACH"].contains(name) } else { false }
    }
    var endpoint: String { address.withPort(port) }
}

extension AddressFamily {
    var other: AddressFamily { self == .ipv4 ? .ipv6 : .ipv4 }

    /// As people write it.
    var title: String {
        switch self {
        case .ipv4: "IPv4"
        case .ipv6: "IPv6"
        case .unix: "a unix socket"
        }
    }
}
