import Diagnosis
package import Listeners

/// Dials the service's own listeners, again and again, so that what is known of its reach is of now and not of its start.
package struct ReachWatch: Sendable {
    private let listeners: [BoundListener]
    private let probe: HealthProbe
    private let interval: Duration
    /// After a look in which nothing answered: one that was too slow on a busy host must not stand for long.
    private static let retry: Duration = .seconds(2)
    private let clock: any Clock<Duration>

    /// - Parameter interval: from the end of one look to the start of the next: there is never more than one.
    package init(
        _ listeners: [BoundListener], probe: HealthProbe, interval: Duration = .seconds(30), clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.listeners = listeners
        self.probe = probe
        self.interval = interval
        self.clock = clock
    }

    /// Runs until the task is cancelled.
    package func run(_ report: (ReachReport) -> Void) async {
        var pause: Duration
        repeat {
            let found = await ReachReport.dial(listeners, probe: probe)
            // What a cancelled dial says is about us and not about the way.
            guard !Task.isCancelled else { return }
            report(found)
            pause = found.status == .failed ? min(interval, Self.retry) : interval
        } while (try? await clock.sleep(for: pause)) != nil
    }
}
