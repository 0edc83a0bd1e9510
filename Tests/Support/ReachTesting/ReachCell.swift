/// One cell of the matrix in docs/network.md: a client that reaches the server by an address or a name over a transport in a network.
package struct ReachCell: Sendable, Hashable, CustomStringConvertible {
    package var network: String
    package var address: String
    package var transport: String
    package var client: String

    package init(network: String, address: String, transport: String, client: String) {
        self.network = network
        self.address = address
        self.transport = transport
        self.client = client
    }

    package var description: String { "\(network), \(address), \(transport), \(client)" }
}
