import Diagnosis
import Listeners

/// Layer 9: the server's own side, where it is on this host.
enum ServerRules {
    static func checks(_ report: Report) -> [Check] {
        guard report.server.isLocal else {
            return [.notChecked(.serverSocket, "port \(report.target.port)", "the server is on another host or in another container; run this there")]
        }
        switch report.server.sockets {
        case .notChecked(let reason): return [.notChecked(.serverSocket, "port \(report.target.port)", reason)] + addresses(report)
        case .known(let sockets):
            return sockets.map(socket) + [family(sockets, report)].compactMap(\.self) + addresses(report)
        }
    }

    private static func socket(_ socket: ServerFacts.Socket) -> Check {
        Check(.serverSocket, .ok, socket.text, "held by \(socket.owner)")
    }

    private static func family(_ sockets: [ServerFacts.Socket], _ report: Report) -> Check? {
        let port = report.target.port
        guard let first = sockets.first else {
            return Check(
                .serverFamily, .fail, "port \(port)", "nobody listens", cause: "the server is not running, or on another port",
                fix: "magenta serve --listen localhost:\(port)")
        }
        let takes4 = sockets.contains(where: \.answersIPv4)
        let takes6 = sockets.contains { $0.address.family == .ipv6 }
        switch (takes4, takes6) {
        case (true, true) where !isShared(sockets):
            let owners = sockets.map { "\($0.text) by \($0.owner)" }.joined(separator: ", ")
            return Check(
                .serverFamily, .warn, "port \(port)", "held by different programs: \(owners)",
                cause: "each took one family, and clients get one or the other", fix: "give one of them another port")
        case (true, true): return Check(.serverFamily, .ok, "port \(port)", "IPv4 and IPv6")
        case (true, false) where report.environment.ipv6.value?.isSupported == false || !hasIPv6(report):
            return Check(.serverFamily, .ok, "port \(port)", "IPv4; this host has no IPv6")
        case (true, false):
            return Check(
                .serverFamily, .warn, "port \(port)", "IPv4 only", cause: "\(first.owner) made no IPv6 socket",
                fix: "magenta serve --listen all:\(port) (or localhost:\(port)) makes one of each")
        case (false, true) where !(report.environment.addresses.value?.contains { $0.canonical.family == .ipv4 } ?? true):
            return Check(.serverFamily, .ok, "port \(port)", "IPv6; this host has no IPv4")
        default:
            return Check(
                .serverFamily, report.isReached ? .warn : .fail, "port \(port)", "IPv6 only",
                cause: "\(first.owner) listens on \(first.text), which takes no IPv4",
                fix: "magenta serve makes a socket of each family; uvicorn: run(..., host=None)")
        }
    }

    /// Whether one program has sockets of both families, or nobody can say.
    private static func isShared(_ sockets: [ServerFacts.Socket]) -> Bool {
        let ipv4 = Set(sockets.filter(\.answersIPv4).map(\.owner))
        let ipv6 = Set(sockets.filter { $0.address.family == .ipv6 }.map(\.owner))
        return !ipv4.isDisjoint(with: ipv6) || ipv4.contains(.unknown) || ipv6.contains(.unknown)
    }

    private static func hasIPv6(_ report: Report) -> Bool {
        report.environment.addresses.value?.contains { $0.canonical.family == .ipv6 } ?? true
    }

    private static func addresses(_ report: Report) -> [Check] {
        // Where it listens on loopback only, other addresses are refused because that was asked for.
        let isLoopbackOnly = report.server.sockets.value?.allSatisfy(\.address.isLoopback) ?? false
        return report.server.ownAddresses.map { fact in
            switch fact.outcome {
            case .connected: return Check(.serverAddress, .ok, fact.endpoint, "reached from this host", duration: fact.duration)
            case .failed(let name) where isLoopbackOnly && !fact.address.isLoopback:
                return Check(.serverAddress, .ok, fact.endpoint, "closed to others: the server listens on loopback", errno: name)
            case .failed(let name) where fact.isFamilyAbsent:
                return Check(.serverAddress, .skip, fact.endpoint, "this host has no such address", errno: name)
            case .failed(let name):
                return Check(.serverAddress, .warn, fact.endpoint, "not reached from this host", errno: name, duration: fact.duration)
                    .explained(by: ConnectionCause.explain(fact, report))
            case .timedOut, .closedAtOnce:
                return Check(.serverAddress, .warn, fact.endpoint, "not reached from this host", duration: fact.duration)
                    .explained(by: ConnectionCause.explain(fact, report))
            }
        }
    }
}
