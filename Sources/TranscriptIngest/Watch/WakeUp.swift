import Synchronization

/// A bell between a source of events and the one task that waits for them. Ringing before anybody waits is not lost, ringing twice is once.
final class WakeUp: Sendable {
    private enum State {
        case quiet
        case rung
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    func ring() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .waiting(let waiting) = state {
                state = .quiet
                return waiting
            }
            state = .rung
            return nil
        }
        waiting?.resume()
    }

    /// Ends when it is rung, when `timeout` is over, or when the task is cancelled.
    ///
    /// - Returns: whether it was rung.
    func wait(for timeout: Duration, _ clock: WatchClock) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait() }
            group.addTask {
                // Cancelled where the bell was first.
                try? await clock.sleep(timeout)
                return false
            }
            let wasRung = await group.next() ?? false
            group.cancelAll()
            return wasRung
        }
    }

    private func wait() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if case .quiet = state, !Task.isCancelled {
                        state = .waiting(continuation)
                        return false
                    }
                    if case .rung = state { state = .quiet }
                    return true
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard case .waiting(let waiting) = state else { return nil }
                state = .quiet
                return waiting
            }
            waiting?.resume()
        }
        return !Task.isCancelled
    }
}
