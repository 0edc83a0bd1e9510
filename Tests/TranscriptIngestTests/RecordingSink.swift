import MemoryStore
import Redaction
import Synchronization

@testable import TranscriptIngest

/// A sink in memory that holds its reader to the contract: no gap, no line twice. May be told to fail.
final class RecordingSink: LineSink {
    private struct State {
        var positions: [String: SourcePosition] = [:]
        var lines: [String: [String]] = [:]
        /// The batches in their order, each by its source's file name.
        var batches: [String] = []
        var failures: [String: [any Error & Sendable]] = [:]
        var failsAlways: (any Error & Sendable)?
    }

    private let state = Mutex(State())

    func position(of source: SourceKey) async throws -> SourcePosition? {
        state.withLock { $0.positions[source.path.value] }
    }

    func take(_ batch: LineBatch) async throws -> CaptureCounts {
        let path = batch.key.path.value
        return try state.withLock { state in
            if let error = state.failsAlways { throw error }
            if let error = state.failures[path]?.popLast() { throw error }
            let known = state.positions[path]
            let follows = known.map { known in
                (batch.start.generation, batch.start.offset) == (known.generation, known.offset)
                    || (batch.start.generation > known.generation && batch.start.offset == 0)
            }
            guard follows ?? (batch.start.offset == 0) else { throw SinkGap(path: path, offset: batch.start.offset, position: known) }
            state.positions[path] = batch.end
            state.batches.append(path)
            var counts = CaptureCounts()
            for line in batch.lines {
                switch line.content {
                case .record(let record):
                    state.lines[path, default: []].append(record["text"]?.string?.value ?? "?")
                    counts.stored += 1
                case .blank: counts.known += 1
                case .refused(let reason, _):
                    state.lines[path, default: []].append(reason)
                    counts.refused += 1
                }
            }
            return counts
        }
    }

    func lines(_ path: String) -> [String] { state.withLock { $0.lines[path] ?? [] } }
    var lineCount: Int { state.withLock { $0.lines.values.reduce(0) { $0 + $1.count } } }
    var batches: [String] { state.withLock { $0.batches } }
    func position(_ path: String) -> SourcePosition? { state.withLock { $0.positions[path] } }

    func fail(_ path: String, _ errors: [any Error & Sendable]) { state.withLock { $0.failures[path] = errors } }
    func failAlways(_ error: (any Error & Sendable)?) { state.withLock { $0.failsAlways = error } }
}
