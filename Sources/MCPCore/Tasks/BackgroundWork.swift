import Synchronization

/// Runs what outlives the request that began it: tasks, and calls whose client comes back for the answer. Somebody has to ``run()`` it.
package final class BackgroundWork: Sendable {
    package typealias Job = @Sendable () async -> Void

    private struct State {
        var jobs: AsyncStream<Job>.Continuation?
        var pending = 0
        /// Runs that wait for the one before them to end.
        var successors: [AsyncStream<Never>.Continuation] = []
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: how many jobs may run at once.
    init(limit: Int) { self.limit = limit }

    /// - Returns: false where nobody runs it, or too much runs already.
    package func start(_ job: @escaping Job) -> Bool {
        state.withLock { state in
            guard let jobs = state.jobs, state.pending < limit else { return false }
            let counted: Job = { [self] in
                await job()
                self.state.withLock { $0.pending -= 1 }
            }
            guard case .enqueued = jobs.yield(counted) else { return false }
            state.pending += 1
            return true
        }
    }

    /// Runs jobs until the task is cancelled, which cancels them too. A second run beside the first waits and takes over when that ends.
    package func run() async {
        while !Task.isCancelled {
            let (jobs, continuation) = AsyncStream.makeStream(of: Job.self, bufferingPolicy: .bufferingOldest(limit))
            let (wait, successor) = AsyncStream.makeStream(of: Never.self)
            let isFirst = state.withLock { state in
                guard state.jobs == nil else {
                    state.successors.append(successor)
                    return false
                }
                state.jobs = continuation
                return true
            }
            guard isFirst else {
                for await _ in wait {}
                continue
            }
            await withDiscardingTaskGroup { group in
                for await job in jobs { group.addTask { await job() } }
                let successors = state.withLock { state in
                    state.jobs = nil
                    state.pending = 0
                    defer { state.successors = [] }
                    return state.successors
                }
                for successor in successors { successor.finish() }
                group.cancelAll()
            }
        }
    }
}

/// Waits for nothing but the cancellation of the task.
package func untilCancelled() async {
    for await _ in AsyncStream<Never>.makeStream().stream {}
}
