import Listeners

/// Asks what a name leads to: the C library twice, and each name server by itself.
package struct NameProbe: Sendable {
    private let lookupTimeout: Duration
    private let queryTimeout: Duration
    private let port: UInt16
    private let nextID: @Sendable () -> UInt16

    /// - Parameters:
    ///   - lookupTimeout: how long the C library is waited for; Docker's name server holds an unknown name for six seconds and more.
    ///   - queryTimeout: how long a name server is waited for.
    ///   - port: where name servers listen.
    package init(
        lookupTimeout: Duration = .seconds(5), queryTimeout: Duration = .seconds(1), port: UInt16 = 53,
        nextID: @escaping @Sendable () -> UInt16 = { .random(in: 0...UInt16.max) }
    ) {
        self.lookupTimeout = lookupTimeout
        self.queryTimeout = queryTimeout
        self.port = port
        self.nextID = nextID
    }

    /// - Parameters:
    ///   - nameServers: as resolv.conf has them; the first three are asked, as the C library does.
    ///   - searchList: what is put behind a name with fewer dots than `dotsBeforeSearch`.
    package func ask(host: String, nameServers: [String], searchList: [String] = [], dotsBeforeSearch: Int = 1) async -> NameFacts {
        var facts = NameFacts()
        guard InternetAddress(host) == nil else {
            facts.configured = .notChecked("the URL has an address and no name")
            facts.plain = facts.configured
            return facts
        }
        let resolver = SystemResolver(lookups: 2)
        defer { resolver.abandon() }
        async let configured = resolver.look(up: host, isConfigured: true, timeout: lookupTimeout)
        async let plain = resolver.look(up: host, isConfigured: false, timeout: lookupTimeout)
        facts.queries = await queries(Self.candidates(host, searchList, dotsBeforeSearch), nameServers)
        facts.configured = .known(await configured)
        facts.plain = .known(await plain)
        return facts
    }

    /// The names that a resolver tries, in its order, at most four; none for what never leaves the host (RFC 6761 section 6.3).
    static func candidates(_ host: String, _ searchList: [String], _ dotsBeforeSearch: Int) -> [String] {
        if host == "localhost" || host.hasSuffix(".localhost") { return [] }
        if host.hasSuffix(".") { return [host] }
        let searched = searchList.prefix(3).map { "\(host).\($0)" }
        let isFirst = host.count { $0 == "." } >= dotsBeforeSearch
        return isFirst ? [host] + searched : searched + [host]
    }

    private func queries(_ names: [String], _ nameServers: [String]) async -> [NameFacts.Query] {
        guard !names.isEmpty else { return [] }
        return await withTaskGroup(of: (Int, NameFacts.Query).self) { group in
            var count = 0
            for address in nameServers.prefix(3) {
                let server = NameServer(address: address, port: port, timeout: queryTimeout, nextID: nextID)
                for kind in [NameFacts.Query.Kind.a, .aaaa] {
                    group.addTask { [count] in (count, await query(names, kind, server)) }
                    count += 1
                }
            }
            var found: [(Int, NameFacts.Query)] = []
            for await query in group { found.append(query) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Goes on to the next name while the name server answers that there is none, or none with such an address; of several such
    /// answers the one that knows the name counts.
    private func query(_ names: [String], _ kind: NameFacts.Query.Kind, _ server: NameServer) async -> NameFacts.Query {
        var best: NameFacts.Query?
        for name in names {
            let start = ContinuousClock.now
            var outcome = NameFacts.Query.Outcome.failure("a name that DNS cannot hold")
            if let question = DNSQuestion(name: name, kind: kind) { outcome = await server.ask(question) }
            let query = NameFacts.Query(
                nameServer: server.address, kind: kind, outcome: outcome, duration: ContinuousClock.now - start, name: name)
            switch outcome {
            case .noSuchName: best = best ?? query
            case .noData: if best?.outcome != .noData { best = query }
            default: return query
            }
        }
        return best ?? NameFacts.Query(nameServer: server.address, kind: kind, outcome: .silence)
    }
}
