package import Listeners

/// What the probes see of this host; a test gives them another one.
package struct HostView: Sendable {
    /// The text of a small file, at most 1 MiB; `nil` where it cannot be read.
    package var text: @Sendable (String) -> String?
    package var exists: @Sendable (String) -> Bool
    /// What is in a directory; nothing where it cannot be read.
    package var entries: @Sendable (String) -> [String]
    /// `nil` where the kernel does not say.
    package var addresses: @Sendable () -> [InternetAddress]?
    package var names: @Sendable () -> [String]
    package var makesIPv6Sockets: @Sendable () -> Bool

    package init(
        text: @escaping @Sendable (String) -> String?, exists: @escaping @Sendable (String) -> Bool,
        entries: @escaping @Sendable (String) -> [String], addresses: @escaping @Sendable () -> [InternetAddress]?,
        names: @escaping @Sendable () -> [String], makesIPv6Sockets: @escaping @Sendable () -> Bool
    ) {
        self.text = text
        self.exists = exists
        self.entries = entries
        self.addresses = addresses
        self.names = names
        self.makesIPv6Sockets = makesIPv6Sockets
    }

    /// The host itself. Blocking, for as long as reading a few small files takes.
    package static let system = HostView(
        text: { readText($0, limit: 1 << 20) },
        exists: { SystemSocketCalls().fileKind($0) != .nothing },
        entries: { directoryEntries($0) },
        addresses: { ThisHost.addresses },
        names: { ThisHost.names },
        makesIPv6Sockets: {
            let calls = SystemSocketCalls()
            guard let descriptor = try? calls.socket(.ipv6) else { return false }
            calls.close(descriptor)
            return true
        })
}
