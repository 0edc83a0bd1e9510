/// Tells how much time went by; a test gives its own.
package struct Stopwatch: Sendable {
    /// Since some moment that does not change.
    package var read: @Sendable () -> Duration

    package init(read: @escaping @Sendable () -> Duration) {
        self.read = read
    }

    package static let system = {
        let start = ContinuousClock.now
        return Stopwatch { start.duration(to: .now) }
    }()
}
