import JSON
import Synchronization

/// A task's work while it runs: what cancels it, and how the answers to its questions reach it.
final class TaskRun: Sendable {
    private struct State {
        var answers: [String: JSONObject] = [:]
        /// Those who wait for answers; several questions may be under way at once.
        var waiting: [AsyncStream<Never>.Continuation] = []
        var cancellation: AsyncStream<Never>.Continuation?
        var isCancelled = false
        var asked: Set<String> = []
        /// Questions that are on their way to the client over somebody's stream.
        var claimed: Set<String> = []
    }

    let id: String
    private let store: TaskStore
    private let state = Mutex(State())

    init(id: String, store: TaskStore) {
        self.id = id
        self.store = store
    }

    /// Runs the work to its end or to the task's cancellation, and keeps what it came to.
    func run(_ form: TaskRecord.Form, _ work: @escaping @Sendable () async -> Result<JSONObject, JSONRPCError>) async {
        let (cancelled, continuation) = AsyncStream.makeStream(of: Never.self)
        let isCancelled = state.withLock { state in
            state.cancellation = continuation
            return state.isCancelled
        }
        guard !isCancelled else { return }
        let outcome = await withTaskGroup(of: Result<JSONObject, JSONRPCError>?.self) { group in
            group.addTask { await work() }
            group.addTask {
                for await _ in cancelled {}
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        store.update(id) { record in
            record.questions = []
            record.outcome = outcome ?? .failure(.cancelled)
            switch outcome {
            case .success(let result)?:
                // A tool that failed is a failed task in 2025-11-25, and a completed one in the extension.
                record.status = form == .core && result["isError"] == true ? .failed : .completed
            case .failure(let error)?:
                record.status = .failed
                record.message = error.message
            case nil: record.status = .cancelled
            }
        }
    }

    /// Cancels the work, which may take a while to notice; the task is cancelled at once.
    func cancel() {
        let (cancellation, waiting) = state.withLock { state in
            state.isCancelled = true
            defer { state.waiting = [] }
            return (state.cancellation, state.waiting)
        }
        store.update(id) { record in
            record.status = .cancelled
            record.questions = []
            record.outcome = .failure(.cancelled)
        }
        cancellation?.finish()
        for waiter in waiting { waiter.finish() }
    }

    /// Waits with questions until all of them are answered.
    func answers(
        to questions: [(key: String, question: ClientQuestion)], revision: Revision
    ) async throws -> [String: JSONObject] {
        // A key names one question for the life of the task.
        let open: [(key: String, question: ClientQuestion)] = state.withLock { state in
            questions.compactMap { state.asked.insert($0.key).inserted ? $0 : nil }
        }
        guard open.count == questions.count else {
            throw JSONRPCError(.internalError, "A task may use the key of a question once; this one was asked before.")
        }
        store.update(id) { record in
            record.status = .inputRequired
            record.questions += open
        }
        while true {
            let (answered, stream) = state.withLock { state -> (Bool, AsyncStream<Never>?) in
                if state.isCancelled || open.allSatisfy({ state.answers[$0.key] != nil }) { return (true, nil) }
                let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
                state.waiting.append(continuation)
                return (false, stream)
            }
            if answered { break }
            if let stream { for await _ in stream {} }
            try Task.checkCancellation()
        }
        return try state.withLock { state in
            if state.isCancelled { throw CancellationError() }
            return state.answers.filter { answer in open.contains { $0.key == answer.key } }
        }
    }

    /// Whether the caller is the one who asks this question; nobody else does until it is released.
    func claim(_ key: String) -> Bool { state.withLock { $0.claimed.insert(key).inserted } }

    func whileClaimed<Value>(_ key: String, _ body: () async throws -> Value) async rethrows -> Value {
        defer {
            state.withLock { _ = $0.claimed.remove(key) }
            // Somebody else may ask it now.
            store.wake(id)
        }
        return try await body()
    }

    /// Takes answers; those to questions that nobody asked, or that do not fit, count for nothing.
    ///
    /// - Returns: why the first one does not fit, where one does not.
    @discardableResult func take(_ answers: JSONObject) -> String? {
        guard let questions = store.peek(id)?.questions else { return nil }
        var complaint: String?
        var taken: Set<String> = []
        for (key, question) in questions {
            guard let answer = answers[key] else { continue }
            if let reason = question.complaint(about: answer) {
                complaint = complaint ?? "\(key): \(reason)"
            } else if let object = answer.object {
                state.withLock { $0.answers[key] = object }
                taken.insert(key)
            }
        }
        guard !taken.isEmpty else { return complaint }
        store.update(id) { record in
            record.questions.removeAll { taken.contains($0.key) }
            if record.questions.isEmpty { record.status = .working }
        }
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.finish() }
        return complaint
    }
}
