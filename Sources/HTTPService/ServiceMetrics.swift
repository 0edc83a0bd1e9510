package import CoreMetrics

/// What a service counts. The names of routes are those of the router and never what a client sent, so that the number of series is bounded.
package struct ServiceMetrics: Sendable {
    /// Seconds, by `route` and `status` (`2xx` and so on): of a stream until its head, of any other answer until its end.
    package static let duration = "http_request_duration_seconds"
    /// By `reason`, see ``Refusal/Reason``.
    package static let refusals = "http_refusals_total"

    private let factory: any MetricsFactory
    private let durationLabel: String
    private let refused: [Refusal.Reason: Counter]

    /// - Parameter prefix: what stands before the names.
    package init(factory: any MetricsFactory = NOOPMetricsHandler.instance, prefix: String = "") {
        self.factory = factory
        durationLabel = prefix + Self.duration
        // Made beforehand: a series that is there from the start at 0 shows its first increase.
        refused = Dictionary(
            uniqueKeysWithValues: Refusal.Reason.allCases.map {
                ($0, Counter(label: prefix + Self.refusals, dimensions: [("reason", $0.rawValue)], factory: factory))
            })
    }

    func answered(route: String, status: Int, after duration: Duration) {
        Timer(label: durationLabel, dimensions: [("route", route), ("status", "\(status / 100)xx")], factory: factory)
            .recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }

    func refused(_ reason: Refusal.Reason) { refused[reason]?.increment() }
}
