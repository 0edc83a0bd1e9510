import FuzzRun
import Dispatch
import Synchronization

/// Runs every job on the thread that waits for the work to end: an input then takes the same way each time, and its stack is the one that
/// libFuzzer watches.
final class InlineExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let arrivals = DispatchSemaphore(value: 0)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        arrivals.signal()
    }

    /// Runs `work` to its end.
    ///
    /// - Parameter patience: how long nothing may happen before `work` is cancelled; what then still does not end is a hang.
    func run(patience: DispatchTimeInterval = .milliseconds(5), _ work: @escaping @Sendable () async -> Void) {
        let done = Flag()
        let task = Task(executorPreference: self) {
            await work()
            done.raise()
        }
        guard !drain(until: done, patience) else { return }
        task.cancel()
        if !drain(until: done, .seconds(4)) { found("work that was cancelled does not end") }
    }

    private func drain(until done: Flag, _ patience: DispatchTimeInterval) -> Bool {
        while !done.isRaised {
            guard arrivals.wait(timeout: .now() + patience) == .success else { return false }
            let job = jobs.withLock { $0.removeFirst() }
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
        return true
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)

        var isRaised: Bool { value.load(ordering: .acquiring) }
        func raise() { value.store(true, ordering: .releasing) }
    }
}
