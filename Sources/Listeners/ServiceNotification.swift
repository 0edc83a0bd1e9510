#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Tells the service manager that started this process how far it is (sd_notify(3)): `READY=1`, `STOPPING=1`.
package struct ServiceNotification: Sendable, Hashable {
    /// A path, or a name in the abstract namespace behind an `@`.
    private let address: String

    /// `nil` where nobody listens: no `NOTIFY_SOCKET`, or one of a form that is not served (`vsock:`).
    package init?(environment: [String: String]) {
        guard let address = environment["NOTIFY_SOCKET"], let first = address.first, first == "/" || first == "@" else { return nil }
        let longest = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
        guard address.utf8.count <= longest else { return nil }
        self.address = address
    }

    /// Sends lines of `NAME=value`. It never blocks: a datagram that finds no room is an error like any other.
    package func send(_ text: String) throws(SystemCallError) {
        #if canImport(Glibc)
            let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        #elseif canImport(Musl)
            let descriptor = Musl.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)
        #else
            let descriptor = Darwin.socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        guard descriptor >= 0 else { throw SystemCallError(call: "socket", code: errno) }
        defer { close(descriptor) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { bytes in
            bytes.copyBytes(from: address.utf8)
            // An abstract name begins with a NUL byte, and its length tells where it ends.
            if address.first == "@" { bytes[0] = 0 }
        }
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let length = start + address.utf8.count + (address.first == "@" ? 0 : 1)
        let bytes = Array(text.utf8)
        let sent = withUnsafePointer(to: target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(length)) }
        }
        guard sent == bytes.count else { throw SystemCallError(call: "sendto NOTIFY_SOCKET", code: errno) }
    }
}
