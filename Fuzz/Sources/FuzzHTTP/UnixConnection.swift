import FuzzRun

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One connection to a socket on disk, from the client's side. Waits with a limit and never longer.
final class UnixConnection {
    /// What waiting for bytes came to.
    enum Arrival { case bytes, end, nothing }

    private let descriptor: CInt
    private(set) var received: [UInt8] = []

    init(path: String) {
        descriptor = socket(AF_UNIX, Int32(bitPattern: UInt32(SOCK_STREAM.rawValue)), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard descriptor >= 0, isConnected == 0 else { found("no connection to the server: errno \(errno)") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Sends what the server takes; one that stops reading may answer and close first.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
            } else if count < 0, errno == EAGAIN {
                // What comes back meanwhile is read, or both sides would wait for each other.
                guard waits(for: Int16(POLLOUT) | Int16(POLLIN), milliseconds: 4000) else {
                    found("the server reads no more of a request, and does not close")
                }
                if case .end = take(milliseconds: 0) { return }
            } else {
                return
            }
        }
    }

    func endSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    func take(milliseconds: Int32) -> Arrival {
        guard waits(for: Int16(POLLIN), milliseconds: milliseconds) else { return .nothing }
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { return count < 0 && errno == EAGAIN ? .nothing : .end }
        received.append(contentsOf: chunk[..<count])
        return .bytes
    }

    func forget() { received.removeAll() }

    private func waits(for events: Int16, milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }
}
