import CoreMetrics
import Synchronization

/// One line of a counter.
final class CounterSeries: CounterHandler, Sendable {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    /// A counter only grows; a negative step is dropped.
    func increment(by amount: Int64) { if amount > 0 { count.add(amount, ordering: .relaxed) } }
    func reset() { count.store(0, ordering: .relaxed) }
}

/// One line of a gauge. swift-metrics sets it by a recorder that does not aggregate, or by a meter.
final class GaugeSeries: RecorderHandler, MeterHandler, Sendable {
    private let current = Mutex(0.0)

    var value: Double { current.withLock { $0 } }

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
}

/// The buckets of one histogram, of seconds where a timer feeds it.
final class HistogramSeries: TimerHandler, RecorderHandler, Sendable {
    struct State {
        /// One per bound, not summed up, and one for what is larger.
        var counts: [Int64]
        var sum = 0.0
    }

    let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    var value: State { state.withLock { $0 } }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        // NaN would poison the sum for ever.
        guard value.isFinite else { return }
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += value
        }
    }
}
