/// Who holds a port.
package enum PortOwner: Sendable, Hashable, CustomStringConvertible {
    case process(id: Int32, command: String)
    /// The kernel shows whose socket it is, and not which process has it: another user's, or one in another container.
    case user(id: UInt32)
    case unknown

    package var description: String {
        switch self {
        case .process(let id, let command): "process \(id) (\(quoted(command)))"
        case .user(let id): "a process of user id \(id), which cannot be seen from here"
        case .unknown: "somebody who cannot be seen from here"
        }
    }

    /// Looks in /proc/net/tcp and tcp6 for a listening socket, then in every /proc/PID/fd for its inode.
    /// - Parameter proc: where procfs is; a test gives its own tree. On a system without it the answer is ``unknown``.
    package init(of endpoint: ListenEndpoint, proc: String = "/proc") {
        guard case .internet(let address, let port) = endpoint else {
            self = .unknown
            return
        }
        let rivals = (SocketTable.listening(proc: proc) ?? []).filter { $0.port == port }
        let best =
            rivals.first { $0.address == address }
            ?? rivals.first { $0.address.isWildcard && $0.address.family == address.family }
            ?? rivals.first { $0.address.isWildcard }
            ?? rivals.first { address.isWildcard && $0.address.family == address.family }
            ?? rivals.first { address.isWildcard && $0.address.canonical != $0.address }
        guard let best else {
            self = .unknown
            return
        }
        self.init(of: best, proc: proc)
    }

    /// Looks in every /proc/PID/fd for the socket's inode; processes of other users show theirs to root only.
    package init(of socket: ListeningSocket, proc: String = "/proc") {
        let target = "socket:[\(socket.inode)]"
        for entry in directoryEntries(proc) {
            guard let id = Int32(entry) else { continue }
            let holds = directoryEntries("\(proc)/\(id)/fd").contains { linkTarget("\(proc)/\(id)/fd/\($0)") == target }
            if holds {
                // The name alone: arguments may hold secrets.
                let command = readText("\(proc)/\(id)/comm", limit: 256)?.split(separator: "\n").first.map(String.init) ?? "?"
                self = .process(id: id, command: command)
                return
            }
        }
        self = .user(id: socket.user)
    }
}

/// The lines of /proc/net/tcp and /proc/net/tcp6 (proc_net(5)).
enum SocketTable {
    /// `nil` where there is no such table.
    static func listening(proc: String) -> [ListeningSocket]? {
        let tables = ["tcp", "tcp6"].compactMap { readText("\(proc)/net/\($0)", limit: 8 << 20) }
        return tables.isEmpty ? nil : tables.flatMap { listening(in: $0) }
    }

    static func listening(in text: String) -> [ListeningSocket] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            // sl local_address rem_address st tx:rx tr:tm->when retrnsmt uid timeout inode ...; 0A is LISTEN.
            let fields = line.split(separator: " ")
            guard fields.count >= 10, fields[3] == "0A", let user = UInt32(fields[7]), let inode = UInt64(fields[9]) else { return nil }
            let parts = fields[1].split(separator: ":")
            guard parts.count == 2, let port = UInt16(parts[1], radix: 16), let address = address(parts[0]) else { return nil }
            return ListeningSocket(address: address, port: port, user: user, inode: inode)
        }
    }

    /// 32-bit words in the host's order, which is little-endian wherever we run: `0100007F` is 127.0.0.1.
    private static func address(_ hex: Substring) -> InternetAddress? {
        guard hex.utf8.count % 8 == 0 else { return nil }
        var words: [UInt32] = []
        var rest = hex
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            words.append(word.byteSwapped)
            rest = rest.dropFirst(8)
        }
        switch words.count {
        case 1: return .ipv4(words[0])
        case 4: return .ipv6(high: UInt64(words[0]) << 32 | UInt64(words[1]), low: UInt64(words[2]) << 32 | UInt64(words[3]))
        default: return nil
        }
    }
}
