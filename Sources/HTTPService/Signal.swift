import Synchronization

/// Something that happens at most once and is told to everybody who asks, before or after: the client left, the server drains.
package final class Signal: Sendable {
    private struct State {
        var isRaised = false
        var nextKey: UInt64 = 0
        var observers: [UInt64: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package var isRaised: Bool { state.withLock { $0.isRaised } }

    /// Raises it once; later calls do nothing. The observers run on the caller's thread.
    package func raise() {
        let observers = state.withLock { state -> [@Sendable () -> Void] in
            guard !state.isRaised else { return [] }
            state.isRaised = true
            let observers = Array(state.observers.values)
            state.observers.removeAll()
            return observers
        }
        for observer in observers { observer() }
    }

    /// Waits until it is raised or the task is cancelled.
    package func wait() async {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        await observe({ continuation.finish() }) {
            for await _ in stream {}
        }
    }

    /// Runs `operation` and calls `observer` at most once if the signal is raised meanwhile, at once if it already was. It starts no task,
    /// so a stream can end its source in `observer` while it writes in `operation`.
    package func observe<Value>(
        isolation: isolated (any Actor)? = #isolation,
        _ observer: @escaping @Sendable () -> Void, during operation: () async throws -> Value
    ) async rethrows -> Value {
        let key = add(observer)
        defer { if let key { remove(key) } }
        return try await operation()
    }

    private func add(_ observer: @escaping @Sendable () -> Void) -> UInt64? {
        let key = state.withLock { state -> UInt64? in
            guard !state.isRaised else { return nil }
            defer { state.nextKey += 1 }
            state.observers[state.nextKey] = observer
            return state.nextKey
        }
        if key == nil { observer() }
        return key
    }

    private func remove(_ key: UInt64) {
        state.withLock { _ = $0.observers.removeValue(forKey: key) }
    }
}
