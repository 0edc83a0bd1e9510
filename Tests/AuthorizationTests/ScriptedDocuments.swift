import JSON
import Synchronization

@testable import Authorization

/// An issuer whose answers a test writes, and holds back where it likes.
final class ScriptedDocuments: DocumentSource {
    struct Down: Error, CustomStringConvertible {
        let description = "connect to 10.0.0.7: refused"
    }

    private struct State {
        var answers: [String: Result<Document, any Error>] = [:]
        var counts: [String: Int] = [:]
        var gate: AsyncStream<Void>?
    }

    private let state = Mutex(State())

    func answer(_ address: String, _ value: JSONValue, lifetime: Duration? = nil) {
        state.withLock { $0.answers[address] = .success(Document(bytes: JSONWriter.bytes(of: value), lifetime: lifetime)) }
    }

    func fail(_ address: String, _ error: any Error = Down()) {
        state.withLock { $0.answers[address] = .failure(error) }
    }

    func count(_ address: String) -> Int { state.withLock { $0.counts[address] ?? 0 } }

    /// Holds every answer back until what it returns is called, or until one that waits is cancelled.
    func hold() -> @Sendable () -> Void {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        state.withLock { $0.gate = stream }
        return { [self] in
            state.withLock { $0.gate = nil }
            continuation.finish()
        }
    }

    func document(at address: WebAddress) async throws -> Document {
        let (gate, answer) = state.withLock {
            $0.counts[address.text, default: 0] += 1
            return ($0.gate, $0.answers[address.text] ?? .failure(DocumentError.status(404)))
        }
        if let gate { for await _ in gate {} }
        try Task.checkCancellation()
        return try answer.get()
    }
}

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
    private let start = ContinuousClock.now
    private let passed = Mutex(Duration.zero)

    func advance(_ time: Duration) { passed.withLock { $0 += time } }

    @Sendable func now() -> ContinuousClock.Instant { start + passed.withLock { $0 } }
}

/// What failures were reported.
final class FailureLog: Sendable {
    private let lines = Mutex<[String]>([])

    @Sendable func add(_ error: any Error) { lines.withLock { $0.append("\(error)") } }

    var all: [String] { lines.withLock { $0 } }
}

/// Yields until `condition` holds; the number of turns is the deadline.
func turnsUntil(_ condition: () async -> Bool) async -> Bool {
    for _ in 0..<1_000_000 {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}
