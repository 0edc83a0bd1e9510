import Access
import JSON
import Synchronization

/// The tasks of a server, in memory: they end with the process. Bounded in number and lifetime; a task is known to its principal alone.
public final class TaskStore: Sendable {
    private struct State {
        var records: [String: TaskRecord] = [:]
        var runs: [String: TaskRun] = [:]
        /// Whoever waits for something to change about a task.
        var waiters: [String: [UInt64: AsyncStream<Never>.Continuation]] = [:]
        var nextWaiter: UInt64 = 0
    }

    let limits: TaskLimits
    private let changes: ChangeFeed
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameter now: milliseconds since 1970.
    init(limits: TaskLimits, changes: ChangeFeed, now: @escaping @Sendable () -> Int64) {
        self.limits = limits
        self.changes = changes
        self.now = now
    }

    /// How many tasks are kept now.
    public var count: Int { state.withLock { $0.records.count } }

    func exists(_ id: String, principal: String) -> Bool { record(id, principal: principal) != nil }

    /// `nil` for a task that is unknown, expired or another principal's: to whoever asks they are all the same.
    func record(_ id: String, principal: String) -> TaskRecord? {
        sweep()
        return state.withLock { state in
            guard let record = state.records[id], record.principal == principal else { return nil }
            return record
        }
    }

    func records(of principal: String) -> [TaskRecord] {
        sweep()
        return state.withLock { state in
            state.records.values.filter { $0.principal == principal }.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
        }
    }

    /// Keeps a new task, before its work begins.
    ///
    /// - Throws: -32603 where there are too many.
    func create(_ form: TaskRecord.Form, lifetime: Int?, principal: String) throws(JSONRPCError) -> TaskRun {
        sweep()
        let now = now()
        // Unguessable: where nobody has to say who he is, the id is all that protects a task.
        let id = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(separator: "-")
        let record = TaskRecord(
            id: id, form: form, principal: principal, created: now,
            lifetime: min(max(1000, lifetime ?? limits.lifetime), limits.maximumLifetime), pollInterval: limits.pollInterval, updated: now)
        let run = TaskRun(id: id, store: self)
        let isTaken = state.withLock { state in
            guard state.records.count < limits.count, state.records.values.count(where: { $0.principal == principal }) < limits.countPerPrincipal
            else { return false }
            state.records[id] = record
            state.runs[id] = run
            return true
        }
        guard isTaken else {
            throw JSONRPCError(.internalError, "The server keeps too many tasks already; wait until some have ended, or cancel one.")
        }
        return run
    }

    /// Changes a task that has not ended, and tells everybody who wants to know.
    func update(_ id: String, _ change: (inout TaskRecord) -> Void) {
        let now = now()
        let waiters = state.withLock { state -> [AsyncStream<Never>.Continuation] in
            guard var record = state.records[id], !record.status.isTerminal else { return [] }
            change(&record)
            record.updated = max(record.updated, now)
            state.records[id] = record
            if record.status.isTerminal { state.runs[id] = nil }
            // Inside of the lock: what happened first is told first.
            if record.form == .extension { changes.announce(.task(id: id, record.extensionFields(isCreated: false, revision: .newest))) }
            return Array((state.waiters.removeValue(forKey: id) ?? [:]).values)
        }
        for waiter in waiters { waiter.finish() }
    }

    /// Lets everybody look again who waits for something to change about a task.
    func wake(_ id: String) {
        let waiters = state.withLock { $0.waiters.removeValue(forKey: id) ?? [:] }
        for waiter in waiters.values { waiter.finish() }
    }

    /// Whatever it is and whoever owns it; for the task's own work.
    func peek(_ id: String) -> TaskRecord? { state.withLock { $0.records[id] } }

    func run(_ id: String) -> TaskRun? { state.withLock { $0.runs[id] } }

    /// Returns when something about the task changed, or at once where it has ended already.
    func waitForChange(_ id: String, since record: TaskRecord) async {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        let key = state.withLock { state -> UInt64? in
            guard let current = state.records[id], !current.status.isTerminal, current.status == record.status,
                current.questions.map(\.key) == record.questions.map(\.key)
            else { return nil }
            state.nextWaiter += 1
            state.waiters[id, default: [:]][state.nextWaiter] = continuation
            return state.nextWaiter
        }
        guard let key else { return }
        for await _ in stream {}
        state.withLock { _ = $0.waiters[id]?.removeValue(forKey: key) }
    }

    /// Takes a task that will not run after all.
    func forget(_ id: String) {
        state.withLock { state in
            state.records[id] = nil
            state.runs[id] = nil
        }
    }

    /// Expired tasks go; one that still runs is cancelled.
    func sweep() {
        let now = now()
        let (runs, waiters) = state.withLock { state -> ([TaskRun], [AsyncStream<Never>.Continuation]) in
            let expired = state.records.values.filter { $0.expires <= now }.map(\.id)
            for id in expired { state.records[id] = nil }
            let waiters = expired.flatMap { Array((state.waiters.removeValue(forKey: $0) ?? [:]).values) }
            return (expired.compactMap { state.runs.removeValue(forKey: $0) }, waiters)
        }
        for run in runs { run.cancel() }
        for waiter in waiters { waiter.finish() }
    }
}
