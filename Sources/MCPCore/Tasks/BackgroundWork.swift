import Synchronization

/// Runs what outlives the request that began it: tasks, and calls whose client comes back for the answer. Somebody has to ``run()`` it.
package final class BackgroundWork: Sendable {
    package typealias Job = @Sendable () async -> Void

    private struct State {
        var isRunning = false
        var pending = 0
    }

    private let jobs: AsyncStream<Job>
    private let continuation: AsyncStream<Job>.Continuation
    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: how many jobs may run at once.
    init(limit: Int) {
        self.limit = limit
        (jobs, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
    }

    /// - Returns: false where nobody runs it, or too much runs already.
    package func start(_ job: @escaping Job) -> Bool {
        let isTaken = state.withLock { state in
            guard state.isRunning, state.pending < limit else { return false }
            state.pending += 1
            return true
        }
        guard isTaken else { return false }
        continuation.yield { [self] in
            await job()
            state.withLock { $0.pending -= 1 }
        }
        return true
    }

    /// Runs jobs until the task is cancelled, which cancels them too. A second run beside the first only waits.
    package func run() async {
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else {
            return await untilCancelled()
        }
        await withDiscardingTaskGroup { group in
            for await job in jobs { group.addTask { await job() } }
            state.withLock { $0.isRunning = false }
            group.cancelAll()
        }
    }
}

/// Waits for nothing but the cancellation of the task.
package func untilCancelled() async {
    for await _ in AsyncStream<Never>.makeStream().stream {}
}
