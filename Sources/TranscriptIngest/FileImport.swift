import JSON
import MemoryModel
import MemoryStore
import Redaction
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Brings one file into the store, from where the last import stopped to its last complete line.
struct FileImport {
    /// A batch is one transaction: large enough that commits cost little, small enough that memory stays bounded.
    private static let batchLines = 2000
    private static let batchBytes = 4 << 20
    private static let chunk = 1 << 20
    /// How much of a file's head tells it from a file rewritten in place.
    private static let headLength = 1024

    let store: any MemoryStore
    let redactor: Redactor
    let echoes: OwnEchoes
    let location: TranscriptLocation

    /// - Parameter progress: gets the bytes read and what became of the lines of each batch.
    func run(_ report: inout ImportReport, progress: (Int64, CaptureCounts) -> Void) async throws {
        let file = try SourceFile(path: location.path)
        let path = redactor.redact(location.path)
        let known = try await store.source(at: path)
        var position = try resume(known, file, path)
        if let known, position.state.offset > 0 { report.skipped += known.line }
        var splitter = LineSplitter(offset: position.state.offset, lineCount: position.state.line)
        let lines = TranscriptLineReader()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunk, alignment: 16)
        defer { buffer.deallocate() }
        var batch: [CaptureEntry] = []
        var batchBytes = 0
        var facts = position.state.offset == 0 ? sideFileFacts() : []
        while true {
            try Task.checkCancellation()
            let count = try file.read(at: splitter.readOffset, into: buffer)
            splitter.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { line in
                batch.append(entry(line, of: file, lines, &position.reader, &report))
                batchBytes += line.length
            }
            let isAtEnd = count == 0
            if batch.count >= Self.batchLines || batchBytes >= Self.batchBytes || (isAtEnd && !batch.isEmpty) {
                position.state.offset = splitter.offset
                position.state.line = splitter.lineCount
                position.state.readerState = position.reader.state
                position.state.headLength = Int(min(splitter.offset, Int64(Self.headLength)))
                position.state.headHash = try file.headHash(length: position.state.headLength) ?? ""
                let counts = try await store.capture(CaptureBatch(source: position.state, entries: batch, facts: facts))
                report.counts += counts
                progress(Int64(batchBytes), counts)
                batch.removeAll(keepingCapacity: true)
                batchBytes = 0
                facts = []
            }
            if isAtEnd { return }
        }
    }

    private typealias Position = (state: SourceState, reader: ClaudeCodeReader)

    /// Goes on where the file is the one that was read; begins a new generation where it was replaced or cut.
    private func resume(_ known: SourceState?, _ file: SourceFile, _ path: RedactedText) throws -> Position {
        if var known, known.offset <= file.size, try file.headHash(length: known.headLength) == known.headHash,
            let reader = ClaudeCodeReader(state: known.readerState, location: location, echoes: echoes, redactor: redactor)
        {
            known.identity = file.identity
            return (known, reader)
        }
        let reader = ClaudeCodeReader(location: location, echoes: echoes, redactor: redactor, time: .distantPast)
        let state = SourceState(
            path: path, generation: (known?.generation ?? 0) + 1, identity: file.identity, headHash: "", headLength: 0, offset: 0, line: 0,
            readerState: reader.state)
        return (state, reader)
    }

    private func entry(
        _ line: LineSplitter.Line, of file: SourceFile, _ lines: TranscriptLineReader, _ reader: inout ClaudeCodeReader, _ report: inout ImportReport
    ) -> CaptureEntry {
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        if case .bytes(let content) = line.content { bytes = content }
        do throws(LineRefusal) {
            if case .tooLong = line.content { throw .tooLong(maximum: LineSplitter.defaultMaximumLength) }
            guard let value = try lines.read(bytes) else {
                return capture(line, .known(rule: "blank", raw: nil))
            }
            guard let redacted = try? redactor.redact(value) else { throw .tooDeep(limit: Redactor.maximumDepth) }
            return entry(line, redacted, reader.next(redacted, at: line.offset))
        } catch {
            if report.refusals.count < ImportReport.shownRefusals {
                report.refusals.append(
                    .init(file: location.path, line: line.number, offset: line.offset, reason: "\(error)"))
            }
            let hash =
                if case .tooLong = line.content { (try? file.hash(at: line.offset, length: line.length)) ?? "" } else { SourceFile.hash(bytes) }
            return capture(line, .refused(reason: error.name, hash: hash))
        }
    }

    private func entry(_ line: LineSplitter.Line, _ raw: RedactedJSON, _ read: TranscriptEntry) -> CaptureEntry {
        let window = WindowKey(read.window)
        var facts = read.facts.map { CaptureFact($0, window: read.window) }
        let content: CaptureEntry.Content
        switch read.record.content {
        case .message(let message):
            content = .message(newMessage(message, read, window), raw: raw)
        case .boundary:
            content = .known(rule: "compact_boundary", raw: raw)
            facts.insert(.compaction(id: read.record.id ?? window.opener, window: window), at: 0)
        case .bookkeeping(let rule):
            content = .known(rule: rule.rawValue, raw: raw)
        }
        if read.opensWindow { facts.insert(.window(window), at: 0) }
        return capture(
            line, content, id: read.record.id, parent: read.record.parent ?? read.record.logicalParent, facts: facts)
    }

    private func capture(
        _ line: LineSplitter.Line, _ content: CaptureEntry.Content, id: RedactedText? = nil, parent: RedactedText? = nil,
        facts: [CaptureFact] = []
    ) -> CaptureEntry {
        CaptureEntry(
            offset: line.offset, length: line.length, line: line.number, id: id, parent: parent, content: content, facts: facts)
    }

    private func newMessage(_ message: TranscriptMessage, _ read: TranscriptEntry, _ window: WindowKey) -> NewMessage {
        NewMessage(
            window: window, role: message.role, name: message.name, kind: message.kind, project: read.record.project,
            branch: read.record.branch, time: read.time, model: read.record.model, blocks: message.blocks.map(newBlock),
            isOwnEcho: message.isOwnEcho)
    }

    /// An output that its line only points to is read into the result that names it: cleanup deletes the file with the session.
    private func newBlock(_ block: TranscriptBlock) -> NewBlock {
        var text = block.text
        if let output = block.persistedOutput, let bytes = try? PersistedOutput.read(output.value, of: location) {
            text = redactor.redact(String(decoding: bytes, as: UTF8.self))
        }
        return NewBlock(kind: block.kind, text: text, toolUseID: block.toolUseID, name: block.name, isError: block.isError)
    }

    /// What the file beside a sub-agent's transcript says about who spawned it.
    private func sideFileFacts() -> [CaptureFact] {
        guard let path = location.metadataPath, let agentID = location.agentID, let file = try? SourceFile(path: path), file.size <= 1 << 20
        else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(file.size))
        let count = bytes.withUnsafeMutableBytes { (try? file.read(at: 0, into: $0)) ?? 0 }
        guard let value = try? JSONReader().read(Array(bytes.prefix(count))), let redacted = try? redactor.redact(value),
            let metadata = AgentMetadata(redacted)
        else { return [] }
        let conversation = redactor.redact(location.session ?? location.baseName)
        let window = TranscriptWindow(conversation: conversation, opener: .agent(redactor.redact(agentID)))
        return metadata.facts(agentID: redactor.redact(agentID)).map { CaptureFact($0, window: window) }
    }
}

extension WindowKey {
    init(_ window: TranscriptWindow) {
        self.init(
            conversation: window.conversation, opener: window.opener.text, opening: window.opener.opening, agentID: window.agentID)
    }
}

extension CaptureFact {
    /// - Parameter window: where the line stands, for what names no conversation of its own.
    init(_ fact: TranscriptFact, window: TranscriptWindow) {
        switch fact {
        case .title(let source, let text, let conversation, let leaf):
            let kind: TitleKind =
                switch source {
                case .summary: .summary
                case .generated: .generated
                case .agentName: .agentName
                case .custom: .custom
                }
            self = .title(kind, text, conversation: conversation ?? window.conversation, leaf: leaf)
        case .usage(let reply, let usage):
            self = .usage(reply: reply, conversation: window.conversation, usage)
        case .spawn(let opener, let toolUseID):
            self = .spawn(conversation: window.conversation, opener: opener.text, toolUseID: toolUseID)
        }
    }
}
