import Diagnosis
import Listeners

/// What an outcome of connect(2) means (measured in network namespaces, by cause and family), narrowed by everything else that is known.
enum ConnectionCause {
    static func explain(_ fact: ConnectionFact, _ report: Report) -> Explanation? {
        switch fact.outcome {
        case .connected: nil
        case .timedOut: silent(fact, report)
        case .closedAtOnce: forwarded(fact, report)
        case .failed("ECONNREFUSED"): refused(fact, report)
        case .failed("EHOSTUNREACH"), .failed("EACCES"), .failed("EPERM"): unreachable(fact, report)
        case .failed("ENETUNREACH"), .failed("EADDRNOTAVAIL"), .failed("EAFNOSUPPORT"): absent(fact, report)
        case .failed("ECONNRESET"): forwarded(fact, report)
        case .failed(let name):
            Explanation(cause: "the kernel said \(name)", fix: "look this error up in connect(2), and at the firewall on both sides")
        }
    }

    private static func refused(_ fact: ConnectionFact, _ report: Report) -> Explanation {
        let family = fact.address.canonical.family
        let port = fact.port
        if report.server.isLocal, case .known(let sockets) = report.server.sockets {
            return refusedHere(fact, sockets)
        }
        let isOtherReached = report.connected.contains { $0.address.canonical.family == family.other }
        if isOtherReached {
            let other = family.other.title
            return Explanation(
                cause: "the server listens on \(other) only: its host answers, and refuses \(family.title)",
                fix: "start the server on both families (magenta serve --listen all:\(port)); until then use the \(other) address in the URL")
        }
        if fact.address.isLoopback {
            return Explanation(
                cause: "nothing listens on port \(port) of this host", fix: "start the server (magenta serve), or correct the port in the URL")
        }
        return Explanation(
            cause: "the host answers and refuses port \(port) on \(family.title): the server is down, listens on another port, on its own loopback "
                + "only, or on \(family.other.title) only (a server bound to \"::\" with IPV6_V6ONLY, as Python's asyncio and uvicorn make it, "
                + "takes no IPv4)",
            fix:
                "let it listen on both families: magenta serve --listen all:\(port); uvicorn.run(..., host=None); and run `magenta doctor` beside the "
                + "server, where it sees the sockets")
    }

    /// The server's sockets can be seen from here.
    private static func refusedHere(_ fact: ConnectionFact, _ sockets: [ServerFacts.Socket]) -> Explanation {
        let family = fact.address.canonical.family
        let port = fact.port
        guard let first = sockets.first else {
            return Explanation(
                cause: "nothing listens on port \(port) of this host", fix: "start the server (magenta serve), or correct the port in the URL")
        }
        let list = sockets.map(\.text).joined(separator: " and ")
        let sameFamily = sockets.filter { family == .ipv4 ? $0.answersIPv4 : $0.address.family == .ipv6 }
        if sameFamily.isEmpty {
            let reason =
                family == .ipv4 && first.isIPv6Only == true
                ? "listens on \(list), which takes no IPv4" : "listens on \(list) only"
            return Explanation(
                cause: "\(first.owner) \(reason): \(family.title) is refused",
                fix: advice(first, port: port, isBehindLoopback: fact.address.isLoopback))
        }
        if sameFamily.allSatisfy(\.address.isLoopback), !fact.address.isLoopback {
            return Explanation(
                cause: "\(first.owner) listens on \(list), its loopback only: nobody else gets in",
                fix: "magenta serve --listen all:\(port), with a token; another server: bind 0.0.0.0 and ::")
        }
        return Explanation(
            cause: "\(first.owner) listens on \(list), and a firewall rule on this host rejects the connection, or it listens on another address",
            fix: "`ss -ltne` and `nft list ruleset` on this host")
    }

    private static func advice(_ socket: ServerFacts.Socket, port: UInt16, isBehindLoopback: Bool) -> String {
        if case .process(_, let command) = socket.owner, command.hasPrefix("python") || command.hasPrefix("uvicorn") {
            return "make it listen on both families: uvicorn.run(..., host=None), or two sockets, 0.0.0.0 and [::]; magenta does so by itself"
        }
        return isBehindLoopback
            ? "make it listen on both families: magenta serve --listen localhost:\(port)"
            : "make it listen on both families: magenta serve --listen all:\(port)"
    }

    private static func silent(_ fact: ConnectionFact, _ report: Report) -> Explanation {
        let family = fact.address.canonical.family
        if report.connected.contains(where: { $0.address.canonical.family != family }) {
            return Explanation(
                cause:
                    "the \(family.title) route to \(fact.address) is dead: packets are dropped on the way or by a firewall for \(family.title) alone",
                fix: "take the \(family == .ipv6 ? "AAAA" : "A") record away or mend the route; clients lose 0.25 s or more on each connection")
        }
        return Explanation(
            cause: "packets to \(fact.endpoint) are dropped: a firewall or security group, a published port on another host, or a wrong address",
            fix: "open TCP port \(fact.port) on the server's firewall, and check the address")
    }

    private static func forwarded(_ fact: ConnectionFact, _ report: Report) -> Explanation {
        if report.server.isLocal, let owner = report.server.sockets.value?.first?.owner, case .process(_, let command) = owner,
            command != "docker-proxy"
        {
            return Explanation(
                cause: "\(owner) takes the connection and closes it", fix: "correct the port in the URL, or look at that program's log")
        }
        return Explanation(
            cause: "a port forwarder (docker-proxy, a load balancer) takes the connection and finds nobody behind: the server in the container is "
                + "down, listens on its own loopback or one family only, or on another port than the published one",
            fix: "in the container: magenta serve --listen all:PORT; outside: `docker ps` must show HOST:\(fact.port)->PORT/tcp with that PORT")
    }

    private static func unreachable(_ fact: ConnectionFact, _ report: Report) -> Explanation {
        // ARP or neighbour discovery gives up after about 3 s; a reject by a firewall comes at once.
        if fact.outcome == .failed("EHOSTUNREACH"), fact.duration > .seconds(1) {
            return Explanation(
                cause: "nobody on the local network has the address \(fact.address)",
                fix: "check the address: the container or host may be down or have got another one; use its name")
        }
        return Explanation(
            cause: "a firewall rejects it (administratively prohibited): firewalld, Docker's isolation between networks, or a local rule",
            fix: "allow TCP port \(fact.port) there, or put both containers on one network")
    }

    private static func absent(_ fact: ConnectionFact, _ report: Report) -> Explanation {
        let family = fact.address.canonical.family
        return Explanation(
            cause: "this host or container has no \(family.title) (\(report.target.host) leads to \(fact.address))",
            fix: family == .ipv6
                ? "give the server an IPv4 address or name, or make this network dual-stack (compose: enable_ipv6: true)"
                : "give the server an IPv6 address or name, or this host an IPv4 address")
    }
}

extension ServerFacts.Socket {
    /// `0.0.0.0:8000`, `[::]:8000 (IPV6_V6ONLY=1)`
    var text: String {
        let endpoint = address.withPort(port)
        guard address.family == .ipv6, let isIPv6Only else { return endpoint }
        return "\(endpoint) (IPV6_V6ONLY=\(isIPv6Only ? 1 : 0))"
    }
}
