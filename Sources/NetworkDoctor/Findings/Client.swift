package import Diagnosis
import Listeners

/// A client whose way with several addresses is known (facts measured with Node 18 and 20, and Bun under Claude Code).
package enum Client: String, Sendable, Hashable, CaseIterable {
    case claudeCode = "claude-code"
    case node18 = "node-18"
    case node20 = "node-20"
    case bun

    package var title: String {
        switch self {
        case .claudeCode: "Claude Code"
        case .node18: "Node 18"
        case .node20: "Node 20 or newer"
        case .bun: "Bun"
        }
    }

    /// What this client makes of the addresses that were found.
    package func forecast(_ report: Report) -> Check {
        let tried = report.connections
        guard let first = tried.first else {
            if usesProxies, report.isReachedThroughProxy, let proxy = ProxyRules.taken(report) {
                return Check(.clientConnect, .ok, title, "gets there through the proxy \(proxy.address)")
            }
            return Check(.clientConnect, .skip, title, "not checked: no address to connect to")
        }
        if usesProxies, report.isReachedThroughProxy, let proxy = ProxyRules.taken(report), report.connected.isEmpty {
            return Check(.clientConnect, .ok, title, "gets there through the proxy \(proxy.address)")
        }
        guard let good = tried.first(where: { $0.outcome == .connected }) else {
            return Check(.clientConnect, .fail, title, "will not connect: \(sentence(first))")
        }
        if usesProxies, let proxy = ProxyRules.taken(report) {
            return Check(.clientConnect, .warn, title, "sends its requests to the proxy \(proxy.address) and not to \(good.endpoint)")
        }
        if let other = report.http.health.first(where: { $0.address == good.address }), report.http.report != nil, !other.isMagenta {
            return Check(
                .clientConnect, .warn, title, "connects to \(good.endpoint), where another program answers than magenta",
                cause: "two programs share the port, one on each family", fix: "give one of them another port")
        }
        switch self {
        case .node18:
            guard first.outcome != .connected else { return Check(.clientConnect, .ok, title, "connects to \(first.endpoint)") }
            return Check(
                .clientConnect, .warn, title, "will not connect: it tries the first address only, \(first.endpoint)",
                cause: "Node 18 does not go on to \(good.endpoint)",
                fix: "use the address in the URL, or start node with --dns-result-order=\(good.address.canonical.family.rawValue)first")
        case .node20:
            let late = tried.filter { $0.outcome == .connected }.allSatisfy { $0 != tried.last && $0.duration > .milliseconds(250) }
            guard !late else {
                return Check(
                    .clientConnect, .warn, title, "may not connect: it gives an address 250 ms, and \(good.endpoint) took longer",
                    cause: "Node ends every attempt but the last after 250 ms",
                    fix: "start node with --network-family-autoselection-attempt-timeout=2000")
            }
            return Check(.clientConnect, .ok, title, "connects to \(good.endpoint)\(skipped(before: good, tried))")
        case .claudeCode, .bun:
            return Check(.clientConnect, .ok, title, "connects to \(good.endpoint)\(skipped(before: good, tried))")
        }
    }

    /// Bun, and Claude Code with it, follows HTTP_PROXY even to 127.0.0.1; Node's fetch does not look at it.
    private var usesProxies: Bool { self == .claudeCode || self == .bun }

    private func skipped(before good: ConnectionFact, _ tried: [ConnectionFact]) -> String {
        let before = tried.prefix { $0 != good }
        return before.isEmpty ? "" : ", after trying \(before.map(\.endpoint).joined(separator: ", "))"
    }

    /// What the user gets to read.
    private func sentence(_ fact: ConnectionFact) -> String {
        switch (self, fact.outcome) {
        case (.claudeCode, .failed), (.bun, .failed): "\"Unable to connect. Is the computer able to access the url?\""
        case (.claudeCode, .closedAtOnce), (.bun, .closedAtOnce): "\"The socket connection was closed unexpectedly\""
        case (.claudeCode, .timedOut): "\"connection timed out after 30000ms\""
        case (_, .timedOut): "it times out"
        default: "\"fetch failed\""
        }
    }
}
