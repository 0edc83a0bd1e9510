import MemoryModel
import MemoryStore
import Synchronization
import TranscriptIngest

/// What this process captured and what is in its way, for health and metrics.
final class CaptureStatus: Sendable {
    struct Capture: Sendable {
        /// Whether something that is known of is not read yet.
        var isRunning = true
        /// When a batch was last stored, or everything known of was.
        var time: Timestamp
        var counts = CaptureCounts()
        /// How changes are heard of; `nil` before the first look.
        var mode: WatchMode?
        /// Sources that are there.
        var sources = 0
        /// Why the store took nothing the last time that it was tried; `nil` once it does.
        var failure: String?
        /// Directories of transcripts that are not there or cannot be read, each with the reason.
        var missing: [String: String] = [:]
    }

    private struct State {
        var holdsLock = false
        var capture: Capture?
        var paths: Set<String> = []
        var isBackfillOver = false
    }

    private let state = Mutex(State())
    private let metrics: ServerMetrics?
    private let now: @Sendable () -> Timestamp

    init(metrics: ServerMetrics? = nil, now: @escaping @Sendable () -> Timestamp = { SystemClock.now }) {
        self.metrics = metrics
        self.now = now
    }

    var holdsLock: Bool { state.withLock { $0.holdsLock } }
    /// `nil` where this process has not captured.
    var capture: Capture? { state.withLock { $0.capture } }

    func lockTaken() {
        state.withLock { state in
            state = State(holdsLock: true, capture: Capture(time: now()))
        }
    }

    func lockReleased() {
        state.withLock { state in
            state.holdsLock = false
            state.capture?.isRunning = false
        }
    }

    func happened(_ event: WatchEvent) {
        if case .taken(let progress) = event { metrics?.imported(progress.counts) }
        if case .failed(let failure) = event { metrics?.failed(failure.side) }
        state.withLock { state in
            switch event {
            case .seen(let source):
                state.capture?.isRunning = true
                state.paths.insert(source.path)
                state.capture?.sources = state.paths.count
            case .gone(let path):
                state.paths.remove(path)
                state.capture?.sources = state.paths.count
            case .taken(let progress):
                state.capture?.counts += progress.counts
                state.capture?.time = now()
                state.capture?.failure = nil
            case .failed(let failure) where failure.side == .sink: state.capture?.failure = failure.reason
            case .rootMissing(let path, let reason): state.capture?.missing[path] = reason
            case .rootFound(let path): state.capture?.missing[path] = nil
            case .mode(let mode): state.capture?.mode = mode
            case .caughtUp:
                state.capture?.isRunning = false
                state.capture?.time = now()
            case .read, .refused, .failed: break
            }
        }
    }

    /// What the backfill came to; `nil` where it was over before, or where something still stands in its way.
    func endBackfill() -> Capture? {
        state.withLock { state in
            guard !state.isBackfillOver, let capture = state.capture, capture.failure == nil else { return nil }
            state.isBackfillOver = true
            return capture
        }
    }
}
