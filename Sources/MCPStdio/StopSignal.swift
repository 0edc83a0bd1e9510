import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Wakes threads that wait for a descriptor: the read end of a pipe becomes readable for good once the write end is closed.
final class StopSignal: Sendable {
    let descriptor: CInt
    private let writeEnd: Mutex<CInt?>

    init() throws(StdioError) {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw StdioError(.prepare, number: errno) }
        descriptor = ends[0]
        writeEnd = Mutex(ends[1])
    }

    func raise() {
        writeEnd.withLock { end in
            if let end { close(end) }
            end = nil
        }
    }

    deinit {
        raise()
        close(descriptor)
    }

    enum Readiness {
        case ready
        case stopped
    }

    /// Blocks until `other` can be read (or written), has ended, or the signal was raised.
    func wait(for other: CInt, events: CInt) -> Readiness {
        var descriptors = [
            pollfd(fd: other, events: Int16(truncatingIfNeeded: events), revents: 0),
            pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLIN), revents: 0),
        ]
        while poll(&descriptors, 2, -1) < 0 {
            guard errno == EINTR || errno == EAGAIN else { return .ready }
        }
        return descriptors[1].revents == 0 ? .ready : .stopped
    }
}
