/// How well something works.
package enum HealthStatus: String, Sendable, Hashable, Comparable {
    case ok
    /// It works, and something that was derived (never asked for by name) is missing.
    case warning
    case failed

    package static func < (left: HealthStatus, right: HealthStatus) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .ok: 0
        case .warning: 1
        case .failed: 2
        }
    }
}

/// An address family as people and JSON name it.
package enum AddressFamily: String, Sendable, Hashable, CaseIterable {
    case ipv4
    case ipv6
    case unix
}

/// What came of dialling a listener of one family from this host.
package enum FamilyReach: Sendable, Hashable {
    /// An answer came.
    case reachable
    /// The host has no such address (EADDRNOTAVAIL, ENETUNREACH, EAFNOSUPPORT): nothing is wrong with the server.
    case absent(reason: String)
    /// The family has an address, and no answer came.
    case unreachable(reason: String)
    /// Nothing listens on this family.
    case notListening

    package var status: HealthStatus {
        switch self {
        case .reachable, .notListening: .ok
        case .absent: .warning
        case .unreachable: .failed
        }
    }
}
