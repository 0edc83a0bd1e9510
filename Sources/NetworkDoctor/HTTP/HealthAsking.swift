import JSON
import NIOCore
import NIOHTTP1

/// Asks `/health` under the names that clients use.
struct HealthAsking: Sendable {
    /// What names magenta in its own health.
    static let magenta = "magenta-memory"

    let peer: Peer
    /// In the order in which they are tried: `/health`, and behind a proxy's prefix `/prefix/health`.
    let paths: [String]

    /// The first answer that is magenta's; else what came of the first path.
    func ask(until deadline: NIODeadline) async -> Exchange {
        var first: Exchange?
        for path in paths {
            let exchange = await ask(path, host: nil, until: deadline)
            if exchange.isMagenta { return exchange }
            first = first ?? exchange
            // Another path will not change what did not answer HTTP.
            if exchange.answer == nil { break }
        }
        return first ?? Exchange(request: "GET /health", address: peer.address, host: peer.target.authority, outcome: .closed)
    }

    /// Under each of the hosts, at the same time and in their order.
    func ask(_ path: String, hosts: [String], until deadline: NIODeadline) async -> [Exchange] {
        await withTaskGroup(of: (Int, Exchange).self) { group in
            for (index, host) in hosts.enumerated() { group.addTask { (index, await ask(path, host: host, until: deadline)) } }
            var exchanges: [(Int, Exchange)] = []
            for await exchange in group { exchanges.append(exchange) }
            return exchanges.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func ask(_ path: String, host: String?, until deadline: NIODeadline) async -> Exchange {
        await peer.ask(.GET, path, host: host, ["Accept": "application/json"], keeping: Peer.healthKept, until: deadline)
    }
}

extension Exchange {
    /// Whether it is magenta's health.
    var isMagenta: Bool {
        guard let answer, let value = try? JSONReader().read(answer.body) else { return false }
        return value["name"]?.string == HealthAsking.magenta
    }
}
