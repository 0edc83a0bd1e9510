#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A connection without an event loop, for a process that is over in milliseconds. Blocks the thread, never longer than it is told to.
///
/// Whoever uses it ignores SIGPIPE.
package struct PlainConnection: ~Copyable {
    private let descriptor: CInt

    /// Dials by address.
    /// - Throws: ETIMEDOUT where nothing came of it in time.
    package init(to endpoint: ListenEndpoint, within timeout: Duration) throws(SystemCallError) {
        let domain: SocketDomain =
            switch endpoint {
            case .internet(.ipv4, _): .ipv4
            case .internet(.ipv6, _): .ipv6
            case .unix: .unix
            }
        let descriptor = try SystemSocketCalls().socket(domain)
        let code = Self.connect(descriptor, to: endpoint, until: .now + timeout)
        if code != 0 {
            _ = close(descriptor)
            throw SystemCallError(call: "connect", code: code)
        }
        self.descriptor = descriptor
    }

    private static func connect(_ descriptor: CInt, to endpoint: ListenEndpoint, until deadline: ContinuousClock.Instant) -> CInt {
        let code = withSocketAddress(endpoint) { systemConnect(descriptor, $0, $1) == 0 ? 0 : errno }
        guard code == EINPROGRESS || code == EINTR else { return code }
        guard DescriptorWait.isReady(descriptor, for: Int16(POLLOUT), until: deadline) else { return ETIMEDOUT }
        var result: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &result, &length) == 0 ? result : errno
    }

    deinit { _ = close(descriptor) }

    /// Writes all of it.
    package func send(_ bytes: [UInt8], until deadline: ContinuousClock.Instant) throws(SystemCallError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                guard wait(for: Int16(POLLOUT), until: deadline) else { throw SystemCallError(call: "write", code: ETIMEDOUT) }
            } else if errno != EINTR {
                throw SystemCallError(call: "write", code: errno)
            }
        }
    }

    /// What has come; empty at the end.
    package func receive(upTo limit: Int, until deadline: ContinuousClock.Instant) throws(SystemCallError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return Array(buffer.prefix(count)) }
            if errno == EAGAIN || errno == EWOULDBLOCK {
                guard wait(for: Int16(POLLIN), until: deadline) else { throw SystemCallError(call: "read", code: ETIMEDOUT) }
            } else if errno != EINTR {
                throw SystemCallError(call: "read", code: errno)
            }
        }
    }

    private func wait(for events: Int16, until deadline: ContinuousClock.Instant) -> Bool {
        DescriptorWait.isReady(descriptor, for: events, until: deadline)
    }
}

// Outside of the type, whose own `connect` would hide the call.
private func systemConnect(_ descriptor: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
    connect(descriptor, address, length)
}

/// Waiting for a descriptor by poll(2).
package enum DescriptorWait {
    /// Whether there is something to read, or the end, before the deadline.
    package static func isReadable(_ descriptor: CInt, until deadline: ContinuousClock.Instant) -> Bool {
        isReady(descriptor, for: Int16(POLLIN), until: deadline)
    }

    static func isReady(_ descriptor: CInt, for events: Int16, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else { return false }
            var waited = pollfd(fd: descriptor, events: events, revents: 0)
            let count = poll(&waited, 1, CInt(left.rounded(.up)))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return false }
        }
    }
}
