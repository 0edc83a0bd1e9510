import JSON
import Synchronization

/// Sends `notifications/progress` for one request, by the rules: strictly increasing, nothing after completion, bounded rate.
///
/// A report that breaks a rule is dropped, so a tool may report as often as it likes.
public final class ProgressReporter: Sendable {
    /// How many reports may go out at once.
    static let burst = 16
    /// How long it takes until one more may follow.
    static let interval = Duration.milliseconds(50)

    private struct State {
        var last = -Double.infinity
        var allowance = ProgressReporter.burst
        var refilled: ContinuousClock.Instant
        var isFinished = false
    }

    private let token: RequestID
    private let revision: Revision
    private let channel: any ClientChannel
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// - Parameters:
    ///   - token: what the client sent, echoed with its type.
    ///   - revision: 2024-11-05 knows no `message`.
    ///   - channel: where the notifications go.
    ///   - now: the clock that bounds the rate.
    public init(
        token: RequestID, revision: Revision, channel: any ClientChannel,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.token = token
        self.revision = revision
        self.channel = channel
        self.now = now
        state = Mutex(State(refilled: now()))
    }

    /// Says how far the work is.
    ///
    /// - Parameters:
    ///   - progress: grows from report to report; one that does not is dropped.
    ///   - total: what `progress` is when all is done, where that is known.
    ///   - message: what is being done.
    public func report(_ progress: Double, total: Double? = nil, message: String? = nil) {
        guard progress.isFinite else { return }
        // Sent inside of the lock: two tasks that report at once must not overtake each other on the wire.
        state.withLock { state in
            guard !state.isFinished, progress > state.last, takeAllowance(&state) else { return }
            state.last = progress
            var params: JSONObject = ["progressToken": token.json, "progress": Self.number(progress)]
            if let total, total.isFinite { params["total"] = Self.number(total) }
            if let message, revision >= .v2025_03_26 { params["message"] = .string(message) }
            channel.send(JSONRPCNotification(method: "notifications/progress", params: params))
        }
    }

    /// Ends the reports: the response follows.
    func finish() {
        state.withLock { $0.isFinished = true }
    }

    private func takeAllowance(_ state: inout State) -> Bool {
        let elapsed = state.refilled.duration(to: now())
        let earned = min(Double(Self.burst), elapsed / Self.interval)
        if earned >= 1 {
            state.allowance = min(Self.burst, state.allowance + Int(earned))
            state.refilled = now()
        }
        guard state.allowance > 0 else { return false }
        state.allowance -= 1
        return true
    }

    private static func number(_ value: Double) -> JSONValue {
        Int64(exactly: value).map(JSONValue.integer) ?? .double(value)
    }
}
