package import MemoryModel
import Synchronization

/// What capture has added to since the reader looked last.
package struct StoreChange: Sendable, Hashable {
    /// A change names so many conversations, and so many windows; what comes on top is stored and not told.
    package static let maximumNames = 4096

    /// The conversations that hold more messages than before.
    package private(set) var conversations: Set<String> = []
    /// The windows in which those messages stand.
    package private(set) var windows: Set<WindowID> = []
    /// Whether one of the conversations had no message before.
    package var hasNewConversation = false

    package init() {}

    package var isEmpty: Bool { conversations.isEmpty }

    package mutating func add(_ conversation: String, _ window: WindowID) {
        if conversations.count < Self.maximumNames { conversations.insert(conversation) }
        if windows.count < Self.maximumNames { windows.insert(window) }
    }

    package func joined(with other: StoreChange) -> StoreChange {
        var result = self
        for name in other.conversations where result.conversations.count < Self.maximumNames { result.conversations.insert(name) }
        for window in other.windows where result.windows.count < Self.maximumNames { result.windows.insert(window) }
        result.hasNewConversation = hasNewConversation || other.hasNewConversation
        return result
    }
}

/// Tells readers what one store value of this process has captured; every back end has one.
///
/// What a reader has not looked at yet is joined into one change, so a slow reader misses nothing and holds nothing up.
package final class StoreChangeFeed: Sendable {
    private struct State {
        var nextKey: UInt64 = 0
        var readers: [UInt64: AsyncStream<StoreChange>.Continuation] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The changes from now on, until whoever reads them is cancelled.
    package func changes() -> AsyncStream<StoreChange> {
        let (changes, continuation) = AsyncStream.makeStream(of: StoreChange.self, bufferingPolicy: .bufferingNewest(1))
        let key = state.withLock { state in
            defer { state.nextKey += 1 }
            state.readers[state.nextKey] = continuation
            return state.nextKey
        }
        continuation.onTermination = { [weak self] _ in self?.remove(key) }
        return changes
    }

    package func announce(_ change: StoreChange) {
        guard !change.isEmpty else { return }
        state.withLock { state in
            for reader in state.readers.values {
                // What still waited comes back; joined, it takes the place of what just took its own.
                if case .dropped(let waiting) = reader.yield(change) { reader.yield(waiting.joined(with: change)) }
            }
        }
    }

    private func remove(_ key: UInt64) {
        state.withLock { _ = $0.readers.removeValue(forKey: key) }
    }
}
