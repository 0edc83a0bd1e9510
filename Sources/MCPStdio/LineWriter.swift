import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The one place that writes to the client: whole lines, in the order in which they were handed over, on a thread of its own.
final class LineWriter: Sendable {
    private struct State {
        /// Bytes that were handed over and are not written yet.
        var pending = 0
        var isClosed = false
    }

    private let descriptor: CInt
    private let stop: StopSignal
    private let limit: Int
    private let queue = DispatchQueue(label: "mcp.stdio.writer")
    private let state = Mutex(State())

    /// - Parameter limit: how many bytes may wait before notifications are dropped and ``makeRoom()`` waits.
    init(descriptor: CInt, limit: Int, stop: StopSignal) {
        self.descriptor = descriptor
        self.limit = limit
        self.stop = stop
    }

    /// Writes a line and returns when the system has taken it, or when there is nobody to write to any more.
    func write(_ line: [UInt8]) async {
        state.withLock { $0.pending += line.count }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            queue.async {
                self.send(line)
                continuation.resume()
            }
        }
    }

    /// Hands a line over without waiting; drops it where too much waits already.
    func offer(_ line: [UInt8]) {
        let isTaken = state.withLock { state in
            guard state.pending + line.count <= limit else { return false }
            state.pending += line.count
            return true
        }
        if isTaken { queue.async { self.send(line) } }
    }

    /// Hands a line over that must not be dropped; whoever calls bounds their number.
    ///
    /// - Returns: false where nobody reads any more.
    func enqueue(_ line: [UInt8]) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed else { return false }
            state.pending += line.count
            return true
        }
        if isTaken { queue.async { self.send(line) } }
        return isTaken
    }

    /// Waits while the client leaves too much unread, so that one that only sends cannot fill the memory.
    func makeRoom() async {
        guard state.withLock({ $0.pending > limit }) else { return }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            queue.async { continuation.resume() }
        }
    }

    /// Writes nothing more; a line that is being written is finished.
    func close() { state.withLock { $0.isClosed = true } }

    private func send(_ line: [UInt8]) {
        defer { state.withLock { $0.pending -= line.count } }
        let isOpen = !state.withLock { $0.isClosed }
        guard isOpen, put(line), put([UInt8(ascii: "\n")]) else {
            state.withLock { $0.isClosed = true }
            // Nobody reads any more: there is nothing left to do.
            stop.raise()
            return
        }
    }

    private func put(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                guard case .ready = stop.wait(for: descriptor, events: CInt(POLLOUT)) else { return false }
                // A pipe that can be written takes 4096 bytes (PIPE_BUF) without blocking, and no more for certain.
                let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(4096))
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, chunk.baseAddress, chunk.count)
                #elseif canImport(Musl)
                    let count = Musl.write(descriptor, chunk.baseAddress, chunk.count)
                #else
                    let count = Glibc.write(descriptor, chunk.baseAddress, chunk.count)
                #endif
                if count < 0 {
                    if errno == EINTR || errno == EAGAIN { continue }
                    return false
                }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
