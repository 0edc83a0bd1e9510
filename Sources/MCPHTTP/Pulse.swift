import Synchronization

/// Beats for every open stream, so that proxies and clients see that it lives; one clock for all of them. Somebody has to ``run()`` it.
final class Pulse: Sendable {
    private struct State {
        var next: UInt64 = 0
        /// Since the last beat; too young to need one.
        var young: [UInt64: @Sendable () -> Void] = [:]
        var beats: [UInt64: @Sendable () -> Void] = [:]
    }

    private let interval: Duration
    private let state = Mutex(State())

    init(interval: Duration) { self.interval = interval }

    /// - Returns: what ends the beats.
    func add(_ beat: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            state.next += 1
            state.young[state.next] = beat
            return state.next
        }
    }

    func remove(_ key: UInt64) {
        state.withLock { state in
            if state.young.removeValue(forKey: key) == nil { state.beats[key] = nil }
        }
    }

    /// Beats until the task is cancelled. A stream is first reached between one and two intervals after it was opened.
    func run() async {
        while (try? await Task.sleep(for: interval)) != nil { beat() }
    }

    func beat() {
        let beats = state.withLock { state in
            let beats = Array(state.beats.values)
            state.beats.merge(state.young) { $1 }
            state.young.removeAll()
            return beats
        }
        for beat in beats { beat() }
    }
}
