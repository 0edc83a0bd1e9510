import Synchronization

/// The requests that are being answered: bounds their number, and cancels one by its key.
///
/// A key is whatever tells requests apart where the registry is used: a request id on a connection, a session and an id on an
/// endpoint.
public final class RequestsInFlight<Key: Hashable & Sendable>: Sendable {
    /// Why a request was not taken on.
    public enum Refusal: Error, Sendable, Hashable {
        case full(limit: Int)
        /// The client uses an id that it is still waiting for.
        case duplicate

        /// The refusal as the client gets it.
        public var error: JSONRPCError {
            switch self {
            case .full(let limit):
                JSONRPCError(.internalError, "The server is answering \(limit) requests already; try again in a moment.")
            case .duplicate:
                JSONRPCError(.invalidRequest, "A request with this id is still being answered; every request needs an id of its own.")
            }
        }
    }

    private struct State {
        var count = 0
        var cancellations: [Key: AsyncStream<Never>.Continuation] = [:]
    }

    /// How many requests may be answered at once.
    public let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: how many requests may be answered at once.
    public init(limit: Int) { self.limit = limit }

    /// How many requests are being answered now.
    public var count: Int { state.withLock { $0.count } }

    /// Answers a request that nobody can cancel by key.
    public func run<Answer: Sendable>(_ answer: () async -> Answer) async throws(Refusal) -> Answer {
        try enter()
        defer { state.withLock { $0.count -= 1 } }
        return await answer()
    }

    /// A place in the registry. Whoever got one must run it.
    public struct Ticket: Sendable {
        fileprivate let key: Key
        fileprivate let cancelled: AsyncStream<Never>
    }

    /// Takes a request on, so that a cancellation that arrives from now on finds it.
    public func admit(_ key: Key) throws(Refusal) -> Ticket {
        let (cancelled, continuation) = AsyncStream.makeStream(of: Never.self)
        try enter(key, continuation)
        return Ticket(key: key, cancelled: cancelled)
    }

    /// Answers a request on a task of its own, so that ``cancel(_:)`` ends it and nothing else.
    ///
    /// - Returns: `nil` where the request was cancelled by its key, or the caller was: such a request gets no answer.
    public func run<Answer: Sendable>(_ ticket: Ticket, _ answer: @escaping @Sendable () async -> Answer) async -> Answer? {
        defer {
            state.withLock {
                $0.count -= 1
                $0.cancellations[ticket.key] = nil
            }
        }
        let cancelled = ticket.cancelled
        return await withTaskGroup(of: Optional<Answer>.self) { group in
            group.addTask { await answer() }
            group.addTask {
                // Ends when somebody finishes the stream, or when the answer came first.
                for await _ in cancelled {}
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Takes a request on and answers it.
    public func run<Answer: Sendable>(_ key: Key, _ answer: @escaping @Sendable () async -> Answer) async throws(Refusal) -> Answer? {
        await run(try admit(key), answer)
    }

    /// Cancels the request with this key; does nothing for one that is not in flight.
    public func cancel(_ key: Key) {
        state.withLock { $0.cancellations[key] }?.finish()
    }

    /// Cancels every request whose key satisfies the condition.
    public func cancelAll(where matches: (Key) -> Bool) {
        let continuations = state.withLock { state in state.cancellations.filter { matches($0.key) }.map(\.value) }
        for continuation in continuations { continuation.finish() }
    }

    private func enter() throws(Refusal) {
        let entered = state.withLock { state in
            guard state.count < limit else { return false }
            state.count += 1
            return true
        }
        guard entered else { throw .full(limit: limit) }
    }

    private func enter(_ key: Key, _ continuation: AsyncStream<Never>.Continuation) throws(Refusal) {
        let refusal: Refusal? = state.withLock { state in
            guard state.count < limit else { return .full(limit: limit) }
            guard state.cancellations[key] == nil else { return .duplicate }
            state.count += 1
            state.cancellations[key] = continuation
            return nil
        }
        if let refusal { throw refusal }
    }
}
