import BinaryTesting
import ReachTesting
import Testing

/// The rows of the matrix: how a user may write the server's host, on the server's own host and on another one.
enum ReachAddress {
    static let loopbacks = ["127.0.0.1", "::1", "localhost"]
    static let names = [NetworkAddress.serviceName, NetworkAddress.ipv4Name, NetworkAddress.ipv6Name]

    /// Why a network cannot have the address; `nil` where it has it.
    static func absence(of address: String, in shape: NetworkShape) -> String? {
        switch address {
        case "127.0.0.1": shape.hasIPv4 ? nil : "no IPv4"
        case "::1": shape.hasIPv6Loopback ? nil : "no ::1"
        case NetworkAddress.ipv4Name: shape.hasIPv4 ? nil : "no IPv4"
        case NetworkAddress.ipv6Name: shape.hasIPv6 ? nil : "no IPv6"
        default: nil
        }
    }
}

extension NetworkShape {
    /// Those that can be made on this machine.
    static let possible = allCases.filter { $0 != .kernelWithoutIPv6 || KernelWithoutIPv6.compiler != nil }

    var missing: String? {
        TestNetwork.missing ?? (self == .kernelWithoutIPv6 && KernelWithoutIPv6.compiler == nil ? "no C compiler" : nil)
    }
}

extension ReachClient {
    /// Runs every cell of one network with one server, and records those that are good.
    static func reach(in shape: NetworkShape) async throws {
        try await TestNetwork.with(shape) { network in
            let server = try await network.serve()
            for (host, addresses) in [(network.server, ReachAddress.loopbacks), (network.client, ReachAddress.names)] {
                let cells = addresses.filter { ReachAddress.absence(of: $0, in: shape) == nil }.flatMap { address in
                    Visit.Transport.allCases.map { (address: address, visit: Visit($0, address)) }
                }
                let failures = try await Self().failures(of: cells.map(\.visit), from: host, environment: [:])
                for (cell, failure) in zip(cells, failures) {
                    let cell = ReachCell(
                        network: shape.rawValue, address: cell.address, transport: cell.visit.transport.rawValue, client: name)
                    #expect(failure == nil, "\(cell)")
                    if failure == nil { cell.record() }
                }
            }
            try await server.stop()
        }
    }
}
