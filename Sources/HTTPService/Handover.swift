import NIOCore
import Synchronization

/// The connections of one listener that the kernel has given and that no task has taken yet.
///
/// A listener closes only when there are none: NIO drops those of a closed listener, and a dropped asynchronous channel ends the process.
final class Handover: Sendable {
    private struct State {
        var waiting: Set<ObjectIdentifier> = []
        var close: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Whether nothing more is accepted.
    var isStopping: Bool { state.withLock { $0.close != nil } }

    /// On the listener's event loop.
    func came(_ connection: any Channel) {
        let key = ObjectIdentifier(connection)
        _ = state.withLock { $0.waiting.insert(key) }
        // Also one that never gets as far as being taken.
        connection.closeFuture.whenComplete { [self] _ in remove(key) }
    }

    func taken(_ connection: any Channel) { remove(ObjectIdentifier(connection)) }

    /// Accepts nothing more, and closes the listener as soon as nothing waits.
    func stop(_ listener: any Channel) {
        listener.eventLoop.execute { [self] in
            // Here nothing can come between the two.
            try? listener.syncOptions?.setOption(.autoRead, value: false)
            let isEmpty = state.withLock { state in
                state.close = { listener.close(promise: nil) }
                return state.waiting.isEmpty
            }
            if isEmpty { listener.close(promise: nil) }
        }
    }

    private func remove(_ key: ObjectIdentifier) {
        let close = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.waiting.remove(key) != nil, state.waiting.isEmpty else { return nil }
            return state.close
        }
        close?()
    }
}
