public import JSON
import Synchronization

/// Something about the server that clients may want to hear of.
public enum ServerChange: Sendable, Hashable {
    /// Tools came or went.
    case tools
    /// Prompts came or went.
    case prompts
    /// Resources came or went.
    case resources
    /// What this resource holds has changed.
    case resource(uri: String)
    /// A task of 2026-07-28's extension has changed; what `tasks/get` would answer.
    case task(id: String, JSONObject)
}

/// Tells open streams what changes. Nothing is kept for those that are not open.
public final class ChangeFeed: Sendable {
    private struct Subscriber {
        var wants: @Sendable (ServerChange) -> Bool
        var endsWhenFull: Bool
        var continuation: AsyncStream<ServerChange>.Continuation
    }

    private struct State {
        var nextKey: UInt64 = 0
        var subscribers: [UInt64: Subscriber] = [:]
        var hasEnded = false
    }

    private let state = Mutex(State())

    init() {}

    /// Tells everybody who wants to hear of it. Never waits.
    public func announce(_ change: ServerChange) {
        let subscribers = state.withLock { Array($0.subscribers.values) }
        for subscriber in subscribers where subscriber.wants(change) {
            if case .dropped = subscriber.continuation.yield(change), subscriber.endsWhenFull { subscriber.continuation.finish() }
        }
    }

    /// How many streams listen.
    public var subscriberCount: Int { state.withLock { $0.subscribers.count } }

    /// Listens from now on; for the streams of legacy revisions.
    ///
    /// - Parameters:
    ///   - limit: how many changes may wait for a slow reader.
    ///   - endsWhenFull: whether a reader who is too slow loses the subscription, or only what comes on top.
    ///   - wants: asked for each change when it happens.
    public func subscribe(limit: Int = 1024, endsWhenFull: Bool = false, wants: @escaping @Sendable (ServerChange) -> Bool) -> ChangeSubscription {
        let (changes, continuation) = AsyncStream.makeStream(of: ServerChange.self, bufferingPolicy: .bufferingOldest(limit))
        let key = state.withLock { state -> UInt64? in
            guard !state.hasEnded else { return nil }
            defer { state.nextKey += 1 }
            state.subscribers[state.nextKey] = Subscriber(wants: wants, endsWhenFull: endsWhenFull, continuation: continuation)
            return state.nextKey
        }
        guard let key else {
            continuation.finish()
            return ChangeSubscription(changes: changes) {}
        }
        continuation.onTermination = { [weak self] _ in self?.remove(key) }
        return ChangeSubscription(changes: changes) { continuation.finish() }
    }

    /// Ends every subscription: the server stops.
    public func end() {
        let subscribers = state.withLock { state in
            state.hasEnded = true
            defer { state.subscribers.removeAll() }
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.continuation.finish() }
    }

    private func remove(_ key: UInt64) {
        state.withLock { _ = $0.subscribers.removeValue(forKey: key) }
    }
}

/// The changes that one stream hears of, from the moment it was made until ``end``.
public struct ChangeSubscription: Sendable {
    /// What happened, in order; ends with the subscription. For one reader.
    public let changes: AsyncStream<ServerChange>
    /// Ends the subscription.
    public let end: @Sendable () -> Void
}

extension ServerChange {
    /// The notification by which legacy revisions hear of it; `nil` where they do not.
    public var legacyNotification: JSONRPCNotification? {
        switch self {
        case .tools: JSONRPCNotification(method: "notifications/tools/list_changed")
        case .prompts: JSONRPCNotification(method: "notifications/prompts/list_changed")
        case .resources: JSONRPCNotification(method: "notifications/resources/list_changed")
        case .resource(let uri): JSONRPCNotification(method: "notifications/resources/updated", params: ["uri": .string(uri)])
        case .task: nil
        }
    }
}
