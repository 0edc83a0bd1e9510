import Synchronization

/// The streams of 2025-11-25 whose clients may come back with `Last-Event-ID`. Bounded in number and time; the oldest that nobody reads go first.
final class ReplayBuffer: Sendable {
    private let streams = Mutex<(byID: [String: AnswerStream], order: [String])>(([:], []))
    private let limit: Int
    /// How long a stream that nobody reads is kept.
    private let lifetime: Duration

    init(limit: Int, lifetime: Duration) {
        self.limit = limit
        self.lifetime = lifetime
    }

    func keep(_ stream: AnswerStream) {
        streams.withLock { streams in
            streams.byID[stream.id] = stream
            streams.order.append(stream.id)
            guard streams.byID.count > limit else { return }
            // The oldest whose reader is gone or that has ended; one that still runs for somebody is never taken away.
            guard let place = streams.order.firstIndex(where: { streams.byID[$0]?.isIdle(since: .now) ?? true }) else { return }
            streams.byID[streams.order.remove(at: place)] = nil
        }
    }

    /// Drops what nobody came back for in time.
    func sweep() {
        let horizon = ContinuousClock.now - lifetime
        streams.withLock { streams in
            streams.order.removeAll { id in
                guard let stream = streams.byID[id] else { return true }
                guard stream.isIdle(since: horizon) else { return false }
                streams.byID[id] = nil
                return true
            }
        }
    }

    /// Its client has everything.
    func forget(_ stream: AnswerStream) { streams.withLock { _ = $0.byID.removeValue(forKey: stream.id) } }

    /// The stream of an event id and the event's place in it; `nil` for what is unknown, gone or another session's.
    func find(_ eventID: String, session: String) -> (stream: AnswerStream, number: Int)? {
        guard let dash = eventID.lastIndex(of: "-"), let number = Int(eventID[eventID.index(after: dash)...]), number >= 0,
            let stream = streams.withLock({ $0.byID[String(eventID[..<dash])] }), stream.session == session
        else { return nil }
        return (stream, number)
    }

    /// Ends what the session leaves behind.
    func forgetAll(of session: String) {
        streams.withLock { streams in streams.byID = streams.byID.filter { $0.value.session != session } }
    }
}
