package import MemoryStore
import Redaction

/// Keeps lines until they are sent. What they mean is said where they arrive, so all of them count as neither stored nor known here.
package struct SpoolSink: LineSink {
    private let spool: any SpoolStore
    private let onKept: @Sendable () -> Void
    private let onFull: (@Sendable () async throws -> Void)?

    /// - Parameters:
    ///   - onKept: hears of every batch that waits now. Returns at once.
    ///   - onFull: makes room, whereupon it is tried again; without it a full spool is an error, and the reader comes again.
    package init(_ spool: any SpoolStore, onFull: (@Sendable () async throws -> Void)? = nil, onKept: @escaping @Sendable () -> Void) {
        self.spool = spool
        self.onKept = onKept
        self.onFull = onFull
    }

    package func position(of source: SourceKey) async throws -> SourcePosition? {
        try await spool.position(of: source.path).map { SourcePosition($0) }
    }

    package func take(_ batch: LineBatch) async throws -> CaptureCounts {
        let parts = LineBatchJSON.parts(batch)
        let appending: SpoolAppending
        do throws(StoreError) {
            appending = try await keep(parts, batch)
        } catch {
            guard error.code == .full, let onFull else { throw error }
            try await onFull()
            appending = try await keep(parts, batch)
        }
        switch appending {
        case .kept: onKept()
        case .known: break
        case .gap(let position):
            throw SinkGap(path: batch.key.path.value, offset: batch.start.offset, position: position.map { SourcePosition($0) })
        }
        return CaptureCounts()
    }

    private func keep(_ parts: [[UInt8]], _ batch: LineBatch) async throws(StoreError) -> SpoolAppending {
        try await spool.append(parts, of: batch.key.path, from: SpoolPosition(batch.start), to: SpoolPosition(batch.end))
    }
}

extension SpoolPosition {
    init(_ position: SourcePosition) {
        self.init(
            generation: position.generation, identity: position.identity, headHash: position.headHash, headLength: position.headLength,
            offset: position.offset, line: position.line)
    }
}

extension SourcePosition {
    init(_ position: SpoolPosition) {
        self.init(
            generation: position.generation, identity: position.identity, headHash: position.headHash, headLength: position.headLength,
            offset: position.offset, line: position.line)
    }
}
