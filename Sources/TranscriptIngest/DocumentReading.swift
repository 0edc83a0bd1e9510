import JSON
import MemoryStore
import Redaction
import Transcripts

/// Brings a session into a sink that is kept as documents which the agent rewrites in place: each complete document becomes a record.
///
/// The last ones that were taken may have grown since: then they are taken again, and their reader says what of them is new. What changes
/// in an earlier one is not seen.
struct DocumentReading {
    let documents: any TranscriptDocuments
    let reading: SourceReading

    /// How many of the last documents are looked at again: the last message, and what an agent writes behind it.
    private static let tailLength = 2

    /// What the position says of the documents that were taken, as text `IDS-HASH.HASH`.
    private struct Mark {
        /// SHA-256 of the ids.
        var ids: String
        /// SHA-256 of each of the last documents.
        var tail: [String]

        init(ids: String, tail: [String]) {
            self.ids = ids
            self.tail = tail
        }

        init?(_ text: String) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            self.init(ids: String(parts[0]), tail: parts[1].split(separator: ".").map(String.init))
        }

        var text: String { "\(ids)-\(tail.joined(separator: "."))" }
    }

    func run(
        from known: SourcePosition?, into sink: any LineSink, _ report: inout ImportReport, batches: Int,
        progress: (LineBatch, CaptureCounts) -> Void
    ) async throws -> SourceReading.Reach {
        var position = resume(known)
        if position.offset > 0 { report.skipped += position.line }
        let ids = documents.ids
        var batch = reading.emptyBatch(at: position, size: position.offset)
        var bytes = 0
        var taken = 0
        var tail = Mark(position.headHash)?.tail ?? []
        // From the last ones that were taken on: they may have grown.
        var index = max(0, position.headLength - tail.count)
        while index < ids.count, taken < batches {
            try Task.checkCancellation()
            let place = index - (position.headLength - tail.count)
            let document = try document(at: index)
            guard let hash = hash(document) else {
                // The order is the conversation's, so what is not complete holds up what follows.
                guard place < tail.count else { break }
                index += 1
                continue
            }
            index += 1
            if place < tail.count {
                guard hash != tail[place] else { continue }
                tail[place] = hash
            } else {
                tail = (tail + [hash]).suffix(Self.tailLength)
                position.headLength = index
            }
            let line = line(of: document, hash: hash, at: position, &batch, &report)
            bytes += line.length
            batch.lines.append(line)
            position.offset += 1
            position.line += 1
            if batch.lines.count >= SourceReading.batchLines || bytes >= SourceReading.batchBytes {
                try await take(&batch, &position, tail, remaining: ids.count - index, sink, &report, progress)
                bytes = 0
                taken += 1
            }
        }
        if !batch.lines.isEmpty { try await take(&batch, &position, tail, remaining: ids.count - index, sink, &report, progress) }
        let isAtEnd = taken < batches || index >= ids.count
        return SourceReading.Reach(
            position: position, lookedTo: position.offset + Int64(ids.count - index), isAtEnd: isAtEnd, isOpen: isAtEnd && index < ids.count)
    }

    private func take(
        _ batch: inout LineBatch, _ position: inout SourcePosition, _ tail: [String], remaining: Int, _ sink: any LineSink,
        _ report: inout ImportReport, _ progress: (LineBatch, CaptureCounts) -> Void
    ) async throws {
        position.headHash = Mark(ids: hash(ofIDs: position.headLength), tail: tail).text
        batch.end = position
        batch.size = position.offset + Int64(remaining)
        batch.readTime = reading.context.now()
        let counts = try await sink.take(batch)
        report.counts += counts
        progress(batch, counts)
        batch.start = position
        batch.lines.removeAll(keepingCapacity: true)
        batch.sideFile = nil
    }

    /// Goes on where the documents that were taken are still the first ones; begins a new generation where the agent took some back.
    private func resume(_ known: SourcePosition?) -> SourcePosition {
        guard var known else { return SourcePosition(generation: 1, identity: documents.identity) }
        let isSame = known.headLength <= documents.ids.count && Mark(known.headHash)?.ids == hash(ofIDs: known.headLength)
        guard isSame || known.offset == 0 else { return SourcePosition(generation: known.generation + 1, identity: documents.identity) }
        known.identity = documents.identity
        return known
    }

    private func hash(ofIDs count: Int) -> String {
        SourceFile.hash(documents.ids.prefix(count).joined(separator: "\n").utf8)
    }

    /// `nil` for a document that is not complete.
    private func hash(_ document: TranscriptDocument) -> String? {
        switch document {
        case .record(let value, _): reading.context.redactor.fingerprint(of: JSONWriter.bytes(of: value))
        case .unreadable(_, let bytes): reading.context.redactor.fingerprint(of: bytes)
        case .incomplete: nil
        }
    }

    private func document(at index: Int) throws(ImportError) -> TranscriptDocument {
        do throws(TranscriptFilesError) {
            return try documents.document(at: index)
        } catch {
            throw ImportError(operation: "read \(error.root)", cause: error.cause)
        }
    }

    private func line(
        of document: TranscriptDocument, hash: String, at position: SourcePosition, _ batch: inout LineBatch, _ report: inout ImportReport
    ) -> SourceLine {
        var line = SourceLine(offset: position.offset, length: 0, number: position.line + 1, content: .blank)
        do throws(LineRefusal) {
            switch document {
            case .record(let value, let length):
                line.length = length
                try reading.take(value, into: &line, &batch.repositories)
            case .unreadable(let refusal, let bytes):
                line.length = bytes.count
                throw refusal
            case .incomplete: break
            }
        } catch {
            reading.refuse(&line, error, hash: hash, &report)
        }
        return line
    }
}
