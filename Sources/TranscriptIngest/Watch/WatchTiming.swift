/// How often a watch looks and tries again.
package struct WatchTiming: Sendable, Hashable {
    /// Between two looks at everything, where events tell of changes in between.
    package var rescan: Duration
    /// The same, where there are no events.
    package var poll: Duration
    /// A source is read once in this time, and what comes in between waits for it: a burst of lines is one batch.
    package var coalesce: Duration
    /// Between two tries of what failed: the first pause, doubled each time up to the last.
    package var firstRetry: Duration
    package var lastRetry: Duration

    package init(
        rescan: Duration = .seconds(30), poll: Duration = .milliseconds(500), coalesce: Duration = .milliseconds(50),
        firstRetry: Duration = .milliseconds(250), lastRetry: Duration = .seconds(30)
    ) {
        self.rescan = rescan
        self.poll = poll
        self.coalesce = coalesce
        self.firstRetry = firstRetry
        self.lastRetry = lastRetry
    }

    /// The pause behind the failure of this number, counted from 1.
    func retry(_ failures: Int) -> Duration {
        min(lastRetry, firstRetry * (1 << min(max(failures - 1, 0), 20)))
    }
}

/// The time that only goes forward; what a file or a wall clock says never decides when something is done.
package struct WatchClock: Sendable {
    /// Since some instant of this process.
    package var now: @Sendable () -> Duration
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    package static let continuous: WatchClock = {
        let start = ContinuousClock.now
        return WatchClock(now: { start.duration(to: .now) }, sleep: { try await ContinuousClock().sleep(for: $0) })
    }()
}
