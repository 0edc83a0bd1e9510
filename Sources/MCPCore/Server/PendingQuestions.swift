public import JSON
import Synchronization

/// The questions that one server asked and nobody answered yet. A transport asks, and hands in what the client posts.
///
/// A key is whatever tells askers apart: nothing on a connection of its own, a session on an endpoint of many.
public final class PendingQuestions<Asker: Hashable & Sendable>: Sendable {
    private struct Key: Hashable {
        var asker: Asker
        var id: RequestID
    }

    private typealias Answer = Result<JSONValue, JSONRPCError>

    private struct State {
        var count: UInt64 = 0
        var waiting: [Key: AsyncStream<Answer>.Continuation] = [:]
    }

    private let limit: Int
    private let timeout: Duration
    /// Tells the ids of this process from those of the one before it, whose clients may still answer.
    private let prefix = "q" + String(UInt32.random(in: .min ... .max), radix: 36) + "-"
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many questions may wait at once.
    ///   - timeout: how long a client, and the person in front of it, may take.
    public init(limit: Int, timeout: Duration) {
        self.limit = limit
        self.timeout = timeout
    }

    /// How many questions wait now.
    public var count: Int { state.withLock { $0.waiting.count } }

    /// Sends a request with `send`, which says whether it will be read, and waits for its answer. Where the waiting ends otherwise, the client is told that nobody waits any more.
    ///
    /// - Throws: ``ClientUnreachable`` where too much waits, or no answer came in time; ``JSONRPCError`` where the client refused.
    public func ask(
        _ asker: Asker, _ method: String, _ params: JSONObject, send: @Sendable ([UInt8]) -> Bool
    ) async throws -> JSONValue {
        let (answers, continuation) = AsyncStream.makeStream(of: Answer.self, bufferingPolicy: .bufferingOldest(1))
        let key = state.withLock { state -> Key? in
            guard state.waiting.count < limit else { return nil }
            state.count += 1
            let key = Key(asker: asker, id: .string(prefix + String(state.count)))
            state.waiting[key] = continuation
            return key
        }
        guard let key else { throw ClientUnreachable("Too many questions to clients wait for an answer; try again in a moment.") }
        defer { state.withLock { _ = $0.waiting.removeValue(forKey: key) } }
        guard send(Self.request(key.id, method, params)) else {
            throw ClientUnreachable("The client cannot be asked: its stream is gone, or it reads too slowly.")
        }
        let timeout = timeout
        let answer = await withTaskGroup(of: Answer?.self) { group in
            group.addTask {
                for await answer in answers { return answer }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let answer { return try answer.get() }
        _ = send(
            JSONRPCNotification(
                method: "notifications/cancelled", params: ["requestId": key.id.json, "reason": "nobody waits for the answer any more"]
            ).bytes)
        try Task.checkCancellation()
        throw ClientUnreachable("The client did not answer \(method).")
    }

    /// Hands an answer in.
    ///
    /// - Returns: false where nobody asked, or nobody waits any more.
    @discardableResult public func answer(_ asker: Asker, _ response: JSONRPCResponse) -> Bool {
        guard let waiting = state.withLock({ $0.waiting[Key(asker: asker, id: response.id)] }) else { return false }
        waiting.yield(response.outcome)
        waiting.finish()
        return true
    }

    /// Ends the questions to somebody who is gone.
    public func abandon(_ asker: Asker) {
        let waiting = state.withLock { state in state.waiting.filter { $0.key.asker == asker }.map(\.value) }
        for continuation in waiting { continuation.finish() }
    }

    private static func request(_ id: RequestID, _ method: String, _ params: JSONObject) -> [UInt8] {
        var message: JSONObject = ["jsonrpc": "2.0", "id": id.json, "method": .string(method)]
        if !params.isEmpty { message["params"] = .object(params) }
        return JSONWriter.bytes(of: .object(message))
    }
}
