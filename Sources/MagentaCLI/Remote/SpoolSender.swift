import JSON
import Logging
import MemoryStore
import Redaction
import TranscriptIngest

/// Sends what waits in a spool, in its order, until the server has it. Never spins: whatever goes wrong, it waits longer each time.
actor SpoolSender {
    /// What one try came to.
    enum Step: Sendable, Hashable {
        case sent
        case empty
        case wait(Duration, reason: String)
    }

    private let spool: any SpoolStore
    private let connection: IngestConnection
    private let server: String
    private let logger: Logger
    private let onRestart: @Sendable () -> Void

    private static let requestBytes = 4 << 20
    private static let firstPause = Duration.milliseconds(250)
    private static let lastPause = Duration.seconds(60)
    /// Between two tries to send what the server does not take.
    private static let heldPause = Duration.seconds(600)

    private static let largestCount: Int64 = 1 << 31

    private var count = 64
    private var failures = 0
    /// Why nothing goes on; said once.
    private var trouble: String?
    private var counts = CaptureCounts()
    private var batches = 0
    /// Sources whose next batch the server refuses, with the reason.
    private(set) var held: [Int64: String] = [:]
    private var heldUntil = ContinuousClock.now

    /// - Parameter onRestart: hears that sources are to be read again from their start. Returns at once.
    init(
        _ spool: any SpoolStore, over connection: IngestConnection, to server: String, logger: Logger, onRestart: @escaping @Sendable () -> Void = {}
    ) {
        self.spool = spool
        self.connection = connection
        self.server = server
        self.logger = logger
        self.onRestart = onRestart
    }

    /// Sends whenever `bell` rings, until it is cancelled.
    func run(_ bell: AsyncStream<Void>) async {
        for await _ in bell {
            sending: while !Task.isCancelled {
                do {
                    switch try await step() {
                    case .sent: continue
                    case .empty: break sending
                    case .wait(let pause, _): try await ContinuousClock().sleep(for: pause)
                    }
                } catch { return }
            }
        }
    }

    /// Sends all that waits.
    ///
    /// - Throws: ``UndeliveredError`` where something is in the way for longer than `patience`, or where the server refuses something.
    func drain(patience: Duration) async throws {
        var deadline = ContinuousClock.now + patience
        while true {
            switch try await step() {
            case .sent: deadline = .now + patience
            case .empty:
                guard let reason = held.values.first else { return }
                throw UndeliveredError(server: server, batches: try await spool.fill().batches, reason: reason)
            case .wait(let pause, let reason):
                guard .now + pause < deadline else {
                    throw UndeliveredError(server: server, batches: try await spool.fill().batches, reason: reason)
                }
                try await ContinuousClock().sleep(for: pause)
            }
        }
    }

    private func step() async throws(CancellationError) -> Step {
        if !held.isEmpty, heldUntil <= .now { held = [:] }
        do {
            let batches = try await spool.next(bytes: Self.requestBytes, count: count, without: Set(held.keys))
            guard !batches.isEmpty else {
                if self.batches > 0 { try await spool.tidy() }
                tellSent()
                return .empty
            }
            switch try await connection.send(LineBatchJSON.body(spool: spool.id, key: spool.key, batches)) {
            case .results(let results): return try await follow(results, batches)
            case .refused(let status, let sentence, let retryAfter): return refused(status, sentence, retryAfter, batches)
            case .unreachable(let reason): return pause("cannot reach \(server): \(reason)")
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            if Task.isCancelled { throw CancellationError() }
            return pause("\(error)")
        }
    }

    private func follow(_ results: [JSONValue], _ batches: [SpooledBatch]) async throws -> Step {
        var done: [Int64] = []
        var hasRefusals = false
        var stuck: String?
        var restarts: [(batch: SpooledBatch, generation: Int?)] = []
        for (batch, result) in zip(batches, results) {
            let reason = result["reason"]?.string.map { String($0.prefix(300)) } ?? "it gives no reason"
            switch result["status"]?.string {
            case "taken":
                done.append(batch.sequence)
                counts.stored += number(result, "stored")
                counts.known += number(result, "known")
                counts.repeated += number(result, "repeated")
                counts.refused += number(result, "refused")
            case "known": done.append(batch.sequence)
            case "gap":
                let generation = result["generation"]?.integer.map { Int(min(max($0, 0), LineBatchJSON.maximumGeneration)) }
                // It was restarted before and is behind nothing: another reading of the file would only be one more copy in the spool.
                if batch.isFresh, generation ?? 0 < batch.generation {
                    stuck = "\(server) does not take \(batch.path) from its start: \(reason)"
                    continue
                }
                restarts.append((batch, generation))
                logger.warning(
                    "the server lacks what came before; the source is read and sent again",
                    metadata: ["source": "\(batch.path)", "reason": "\(reason)"])
            case "refused":
                hasRefusals = true
                held[batch.source] = reason
                heldUntil = .now + Self.heldPause
                logger.error(
                    "the server refuses lines, which stay in the spool; other sources go on",
                    metadata: ["source": "\(batch.path)", "reason": "\(reason)"])
            default: continue
            }
        }
        self.batches += done.count
        try await spool.acknowledge(done)
        for restart in restarts { try await spool.restart(at: restart.batch, behind: restart.generation) }
        if !restarts.isEmpty { onRestart() }
        if done.isEmpty, let stuck { return pause(stuck) }
        guard !done.isEmpty || !restarts.isEmpty || hasRefusals else { return pause("\(server) answers nothing that can be understood") }
        // One restart is what a gap asks for; a server that goes on asking is waited for longer and longer.
        if done.isEmpty, !restarts.isEmpty, restarts.allSatisfy(\.batch.isFresh) { return pause("\(server) has gaps again and again") }
        if trouble != nil { logger.notice("sending goes on", metadata: ["server": "\(server)"]) }
        trouble = nil
        failures = 0
        count = min(64, count * 2)
        return .sent
    }

    /// Bounded, so that no sum of what a server says overflows.
    private func number(_ result: JSONValue, _ name: String) -> Int { Int(min(max(0, result[name]?.integer ?? 0), Self.largestCount)) }

    private func refused(_ status: UInt, _ sentence: String, _ retryAfter: Duration?, _ batches: [SpooledBatch]) -> Step {
        let said = sentence.isEmpty ? "" : ": \(sentence)"
        switch status {
        case 401:
            return pause("\(server) does not know the token, or wants one (--token-file FILE)\(said)", atLeast: .seconds(5))
        case 403: return pause("\(server) takes nothing from here\(said)", atLeast: .seconds(5))
        case 404, 405: return pause("\(server) takes no lines there (\(status))\(said). Fix: look at the URL and its version", atLeast: .seconds(5))
        case 413:
            if batches.count > 1 {
                count = max(1, batches.count / 2)
                return .sent
            }
            held[batches[0].source] = "it is too large for \(server)\(said)"
            heldUntil = .now + Self.heldPause
            return pause(
                "a batch of \(batches[0].content.count) bytes is too large for \(server)\(said). It stays in the spool. Fix: let a proxy in front of it "
                    + "take 64 MiB")
        case 429: return pause("\(server) says that this is too much at a time\(said)", exactly: retryAfter)
        case 503: return pause("\(server) takes nothing for now\(said)", exactly: retryAfter)
        default: return pause("\(server) answers with status \(status)\(said)", exactly: retryAfter)
        }
    }

    /// Waits longer each time, and never as long as somebody else does.
    private func pause(_ reason: String, atLeast: Duration = .zero, exactly: Duration? = nil) -> Step {
        failures += 1
        if trouble != reason {
            logger.error("cannot send; what is read stays in the spool and is sent later", metadata: ["reason": "\(reason)"])
            trouble = reason
        }
        let pause = min(Self.lastPause, Self.firstPause * (1 << min(failures - 1, 10)))
        return .wait(exactly ?? max(atLeast, pause * Double.random(in: 0.5...1)), reason: reason)
    }

    private func tellSent() {
        guard batches > 0 else { return }
        logger.info(
            "sent",
            metadata: [
                "server": "\(server)", "batches": "\(batches)", "lines": "\(counts.lines)", "stored": "\(counts.stored)", "known": "\(counts.known)",
                "repeated": "\(counts.repeated)", "refused": "\(counts.refused)",
            ])
        batches = 0
        counts = CaptureCounts()
    }
}

/// What waits could not be sent.
struct UndeliveredError: Error, CustomStringConvertible {
    var server: String
    var batches: Int
    var reason: String

    var description: String { "\(batches) batches of lines are not sent to \(server) and stay in the spool for the next time: \(reason)" }
}
