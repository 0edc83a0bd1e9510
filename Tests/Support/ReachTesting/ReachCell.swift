#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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

    /// What a line of the record says of a cell, or of all cells that agree with it where it has `*`.
    package enum State: Sendable, Hashable {
        /// The client connected and got a result.
        case ok
        /// There can be no such cell, such as an IPv6 address in a network without IPv6.
        case absent(reason: String)
        /// Something that this machine lacks.
        case skipped(reason: String)

        var text: String {
            switch self {
            case .ok: "ok"
            case .absent(let reason): "absent: \(reason)"
            case .skipped(let reason): "skipped: \(reason)"
            }
        }
    }

    /// Appends the cell to the file that `MAGENTA_REACH` names, for `scripts/reach-matrix`; without the variable it does nothing.
    package func record(_ state: State = .ok) {
        guard let path = getenv("MAGENTA_REACH") else { return }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        guard file >= 0 else { return }
        defer { close(file) }
        var line = [network, address, transport, client, state.text].joined(separator: "\t") + "\n"
        line.withUTF8 { _ = write(file, $0.baseAddress, $0.count) }
    }
}
