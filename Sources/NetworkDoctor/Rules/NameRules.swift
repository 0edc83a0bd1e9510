import Diagnosis
import Listeners

/// Layer 3: what the name leads to.
enum NameRules {
    static func checks(_ report: Report) -> [Check] {
        guard report.target.literal == nil else { return [] }
        return [resolve(report), configured(report)].compactMap(\.self) + report.names.queries.compactMap { query($0, report) }
    }

    private static func resolve(_ report: Report) -> Check {
        let host = report.target.host
        switch report.names.plain {
        case .notChecked(let reason): return .notChecked(.namesResolve, host, reason)
        case .known(let resolution):
            guard let failure = resolution.failure, resolution.addresses.isEmpty else {
                let list = resolution.addresses.map(\.description).joined(separator: ", ")
                let isSlow = resolution.duration > .seconds(1)
                return Check(
                    .namesResolve, isSlow ? .warn : .ok, host, list, duration: resolution.duration,
                    cause: isSlow ? "a name server was slow or silent" : nil,
                    fix: isSlow ? "look at the name servers below; in a container, at the resolver of the host" : nil)
            }
            guard !report.isReachedThroughProxy else {
                return Check(
                    .namesResolve, .ok, host, "no address here; the proxy knows the name", errno: failure, duration: resolution.duration)
            }
            return Check(.namesResolve, .fail, host, "no address", errno: failure, duration: resolution.duration)
                .explained(by: unknown(report))
        }
    }

    /// Why a name has no address: on a container network, mostly because its container is not there.
    private static func unknown(_ report: Report) -> Explanation {
        let host = report.target.host
        let isDotless = !host.contains(".")
        let hasDockerResolver = report.environment.nameServers.value?.contains("127.0.0.11") ?? false
        if hasDockerResolver {
            return Explanation(
                cause: "Docker's resolver does not know \(host): its container is stopped, on another network, or has another name",
                fix: "`docker compose ps` and `docker network inspect`: start \(host) and put both containers on one network")
        }
        if report.isInContainer, isDotless {
            return Explanation(
                cause: "no name server of this container knows \(host), and Docker's (127.0.0.11) is not among them: the default bridge knows no "
                    + "service names",
                fix: "put both containers on one user-defined network (compose does), or use the server's address")
        }
        if report.names.queries.contains(where: { if case .noSuchName = $0.outcome { true } else { false } }) {
            return Explanation(
                cause: "the name servers say that \(host) does not exist" + (isDotless ? "; a container's name works only in its network" : ""),
                fix: isDotless
                    ? "from the host use http://localhost:PORT with a published port; else correct the name" : "correct the name in the URL")
        }
        return Explanation(cause: "no name server gave an answer for \(host)", fix: "check the spelling, and the name servers in /etc/resolv.conf")
    }

    private static func configured(_ report: Report) -> Check? {
        guard case .known(let configured) = report.names.configured, case .known(let plain) = report.names.plain else { return nil }
        let lost = plain.addresses.filter { !configured.addresses.contains($0) }
        guard !lost.isEmpty else { return nil }
        let list = lost.map(\.description).joined(separator: ", ")
        let isServed = report.connections.contains { lost.contains($0.address) && $0.outcome == .connected }
        guard isServed else { return Check(.namesConfigured, .ok, report.target.host, "without \(list), whose family this host lacks") }
        return Check(
            .namesConfigured, .warn, report.target.host, "clients that ask with AI_ADDRCONFIG do not get \(list), which answers",
            cause: "this host has no address of that family but loopback, and the C library then hides such addresses",
            fix: "use the address itself in the URL")
    }

    private static func query(_ query: NameFacts.Query, _ report: Report) -> Check? {
        let name = query.name.isEmpty ? report.target.host : query.name
        let subject = "\(query.nameServer) \(query.kind.rawValue) \(name)"
        let isResolved = report.names.plain.value?.addresses.isEmpty == false || report.isReachedThroughProxy
        switch query.outcome {
        case .addresses(let addresses):
            return Check(.namesServer, .ok, subject, addresses.map(\.description).joined(separator: ", "), duration: query.duration)
        case .noData: return Check(.namesServer, .ok, subject, "none (NODATA)", duration: query.duration)
        case .noSuchName:
            let isTrap = query.kind == .aaaa && report.names.queries.contains { $0.name == query.name && $0.hasAddresses }
            return Check(
                .namesServer, isTrap ? .warn : .ok, subject, "NXDOMAIN", duration: query.duration,
                cause: isTrap ? "the name server denies a name that has an A: musl gives up on such names" : nil,
                fix: isTrap ? "use a glibc image, or mend the name server: NODATA is right" : nil)
        case .failure(let code):
            return Check(
                .namesServer, isResolved ? .warn : .fail, subject, code, duration: query.duration, cause: "the name server could not find out",
                fix: "look at the name server \(query.nameServer)")
        case .silence:
            return Check(
                .namesServer, isResolved ? .warn : .fail, subject, "silence", duration: query.duration,
                cause: "the name server does not answer; every lookup that needs it waits seconds",
                fix: "correct `nameserver` in /etc/resolv.conf, or the firewall on UDP port 53")
        case .unreachable(let name):
            return Check(
                .namesServer, isResolved ? .warn : .fail, subject, "not reached", errno: name, duration: query.duration,
                cause: "nothing takes questions at \(query.nameServer)", fix: "correct `nameserver` in /etc/resolv.conf")
        }
    }
}

extension NameFacts.Query {
    fileprivate var hasAddresses: Bool {
        if case .addresses(let addresses) = outcome { !addresses.isEmpty } else { false }
    }
}
