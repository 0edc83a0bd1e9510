import Access
import HTTPService
import HTTPTypes
import JSON
import Logging
import MemoryStore
import Redaction
import Synchronization
import TranscriptIngest

/// Takes what watchers send: each batch once, whoever sends it how often. docs/watch.md.
///
/// What one request may hold in memory is bounded by its body, and all requests together by ``maximumBytes``.
final class IngestDesk: Sendable {
    /// Bytes of bodies that are read or taken at one time. As values they take a multiple.
    static let maximumBytes = 96 << 20
    static let maximumRequests = 16
    /// Of these, one client's: so that no one keeps all others out.
    static let maximumRequestsOfOne = 6
    static let maximumBytesOfOne = 64 << 20

    private struct State {
        var bytes = 0
        var requests = 0
        var spools: Set<RedactedText> = []
        var clients: [String: (requests: Int, bytes: Int)] = [:]
    }

    private let state = Mutex(State())
    private let store: any MemoryStore
    private let sink: any LineSink
    private let redactor: Redactor
    private let logger: Logger
    private let onTaken: @Sendable (CaptureCounts) -> Void

    init(
        store: any MemoryStore, sink: any LineSink, redactor: Redactor, logger: Logger,
        onTaken: @escaping @Sendable (CaptureCounts) -> Void = { _ in }
    ) {
        self.store = store
        self.sink = sink
        self.redactor = redactor
        self.logger = logger
        self.onTaken = onTaken
    }

    /// Runs `body` while there is room for a request of so many bytes.
    func admitting<Value>(_ bytes: Int, of client: String, _ body: () async throws -> Value) async throws -> Value {
        let isAdmitted = state.withLock { state in
            let own = state.clients[client] ?? (0, 0)
            guard state.requests < Self.maximumRequests, state.requests == 0 || state.bytes + bytes <= Self.maximumBytes,
                own.requests < Self.maximumRequestsOfOne, own.requests == 0 || own.bytes + bytes <= Self.maximumBytesOfOne
            else { return false }
            state.requests += 1
            state.bytes += bytes
            state.clients[client] = (own.requests + 1, own.bytes + bytes)
            return true
        }
        guard isAdmitted else {
            throw Refusal(.serviceUnavailable, "many watchers send at this moment. Fix: send it again in a second", headers: [.retryAfter: "1"])
        }
        defer {
            state.withLock { state in
                state.requests -= 1
                state.bytes -= bytes
                let own = state.clients[client] ?? (1, bytes)
                state.clients[client] = own.requests > 1 ? (own.requests - 1, own.bytes - bytes) : nil
            }
        }
        return try await body()
    }

    /// What became of each batch: `{"results": [{"status": ...}]}`, with fewer results than batches where the store failed on the way.
    func take(_ body: [UInt8], from principal: Principal) async throws -> JSONValue {
        let envelope: LineBatchJSON.Envelope
        do throws(LineBatchError) { envelope = try LineBatchJSON.envelope(body, redactor: redactor) } catch {
            throw Refusal(.badRequest, "\(error). Fix: send what `magenta watch --to` sends")
        }
        // Two requests of one spool at a time would each see what the other one is about to store.
        guard state.withLock({ $0.spools.insert(envelope.spool).inserted }) else {
            throw Refusal(
                .tooManyRequests, "a request of the same spool is being taken. Fix: send one at a time, and this one again in a second",
                headers: [.retryAfter: "1"])
        }
        defer { state.withLock { _ = $0.spools.remove(envelope.spool) } }
        try await checkSender(envelope)
        var results: [JSONValue] = []
        var stopped: Set<SourceKey> = []
        do throws(StoreError) {
            let user = try await user(of: principal)
            for value in envelope.batches {
                var batch: LineBatch
                do throws(LineBatchError) {
                    batch = try LineBatchJSON.batch(value, spool: envelope.spool, redactor: redactor)
                } catch {
                    results.append(["status": "refused", "reason": .string("\(error)")])
                    if let path = value["path"]?.string { stopped.insert(SourceKey(spool: envelope.spool, path: redactor.redact(path))) }
                    continue
                }
                if stopped.contains(batch.key) {
                    results.append(["status": "waits"])
                    continue
                }
                if let user { batch.origin.user = user }
                let result = try await take(batch)
                if !["taken", "known"].contains(result["status"]?.string) { stopped.insert(batch.key) }
                results.append(result)
            }
        } catch {
            if !Task.isCancelled { logger.error("cannot take what a watcher sent; it will send it again", metadata: ["reason": "\(error)"]) }
            guard !results.isEmpty else { throw Self.unavailable(error) }
        }
        return ["results": .array(results)]
    }

    /// Who knows a spool's id could otherwise take places in its sources, and the lines that belong there would count as known.
    private func checkSender(_ envelope: LineBatchJSON.Envelope) async throws {
        let isKnown: Bool
        do throws(StoreError) {
            isKnown = try await store.admitSpool(envelope.spool, proof: envelope.proof)
        } catch { throw Self.unavailable(error) }
        guard isKnown else {
            throw Refusal(
                .forbidden, "this server knows that spool by another key. Fix: let each watch have a spool of its own, not a copy of another's",
                reason: .auth)
        }
    }

    private static func unavailable(_ error: StoreError) -> Refusal {
        Refusal(
            .serviceUnavailable, "the store takes nothing now (\(error.code.rawValue)). Fix: see the server's log", headers: [.retryAfter: "5"])
    }

    private func take(_ batch: LineBatch) async throws(StoreError) -> JSONValue {
        do {
            if let known = try await sink.position(of: batch.key) {
                let isSamePlace = (known.generation, known.offset) == (batch.end.generation, batch.end.offset)
                if isSamePlace, known.headHash != batch.end.headHash {
                    return gap(known, "this server has other lines of that spool at the same place")
                }
            }
            let counts = try await sink.take(batch)
            // A batch of no lines, or one that was taken before.
            guard counts.lines > 0 else { return ["status": "known"] }
            onTaken(counts)
            return [
                "status": "taken", "stored": .integer(Int64(counts.stored)), "known": .integer(Int64(counts.known)),
                "repeated": .integer(Int64(counts.repeated)), "refused": .integer(Int64(counts.refused)),
            ]
        } catch let error as SinkGap {
            return gap(error.position, "the batch does not follow on what this server has of its source")
        } catch let error as StoreError {
            throw error
        } catch let error as ImportError {
            return ["status": "refused", "reason": .string(error.cause)]
        } catch {
            throw StoreError(.failed, operation: "take lines of a watcher", cause: "\(type(of: error))")
        }
    }

    private func gap(_ position: SourcePosition?, _ reason: String) -> JSONValue {
        [
            "status": "gap", "reason": .string(reason), "generation": position.map { .integer(Int64($0.generation)) } ?? nil,
            "offset": position.map { .integer($0.offset) } ?? nil,
        ]
    }

    /// Whom the token is bound to, who then is the user of all that comes with it; `nil` where the sender may say it.
    private func user(of principal: Principal) async throws(StoreError) -> RedactedText? {
        guard principal.name.hasPrefix("token:") else { return nil }
        let name = principal.name.dropFirst(6)
        return try await store.tokens().last { $0.name == name && $0.revoked == nil }?.user.map { redactor.redact($0) }
    }
}
