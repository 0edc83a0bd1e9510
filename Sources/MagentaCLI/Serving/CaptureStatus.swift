import MemoryModel
import MemoryStore
import Synchronization

/// What this process captured, for health and metrics.
final class CaptureStatus: Sendable {
    struct Pass: Sendable {
        var isRunning = true
        /// When a batch was last stored, or the pass ended.
        var time: Timestamp
        var counts = CaptureCounts()
    }

    private struct State {
        var holdsLock = false
        var pass: Pass?
    }

    private let state = Mutex(State())
    private let metrics: ServerMetrics?

    init(metrics: ServerMetrics? = nil) { self.metrics = metrics }

    var holdsLock: Bool { state.withLock { $0.holdsLock } }
    /// The one that runs, or the last one.
    var pass: Pass? { state.withLock { $0.pass } }

    func lockTaken() { state.withLock { $0.holdsLock = true } }
    func lockReleased() { state.withLock { $0.holdsLock = false } }

    func began() { state.withLock { $0.pass = Pass(time: SystemClock.now) } }

    func stored(_ counts: CaptureCounts) {
        metrics?.imported(counts)
        state.withLock { state in
            state.pass?.counts += counts
            state.pass?.time = SystemClock.now
        }
    }

    func ended() {
        state.withLock { state in
            state.pass?.isRunning = false
            state.pass?.time = SystemClock.now
        }
    }
}
