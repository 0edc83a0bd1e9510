import JSON
package import MemoryModel
package import MemoryStore
package import Redaction
package import Transcripts

/// Who reads sources, and for whom: what all line batches of one process have in common.
package struct SourceContext: Sendable {
    /// Empty where the store's own process reads.
    package var spool: RedactedText
    package var user: RedactedText
    package var machine: RedactedText
    package var redactor: Redactor
    /// The repository of a directory; `nil` where it has none.
    package var repository: @Sendable (RedactedText) -> RedactedText?
    package var now: @Sendable () -> Timestamp

    package init(
        spool: RedactedText = .empty, user: RedactedText, machine: RedactedText, redactor: Redactor,
        repository: @escaping @Sendable (RedactedText) -> RedactedText? = { _ in nil }, now: @escaping @Sendable () -> Timestamp
    ) {
        self.spool = spool
        self.user = user
        self.machine = machine
        self.redactor = redactor
        self.repository = repository
        self.now = now
    }
}

/// A source to read: a file, the root below which it was found, and the format of what it holds.
package struct Source: Sendable {
    package var root: String
    package var location: TranscriptLocation
    package var format: any TranscriptFormat

    package init(root: String, location: TranscriptLocation, format: any TranscriptFormat) {
        self.root = root
        self.location = location
        self.format = format
    }
}

/// Brings one source into a sink, from where the sink stands to the source's last complete line or document.
package struct SourceReading {
    /// A batch is one transaction: large enough that commits cost little, small enough that memory stays bounded.
    static let batchLines = 2000
    static let batchBytes = 4 << 20
    private static let chunk = 1 << 20
    /// How often a file may be rewritten while it is read before that is told.
    private static let maximumPasses = 5

    private static let maximumSideText = 4096
    /// Directories of which a run remembers the repository.
    private static let maximumDirectories = 64

    let context: SourceContext
    let source: Source
    private let key: SourceKey

    package init(_ source: Source, context: SourceContext) {
        self.source = source
        self.context = context
        key = SourceKey(spool: context.spool, path: context.redactor.redact(source.location.path))
    }

    /// How far one reading came.
    package struct Reach: Sendable {
        package var position: SourcePosition
        /// The offset behind the last byte that was looked at: what stands behind the last line break waits. Of documents, how many records
        /// there are, with those that are not complete.
        package var lookedTo: Int64
        /// Whether it ended at the file's end, and not at the limit of batches.
        package var isAtEnd: Bool
        /// Whether something waits that may become complete without being written again.
        package var isOpen = false
    }

    /// - Parameters:
    ///   - batches: after how many to stop, so that others get their turn.
    ///   - progress: gets each batch and what became of its lines.
    /// - Throws: ``ImportError`` where the file cannot be read, `CancellationError`, and what the sink throws.
    @discardableResult
    package func run(
        into sink: any LineSink, _ report: inout ImportReport, batches: Int = .max, progress: (LineBatch, CaptureCounts) -> Void
    ) async throws -> Reach {
        let start = try await sink.position(of: key)
        do {
            return try await run(from: start, into: sink, &report, batches: batches, progress: progress)
        } catch let gap as SinkGap {
            // The sink cannot go on where it stands: another version's reader, or a server that lost what it had.
            return try await run(from: gap.position, into: sink, &report, batches: batches, progress: progress)
        }
    }

    private func run(
        from known: SourcePosition?, into sink: any LineSink, _ report: inout ImportReport, batches: Int,
        progress: (LineBatch, CaptureCounts) -> Void
    ) async throws -> Reach {
        if let documents = try documents() {
            return try await DocumentReading(documents: documents, reading: self)
                .run(from: known, into: sink, &report, batches: batches, progress: progress)
        }
        var known = known
        for pass in 0..<Self.maximumPasses {
            let file = try SourceFile(path: source.location.path)
            var position = try resume(known, file)
            if pass == 0 { report.skipped += position.line }
            if let reach = try await lines(of: file, from: &position, into: sink, &report, batches: batches, progress: progress) { return reach }
            known = position
        }
        throw ImportError(
            operation: "read \(source.location.path)", cause: "it was rewritten \(Self.maximumPasses) times while it was being read")
    }

    /// One pass over the lines of a file.
    ///
    /// - Parameter position: where to begin; afterwards where the sink stands.
    /// - Returns: `nil` where the file was rewritten meanwhile: what was read of the batch is no state of it.
    private func lines(
        of file: SourceFile, from position: inout SourcePosition, into sink: any LineSink, _ report: inout ImportReport, batches: Int,
        progress: (LineBatch, CaptureCounts) -> Void
    ) async throws -> Reach? {
        var splitter = LineSplitter(offset: position.offset, lineCount: position.line)
        let reader = TranscriptLineReader()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunk, alignment: 16)
        defer { buffer.deallocate() }
        var batch = emptyBatch(at: position, size: file.size)
        if position.offset > 0, source.format.namesDirectoryOnce, let head = try head(of: file, reader) { note(head, &batch.repositories) }
        var batchBytes = 0
        var taken = 0
        var tail = try SourceTailBytes(of: file, before: position.offset)
        var pieces = ReadPieces()
        // Of what goes on from before, too: its tail was read just now.
        tail.bytes.withUnsafeBytes { pieces.append($0, at: position.offset - Int64($0.count)) }
        var refusals = report.refusals
        while true {
            try Task.checkCancellation()
            let offset = splitter.readOffset
            let count = try file.read(at: offset, into: buffer)
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            pieces.append(bytes, at: offset)
            splitter.append(bytes) { line in
                batch.lines.append(self.line(line, of: file, reader, &batch.repositories, &report))
                batchBytes += line.length
            }
            tail.append(bytes, at: offset, lineEnd: splitter.offset)
            let isAtEnd = count == 0
            if batch.lines.count >= Self.batchLines || batchBytes >= Self.batchBytes || (isAtEnd && !batch.lines.isEmpty) {
                // What was read, and that it goes on where the batch begins.
                guard try pieces.stand(in: file, buffer), try position.offset == 0 || SourceMark.stands(in: file, position, by: context.redactor)
                else {
                    report.refusals = refusals
                    return nil
                }
                var end = position
                end.offset = splitter.offset
                end.line = splitter.lineCount
                try SourceMark.set(on: &end, of: file, tail: tail, by: context.redactor)
                batch.end = end
                batch.size = max(file.size, splitter.readOffset)
                batch.readTime = context.now()
                let counts = try await sink.take(batch)
                position = end
                report.counts += counts
                progress(batch, counts)
                taken += 1
                refusals = report.refusals
                pieces.removeAll(before: end.offset)
                batch.start = end
                batch.lines.removeAll(keepingCapacity: true)
                batch.sideFile = nil
                if !source.format.namesDirectoryOnce { batch.repositories = [:] }
                batchBytes = 0
            }
            if isAtEnd || taken >= batches { return Reach(position: position, lookedTo: splitter.readOffset, isAtEnd: isAtEnd) }
        }
    }

    /// `nil` for a source that is lines.
    private func documents() throws(ImportError) -> (any TranscriptDocuments)? {
        do throws(TranscriptFilesError) {
            return try source.format.documents(of: source.location, now: context.now())
        } catch {
            throw ImportError(operation: "read \(error.root)", cause: error.cause)
        }
    }

    /// A batch of no lines yet. What the file beside the source says goes with the first one.
    func emptyBatch(at position: SourcePosition, size: Int64) -> LineBatch {
        var batch = LineBatch(
            key: key, origin: CaptureOrigin(user: context.user, machine: context.machine, agent: source.format.agent),
            root: context.redactor.redact(source.root), start: position, end: position, size: size, readTime: context.now(), lines: [])
        guard position.offset == 0 || source.format.namesDirectoryOnce, let file = sideFile() else { return batch }
        if position.offset == 0 { batch.sideFile = file }
        note(directory: source.format.workingDirectory(ofSideFile: file), &batch.repositories)
        return batch
    }

    /// The first record of a file that was read before.
    private func head(of file: SourceFile, _ lines: TranscriptLineReader) throws -> RedactedJSON? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunk, alignment: 16)
        defer { buffer.deallocate() }
        let count = try file.read(at: 0, into: buffer)
        let line = UnsafeRawBufferPointer(rebasing: buffer[..<count].prefix { $0 != 0x0A })
        guard line.count < count, let value = try? lines.read(line) else { return nil }
        return try? context.redactor.redact(value)
    }

    /// Keeps the repository of the directory that a record names.
    private func note(_ record: RedactedJSON, _ repositories: inout [RedactedText: RedactedText]) {
        note(directory: source.format.workingDirectory(of: record), &repositories)
    }

    private func note(directory: RedactedText?, _ repositories: inout [RedactedText: RedactedText]) {
        guard let directory, repositories[directory] == nil, repositories.count < Self.maximumDirectories else { return }
        repositories[directory] = context.repository(directory)
    }

    /// A record, redacted, and what goes with it.
    func take(_ value: JSONValue, into line: inout SourceLine, _ repositories: inout [RedactedText: RedactedText]) throws(LineRefusal) {
        guard let redacted = try? context.redactor.redact(value) else { throw .tooDeep(limit: Redactor.maximumDepth) }
        line.content = .record(redacted)
        note(redacted, &repositories)
        if let path = source.format.outputPath(of: redacted), let output = try? PersistedOutput.read(path.value, of: source.location) {
            line.outputs[path] = context.redactor.redact(String(decoding: output, as: UTF8.self))
        }
    }

    /// Keeps the place of a line that cannot be read.
    func refuse(_ line: inout SourceLine, _ refusal: LineRefusal, hash: String, _ report: inout ImportReport) {
        if report.refusals.count < ImportReport.shownRefusals {
            report.refusals.append(.init(file: source.location.path, line: line.number, offset: line.offset, reason: "\(refusal)"))
        }
        line.content = .refused(reason: refusal.name, hash: hash)
    }

    /// Goes on where the file is the one that was read; begins a new generation where it was replaced or cut.
    private func resume(_ known: SourcePosition?, _ file: SourceFile) throws -> SourcePosition {
        guard var known else { return SourcePosition(generation: 1, identity: file.identity) }
        if known.offset <= file.size, try known.offset == 0 || SourceMark.stands(in: file, known, by: context.redactor) {
            known.identity = file.identity
            return known
        }
        return SourcePosition(generation: known.generation + 1, identity: file.identity)
    }

    private func line(
        _ line: LineSplitter.Line, of file: SourceFile, _ lines: TranscriptLineReader, _ repositories: inout [RedactedText: RedactedText],
        _ report: inout ImportReport
    ) -> SourceLine {
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        if case .bytes(let content) = line.content { bytes = content }
        var result = SourceLine(offset: line.offset, length: line.length, number: line.number, content: .blank)
        do throws(LineRefusal) {
            if case .tooLong = line.content { throw .tooLong(maximum: LineSplitter.defaultMaximumLength) }
            guard let value = try lines.read(bytes) else { return result }
            try take(value, into: &result, &repositories)
        } catch {
            let hash =
                if case .tooLong = line.content {
                    (try? file.fingerprint(at: line.offset, length: line.length, by: context.redactor)) ?? ""
                } else {
                    context.redactor.fingerprint(of: bytes)
                }
            refuse(&result, error, hash: hash, &report)
        }
        return result
    }

    /// What the file beside the transcript says: who spawned a sub-agent, or where the agent worked. What is no JSON is taken as a text.
    private func sideFile() -> RedactedJSON? {
        guard let path = source.location.metadataPath, let file = try? SourceFile(path: path), file.size <= 1 << 20 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(file.size))
        let count = bytes.withUnsafeMutableBytes { (try? file.read(at: 0, into: $0)) ?? 0 }
        if let value = try? JSONReader().read(Array(bytes.prefix(count))) { return try? context.redactor.redact(value) }
        return RedactedJSON(context.redactor.redact(String(decoding: bytes.prefix(min(count, Self.maximumSideText)), as: UTF8.self)))
    }
}
