import MemoryArchive
package import MemoryStore
import Redaction
package import Transcripts

/// Says what lines mean and stores them.
package struct StoreSink: LineSink {
    private let store: any MemoryStore
    private let readers: TranscriptReaders

    package init(store: any MemoryStore, readers: TranscriptReaders) {
        self.store = store
        self.readers = readers
    }

    package func position(of source: SourceKey) async throws -> SourcePosition? {
        try await store.source(source).map { SourcePosition($0) }
    }

    package func take(_ batch: LineBatch) async throws -> CaptureCounts {
        let known = try await store.source(batch.key)
        if let known, try await isTaken(batch, known) { return CaptureCounts() }
        var reader = try reader(for: batch, known)
        if let sideFile = batch.sideFile { reader.begin(besides: sideFile) }
        let interpreter = LineInterpreter(repositories: batch.repositories)
        var entries = batch.lines.map { interpreter.entry($0, &reader) }
        var facts = batch.sideFile.map { reader.facts(ofSideFile: $0).map { CaptureFact($0.fact, window: $0.window) } } ?? []
        let exclusions = Exclusions(try await store.exclusions())
        if !exclusions.isEmpty {
            let last = batch.start.offset > 0 ? try await store.lastReason(of: batch.key) : nil
            var excluding = ExcludedLines(exclusions, of: batch, lastReason: last)
            if excluding.begin(entries) { facts = [] }
            entries = entries.map { excluding.entry($0) }
        }
        let state = SourceState(
            key: batch.key, generation: batch.end.generation, identity: batch.end.identity, headHash: batch.end.headHash,
            headLength: batch.end.headLength, offset: batch.end.offset, line: batch.end.line, size: batch.size, readTime: batch.readTime,
            readerState: reader.state)
        return try await store.capture(CaptureBatch(source: state, origin: batch.origin, entries: entries, facts: facts))
    }

    /// Whether the store has these lines. A spool may have lost its last transactions, or have been put back: then it counts generations anew,
    /// and what it calls the first one may be another file than the store's.
    private func isTaken(_ batch: LineBatch, _ known: SourceState) async throws -> Bool {
        guard (batch.end.generation, batch.end.offset) <= (known.generation, known.offset) else { return false }
        let own = batch.end.generation == known.generation ? known : try await store.source(batch.key, generation: batch.end.generation)
        if let own, batch.end.offset <= own.offset, SourcePosition(own).traits.fits(batch.end.traits) { return true }
        throw SinkGap(path: batch.key.path.value, offset: batch.start.offset, position: SourcePosition(known))
    }

    /// The reader that goes on where the batch begins.
    private func reader(for batch: LineBatch, _ known: SourceState?) throws -> any TranscriptReader {
        let state = known.flatMap { known in
            batch.end.generation == known.generation && batch.start.offset == known.offset ? known.readerState : nil
        }
        if let state, let reader = readers.reader(batch.origin.agent, path: batch.key.path, root: batch.root, state: state) { return reader }
        let gap = SinkGap(path: batch.key.path.value, offset: batch.start.offset, position: known.map { restart(behind: $0, hasState: state != nil) })
        guard batch.start.offset == 0 || batch.isFresh else { throw gap }
        guard let reader = readers.reader(batch.origin.agent, path: batch.key.path, root: batch.root) else {
            throw ImportError(
                operation: "read \(batch.key.path)", cause: "it is no transcript that this version knows (agent \(batch.origin.agent))")
        }
        return reader
    }

    /// Where to go on. Another version may have kept the reader's state in a way that this one does not know: then the file is read again
    /// from its start, as a generation of its own.
    private func restart(behind known: SourceState, hasState: Bool) -> SourcePosition {
        hasState ? SourcePosition(generation: known.generation + 1, identity: known.identity) : SourcePosition(known)
    }
}
