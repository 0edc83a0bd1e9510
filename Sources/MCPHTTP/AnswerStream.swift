import MCPCore
import Synchronization

/// What one request is answered with, in order: messages of the server, then the answer. One reader at a time takes it; where the
/// revision has a way back, what was sent is kept for a reader who returns.
final class AnswerStream: Sendable {
    enum Event: Sendable {
        /// - number: the place in the stream, from 1.
        case message([UInt8], number: Int)
        case answer(MCPCore.Response, number: Int)
        /// The connection ends here and the stream does not.
        case pause(retryAfter: Duration)
        /// Nothing happened for a while.
        case ping
    }

    private struct State {
        var reader: AsyncStream<Event>.Continuation?
        /// Events that the reader has not taken yet.
        var waiting = 0
        var kept: [Event] = []
        var keptBytes = 0
        var count = 0
        /// How often it was read; a reader of before has no say any more.
        var generation = 0
        var hasEnded = false
        /// A pause that came before the first reader.
        var pause: Duration?
        /// Since when nobody reads, or the stream has ended; for the buffer that keeps it.
        var idleSince: ContinuousClock.Instant?
    }

    /// Unique in this process and unlikely to meet that of another.
    let id: String
    /// Whose it is: another session never reads it.
    let session: String?
    private let limit: Int
    private let keptLimit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many messages may wait for a slow reader; what comes on top is dropped, but never the answer.
    ///   - keeps: how many bytes are kept for a reader who returns; 0 where none can.
    init(id: String, session: String?, limit: Int, keeps: Int) {
        self.id = id
        self.session = session
        self.limit = limit
        keptLimit = keeps
    }

    /// - Returns: false where it was dropped, so that nobody will ever read it.
    @discardableResult func send(_ message: [UInt8]) -> Bool {
        state.withLock { state in
            guard !state.hasEnded, state.waiting < limit, state.reader != nil || keptLimit > 0 || state.generation == 0 else { return false }
            state.count += 1
            put(.message(message, number: state.count), bytes: message.count, &state)
            return true
        }
    }

    /// Ends the stream.
    ///
    /// - Parameter response: `nil` for a request that its client cancelled.
    func finish(_ response: MCPCore.Response?) {
        state.withLock { state in
            guard !state.hasEnded else { return }
            if let response {
                state.count += 1
                put(.answer(response, number: state.count), bytes: keptLimit == 0 ? 0 : response.bytes.count, &state)
            }
            state.hasEnded = true
            state.idleSince = .now
            state.reader?.finish()
            state.reader = nil
        }
    }

    func pause(retryAfter: Duration) {
        guard keptLimit > 0 else { return }
        state.withLock { state in
            guard state.reader != nil else {
                if state.generation == 0 { state.pause = retryAfter }
                return
            }
            state.reader?.yield(.pause(retryAfter: retryAfter))
            leave(&state)
        }
    }

    func ping() { state.withLock { state in if state.waiting == 0 { _ = state.reader?.yield(.ping) } } }

    /// Reads from the start, or what followed the event with this number, as far as it is kept; whoever read before reads no more.
    ///
    /// - Returns: `nil` where there was no such event yet.
    func read(after number: Int = 0) -> Reading? {
        state.withLock { state in
            guard number <= state.count else { return nil }
            let first = state.count - state.kept.count + 1
            state.reader?.finish()
            state.generation += 1
            return Reading(
                stream: self, generation: state.generation,
                events: begin(&state, replaying: state.kept.dropFirst(max(0, number - first + 1))))
        }
    }

    /// One reader's hold on the stream.
    struct Reading: Sendable {
        fileprivate let stream: AnswerStream
        fileprivate let generation: Int
        let events: AsyncStream<Event>

        /// An event was taken.
        func took() {
            stream.state.withLock { if $0.generation == generation { $0.waiting = max(0, $0.waiting - 1) } }
        }

        /// The reader goes away; the stream may go on.
        func leave() {
            stream.state.withLock { if $0.generation == generation { stream.leave(&$0) } }
        }
    }

    /// Whether nobody has read it since `instant`.
    func isIdle(since instant: ContinuousClock.Instant) -> Bool { state.withLock { $0.idleSince.map { $0 < instant } ?? false } }

    private func begin(_ state: inout State, replaying events: ArraySlice<Event>) -> AsyncStream<Event> {
        // Bounded by `limit` and the answer: who puts counts.
        let (stream, reader) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .unbounded)
        // Behind an early pause everything stays for the reader who returns.
        let now = state.pause == nil ? events : []
        for event in now { reader.yield(event) }
        state.waiting = now.count
        state.idleSince = nil
        if keptLimit == 0 { state.kept = [] }
        if let pause = state.pause {
            state.pause = nil
            reader.yield(.pause(retryAfter: pause))
            reader.finish()
            state.idleSince = .now
        } else if state.hasEnded {
            reader.finish()
            state.idleSince = .now
        } else {
            state.reader = reader
        }
        return stream
    }

    private func put(_ event: Event, bytes: Int, _ state: inout State) {
        if state.reader != nil {
            state.waiting += 1
            state.reader?.yield(event)
        }
        // The first reader may come after the first event.
        guard keptLimit > 0 || state.generation == 0 else { return }
        state.kept.append(event)
        state.keptBytes += bytes
        while state.kept.count > 1, state.kept.count > limit + 1 || (keptLimit > 0 && state.keptBytes > keptLimit) {
            state.keptBytes -= Self.bytes(of: state.kept.removeFirst())
        }
    }

    private func leave(_ state: inout State) {
        state.reader?.finish()
        state.reader = nil
        state.waiting = 0
        state.idleSince = .now
    }

    private static func bytes(of event: Event) -> Int {
        switch event {
        case .message(let bytes, _): bytes.count
        case .answer(let response, _): response.bytes.count
        case .pause, .ping: 0
        }
    }
}
