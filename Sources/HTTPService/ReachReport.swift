package import Diagnosis
package import Listeners

/// Whether each family that the server listens on answers when this host dials it.
package struct ReachReport: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var endpoint: ListenEndpoint
        package var reach: FamilyReach

        package init(endpoint: ListenEndpoint, reach: FamilyReach) {
            self.endpoint = endpoint
            self.reach = reach
        }
    }

    package var entries: [Entry]

    package init(entries: [Entry]) {
        self.entries = entries
    }

    /// Dials every listener at once.
    package static func dial(_ listeners: [BoundListener], probe: HealthProbe = HealthProbe()) async -> ReachReport {
        await dial(listeners.map(\.dialled), probe: probe)
    }

    package static func dial(_ endpoints: [ListenEndpoint], probe: HealthProbe = HealthProbe()) async -> ReachReport {
        let entries = await withTaskGroup(of: (Int, Entry).self) { tasks in
            for (place, endpoint) in endpoints.enumerated() {
                tasks.addTask {
                    (place, Entry(endpoint: endpoint, reach: FamilyReach(await probe.ask(endpoint), at: endpoint)))
                }
            }
            var entries: [(Int, Entry)] = []
            for await entry in tasks { entries.append(entry) }
            return entries.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return ReachReport(entries: entries)
    }

    /// The worst of a family's sockets, except that one that answers outweighs one whose address is gone.
    package subscript(family: AddressFamily) -> FamilyReach {
        let reaches = entries.filter { $0.endpoint.family == family }.map(\.reach)
        let unreachable = reaches.first { $0.status == .failed }
        return unreachable ?? reaches.first { $0 == .reachable } ?? reaches.first ?? .notListening
    }

    /// IPv4 and IPv6 always, a unix socket where there is one.
    package var families: [(family: AddressFamily, reach: FamilyReach)] {
        AddressFamily.allCases.filter { $0 != .unix || self[$0] != .notListening }.map { ($0, self[$0]) }
    }

    /// A family without an address is a warning; none that answers at all is a failure.
    package var status: HealthStatus {
        guard entries.contains(where: { $0.reach == .reachable }) else { return .failed }
        return families.map(\.reach.status).max() ?? .failed
    }
}

extension FamilyReach {
    init(_ outcome: HealthProbe.Outcome, at endpoint: ListenEndpoint) {
        switch outcome {
        // Any answer proves that the way is open; what it says is the caller's business.
        case .answered: self = .reachable
        case .refused(let code): self.init(dialling: endpoint, code: code)
        case .timedOut: self = .unreachable(reason: "no answer in time at \(endpoint)")
        case .unintelligible(let reason): self = .unreachable(reason: "\(reason) at \(endpoint)")
        }
    }
}
