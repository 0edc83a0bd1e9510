import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads lines from a descriptor, one at a time and only when asked, so that nothing piles up here. The blocking read runs on a
/// thread of its own and never on the shared pool.
struct LineReader: ~Copyable {
    enum Line: Sendable, Hashable {
        case text([UInt8])
        /// The line was skipped up to its end.
        case tooLong
    }

    private let descriptor: CInt
    private let limit: Int
    private let stop: StopSignal
    private let queue = DispatchQueue(label: "mcp.stdio.reader")
    private var buffer: [UInt8] = []
    /// Where the first byte stands that no line has taken yet.
    private var start = 0
    /// How far the search for a line break has come.
    private var searched = 0
    private var isSkipping = false
    private var isAtEnd = false

    init(descriptor: CInt, limit: Int, stop: StopSignal) {
        self.descriptor = descriptor
        self.limit = limit
        self.stop = stop
    }

    /// The next line without its break; `nil` at the end of the input, or when the conversation stops. What stands behind the last
    /// break counts as a line.
    mutating func next() async throws(StdioError) -> Line? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer {
                    start = end + 1
                    searched = start
                    isSkipping = false
                }
                if isSkipping || end - start > limit { return .tooLong }
                return .text(Array(buffer[start..<end]))
            }
            searched = buffer.count
            if isAtEnd {
                defer { drop() }
                if isSkipping { return .tooLong }
                return start < buffer.count ? .text(Array(buffer[start...])) : nil
            }
            if buffer.count - start > limit { isSkipping = true }
            if isSkipping { drop() } else { compact() }
            try await fill()
        }
    }

    private mutating func drop() {
        buffer.removeAll(keepingCapacity: true)
        start = 0
        searched = 0
        if isAtEnd { isSkipping = false }
    }

    private mutating func compact() {
        guard start > 0 else { return }
        buffer.removeFirst(start)
        searched -= start
        start = 0
    }

    private mutating func fill() async throws(StdioError) {
        let descriptor = descriptor
        let stop = stop
        let queue = queue
        let chunk: Result<[UInt8], StdioError> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Self.read(descriptor, stop)) }
        }
        let bytes = try chunk.get()
        if bytes.isEmpty { isAtEnd = true }
        buffer += bytes
    }

    private static func read(_ descriptor: CInt, _ stop: StopSignal) -> Result<[UInt8], StdioError> {
        while true {
            guard case .ready = stop.wait(for: descriptor, events: CInt(POLLIN)) else { return .success([]) }
            var failure: CInt = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 65536) { memory, count in
                #if canImport(Darwin)
                    let result = Darwin.read(descriptor, memory.baseAddress, memory.count)
                #elseif canImport(Musl)
                    let result = Musl.read(descriptor, memory.baseAddress, memory.count)
                #else
                    let result = Glibc.read(descriptor, memory.baseAddress, memory.count)
                #endif
                count = max(0, result)
                if result < 0 { failure = errno }
            }
            switch failure {
            case 0: return .success(bytes)
            case EINTR, EAGAIN: continue
            // The other end of a socket or a terminal went away: an end like any other.
            case ECONNRESET, EIO: return .success([])
            default: return .failure(StdioError(.read, number: failure))
            }
        }
    }
}
