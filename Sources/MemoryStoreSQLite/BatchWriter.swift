import Crypto
import GRDB
import MemoryModel
import MemoryStore
import Redaction

/// Writes one batch inside of one transaction, and keeps what its lines have in common (ids of windows, projects and
/// nodes) for as long. It is used by one call on the writer's queue and never leaves it.
final class BatchWriter {
    let connection: Database
    let source: Int64
    private let origin: Int64?
    private let key: SourceKey
    private let generation: Int
    /// Lines before this offset may have rows of this source already.
    private let storedOffset: Int64

    let names: NameRows
    let windows: WindowRows
    let chain: ChainRows
    let facts: FactRows
    /// What the batch added to, once it is written.
    private(set) var change = StoreChange()
    private var raw: RawChunkWriter
    private let messages: MessageRows
    private let insertRecord: SQLStatement
    /// `nil` where nothing was ever erased.
    private let forgotten: ForgottenRows?

    init(_ connection: Database, source state: SourceState, origin: CaptureOrigin?, files: StoreFiles) throws {
        self.connection = connection
        key = state.key
        generation = state.generation
        names = try NameRows(connection)
        self.origin = try origin.map(names.origin)
        (source, storedOffset) = try SourceRows.row(connection, state, origin: self.origin)
        windows = try WindowRows(connection, source: source, names: names)
        chain = try ChainRows(connection, source: source)
        forgotten = try ForgottenRows(ofNonEmpty: connection, files: files)
        facts = try FactRows(connection, windows: windows, chain: chain, forgotten: forgotten)
        raw = try RawChunkWriter(connection, source: source)
        messages = try MessageRows(connection)
        insertRecord = try SQLStatement(
            connection, "INSERT INTO records(source, offset, length, line, outcome, reason, place, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    }

    func write(_ batch: CaptureBatch) throws -> CaptureCounts {
        var counts = CaptureCounts()
        for entry in batch.entries {
            if try isForgotten(entry) {
                let isThere = try entry.offset < storedOffset && hasRecord(at: entry.offset)
                if !isThere { try record(entry, .known, reason: ForgottenRows.reason) }
                counts.known += 1
                continue
            }
            let outcome = try write(entry)
            switch outcome {
            case .stored: counts.stored += 1
            case .known: counts.known += 1
            case .repeated: counts.repeated += 1
            case .refused: counts.refused += 1
            }
            for fact in entry.facts { try facts.apply(fact, isRepeated: outcome == .repeated) }
        }
        for fact in batch.facts { try facts.apply(fact, isRepeated: false) }
        try raw.flush()
        change = try windows.flush()
        try facts.flush(newMessages: messages.count)
        try messages.index()
        return counts
    }

    private func write(_ entry: CaptureEntry) throws -> RecordOutcome {
        if entry.offset < storedOffset, try hasRecord(at: entry.offset) {
            if let id = entry.id?.value, let node = try chain.node(id) { try join(entry, node) }
            return .repeated
        }
        switch entry.content {
        case .refused(let reason, let hash):
            let hash = Array(hash.utf8)
            let outcome: RecordOutcome = try isRepeated(hash) ? .repeated : .refused
            try record(entry, outcome, reason: reason, hash: hash)
            return outcome
        case .known(let rule, let raw):
            return try write(entry, rule: rule, raw: raw)
        case .message(let message, let raw):
            return try write(entry, message, raw: raw)
        }
    }

    private func write(_ entry: CaptureEntry, rule: String, raw record: RedactedJSON?) throws -> RecordOutcome {
        if let id = entry.id?.value, try chain.node(id) != nil {
            try self.record(entry, .repeated, reason: rule)
            return .repeated
        }
        let encoding = record.map { RawRecordEncoding($0.value) }
        guard let id = entry.id?.value else {
            let hash = Self.hash(encoding?.bytes ?? Array(rule.utf8))
            let isRepeated = try isRepeated(hash)
            try self.record(entry, isRepeated ? .repeated : .known, reason: rule, raw: isRepeated ? nil : encoding, hash: hash)
            return isRepeated ? .repeated : .known
        }
        let link = try chain.link(from: id, to: entry.parent?.value)
        try chain.insert(id, parent: entry.parent?.value, link, message: nil, offset: entry.offset)
        try self.record(entry, .known, reason: rule, raw: encoding)
        return .known
    }

    private func write(_ entry: CaptureEntry, _ message: NewMessage, raw record: RedactedJSON) throws -> RecordOutcome {
        let id = entry.id?.value ?? key.recordID(generation: generation, offset: entry.offset)
        if let node = try chain.node(id) {
            try self.record(entry, .repeated)
            try join(entry, node)
            return .repeated
        }
        let encoding = RawRecordEncoding(record.value)
        let hash = entry.id == nil ? Self.hash(encoding.bytes) : nil
        if let hash, try isRepeated(hash) {
            try self.record(entry, .repeated, hash: hash)
            return .repeated
        }
        let link = try chain.link(from: id, to: entry.parent?.value)
        let window = try windows.window(message.window)
        let project = try message.project.map { try names.project($0.value, repository: message.repository?.value) }
        let position = window.nextPosition(time: message.time, project: project)
        let row = try messages.insert(
            MessageRows.Row(
                id: id, window: window.id, position: position, participant: try names.participant(message.role, message.name?.value),
                kind: message.kind, project: project, branch: message.branch?.value, time: message.time, model: message.model?.value,
                parent: link.ancestor, isOwnEcho: message.isOwnEcho, origin: origin))
        try messages.insert(message.blocks, of: row)
        try windows.insertOccurrence(of: row, in: window, position: position, offset: entry.offset)
        try chain.insert(id, parent: entry.parent?.value, link, message: row, offset: entry.offset)
        try facts.arrived(id, conversation: window.conversation)
        try self.record(entry, .stored, raw: encoding, hash: hash)
        return .stored
    }

    /// Whether a line, or a copy of it, was erased: then nothing of it is taken, nor of what it says about others.
    private func isForgotten(_ entry: CaptureEntry) throws -> Bool {
        guard let forgotten else { return false }
        let id = entry.id?.value ?? key.recordID(generation: generation, offset: entry.offset)
        if try forgotten.contains(id: id) { return true }
        switch entry.content {
        case .message(_, let raw), .known(_, let raw?): return try forgotten.contains(.raw, RawRecordEncoding(raw.value).bytes)
        case .known(_, nil), .refused: return false
        }
    }

    /// A message that is stored already stands in this line's window too.
    private func join(_ entry: CaptureEntry, _ node: ChainRows.Node) throws {
        guard case .message(let message, _) = entry.content, let row = node.message else { return }
        let window = try windows.window(message.window)
        guard try !windows.hasOccurrence(of: row, in: window) else { return }
        let project = try message.project.map { try names.project($0.value, repository: message.repository?.value) }
        let position = window.nextPosition(time: message.time, project: project)
        try windows.insertOccurrence(of: row, in: window, position: position, offset: entry.offset)
    }

    /// - Parameter encoding: of a record that is kept. Its long texts are stored here and nowhere before, so that none is without a record.
    private func record(
        _ entry: CaptureEntry, _ outcome: RecordOutcome, reason: String? = nil, raw encoding: RawRecordEncoding? = nil, hash: [UInt8]? = nil
    ) throws {
        let place = try encoding.map { try raw.append($0, offset: entry.offset) }
        try insertRecord.run(
            .integer(source), .integer(entry.offset), .integer(entry.length), .integer(entry.line), .integer(outcome.column),
            .text(reason), .integer(place), .bytes(hash))
    }

    private func hasRecord(at offset: Int64) throws -> Bool {
        try SQLStatement(connection, "SELECT 1 FROM records WHERE source = ? AND offset = ?").first(.integer(source), .integer(offset)) { _ in
            true
        } ?? false
    }

    /// Whether an earlier generation of the same file had a line with this hash.
    private func isRepeated(_ hash: [UInt8]) throws -> Bool {
        guard generation > 1 else { return false }
        return try SQLStatement(
            connection,
            """
            SELECT 1 FROM records JOIN sources ON sources.id = records.source
            WHERE records.hash = ? AND sources.spool = ? AND sources.path = ? AND sources.generation < ? LIMIT 1
            """
        ).first(.bytes(hash), .text(key.spool.value), .text(key.path.value), .integer(generation)) { _ in true } ?? false
    }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: bytes))
    }
}
