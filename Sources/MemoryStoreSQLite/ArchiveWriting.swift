import GRDB
import MemoryModel
package import MemoryStore
import Redaction

extension SQLiteStore {
    package func archiveWriting() async throws(StoreError) -> any ArchiveWriting { SQLiteArchiveWriting(store: self) }
}

actor SQLiteArchiveWriting: ArchiveWriting {
    private let store: SQLiteStore
    private var progress = ArchiveProgress()

    init(store: SQLiteStore) {
        self.store = store
    }

    func write(_ rows: [ArchiveRow]) async throws(StoreError) -> ArchiveCounts {
        let before = progress
        let files = store.files
        let (counts, after) = try await store.write("store rows of an archive") { connection in
            let batch = try ArchiveBatch(connection, progress: before, files: files)
            for row in rows { try batch.write(row) }
            try batch.end()
            return (batch.counts, batch.progress)
        }
        progress = after
        return counts
    }

    func finish() async throws(StoreError) {
        let before = progress
        let files = store.files
        try await store.write("end an archive's last source") { connection in
            let batch = try ArchiveBatch(connection, progress: before, files: files)
            try batch.closeSource()
            try batch.end()
            try batch.removeForgotten()
        }
    }
}

/// What one transaction must know of those before it.
struct ArchiveProgress: Sendable {
    var sources = ArchiveSources()
    /// The source whose records come in, and where its last one ended.
    var open: (target: ArchiveSources.Target, end: (offset: Int64, line: Int64)?)?
}

/// Writes rows of an archive inside of one transaction. It is used by one call on the writer's queue and never leaves it.
final class ArchiveBatch {
    private let connection: Database
    private(set) var progress: ArchiveProgress
    private(set) var counts = ArchiveCounts()

    private let names: NameRows
    private let windows: WindowRows
    private let chain: ChainRows
    private let facts: FactRows
    private let messages: MessageRows
    private var raw: RawChunkWriter
    private let insertRecord: SQLStatement
    /// `nil` where nothing was ever erased.
    private let forgotten: ForgottenRows?
    /// Lines whose records came before it was known that they are a message that was erased.
    private var forgottenLines: [Int64: [Int64]] = [:]

    init(_ connection: Database, progress: ArchiveProgress, files: StoreFiles) throws {
        self.connection = connection
        self.progress = progress
        let source = progress.open?.target.row ?? 0
        names = try NameRows(connection)
        windows = try WindowRows(connection, source: source, names: names)
        chain = try ChainRows(connection, source: source)
        forgotten = try ForgottenRows(ofNonEmpty: connection, files: files)
        facts = try FactRows(connection, windows: windows, chain: chain, forgotten: forgotten)
        messages = try MessageRows(connection)
        raw = try RawChunkWriter(connection, source: source)
        insertRecord = try SQLStatement(
            connection, "INSERT INTO records(source, offset, length, line, outcome, reason, place, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    }

    func write(_ row: ArchiveRow) throws {
        if case .record(let record) = row { return try write(record) }
        try closeSource()
        switch row {
        case .record: break
        case .era(let name, let start): try EraRows.add(name.value, start: start, connection)
        case .conversation(let id): _ = try names.conversation(id.value)
        case .window(let key, let project): try windows.window(key).settle(try project.map(id))
        case .source(let source): try write(source)
        case .message(let message): try write(message)
        case .node(let node): try write(node)
        case .occurrence(let occurrence):
            let place = try target(occurrence.place)
            guard let row = try chain.node(occurrence.message.value)?.message else {
                if try isForgotten(occurrence.message.value) { return }
                throw unknown("a message")
            }
            windows.source = place.row
            try join(row, in: occurrence.window, position: occurrence.position, offset: occurrence.place.offset)
        case .title(let title): try facts.add(title)
        case .compaction(let id, let window): try facts.addCompaction(id.value, window: try self.window(window).id)
        case .spawn(let conversation, let opener, let toolUseID):
            try facts.addSpawn(conversation: conversation.value, opener: opener.value, toolUseID: toolUseID.value)
        case .reply(let id, let conversation, let usage): try facts.merge(usage, reply: id.value, conversation: conversation.value)
        case .extent(let extent): try window(extent.window).extend(extent)
        }
    }

    /// Writes what was collected; the last call of a transaction.
    func end() throws {
        try raw.flush()
        try eraseForgottenLines()
        if let open = progress.open, let end = open.end { try SourceRows.advance(open.target.row, to: end, connection) }
        _ = try windows.flush()
        try facts.flush(newMessages: messages.count)
        try messages.index()
    }

    // MARK: What was erased

    private func isForgotten(_ id: String) throws -> Bool { try forgotten?.contains(id: id) ?? false }

    /// A record that other rules of redaction made another of is known by its message alone.
    private func eraseForgottenLines() throws {
        guard !forgottenLines.isEmpty else { return }
        let raw = try RawErasure(connection, forgotten: forgotten, operation: "store rows of an archive")
        for (source, offsets) in forgottenLines { try raw.erase(source: source, offsets: offsets) }
        // Their bytes were in the file for a moment.
        try SQLStatement(connection, "INSERT OR IGNORE INTO erasure(id, begun) VALUES (1, ?)").run(.integer(SQLiteStore.now.milliseconds))
    }

    /// Conversations whose messages were all erased, which the archive named again.
    func removeForgotten() throws {
        if let forgotten { try UnusedNames.removeForgotten(connection, forgotten) }
    }

    private func passOver(_ id: String, at place: ArchivedPlace, of target: ArchiveSources.Target) throws -> Bool {
        guard try isForgotten(id) else { return false }
        let isKept =
            try SQLStatement(connection, "SELECT 1 FROM records WHERE source = ? AND offset = ? AND place IS NOT NULL")
            .first(.integer(target.row), .integer(place.offset)) { _ in true } ?? false
        if isKept { forgottenLines[target.row, default: []].append(place.offset) }
        return true
    }

    // MARK: Sources and records

    /// All records of the open source are in: it stands where it stood.
    func closeSource() throws {
        guard let open = progress.open else { return }
        progress.open = nil
        guard !open.target.isSparse else { return }
        let source = open.target.archived
        try SourceRows.complete(open.target.row, as: source, origin: try source.origin.map(names.origin), connection)
    }

    private func write(_ source: ArchivedSource) throws {
        let (target, isNew) = try progress.sources.add(source, origin: try source.origin.map(names.origin), connection)
        if isNew { counts.sources += 1 }
        if isNew && target.isRenamed { counts.renamedSources += 1 }
        try raw.move(to: target.row)
        // A part must not move a source on, and one that the store has read further stays.
        progress.open = source.isPart && !target.isSparse ? nil : (target, nil)
    }

    private func write(_ record: ArchivedRecord) throws {
        let target = try target(record.place)
        let offset = record.place.offset
        guard target.isSparse || offset < target.archived.offset else { throw unknown("a line of a source") }
        guard try offset >= target.known && !(target.isSparse && isStored(target, offset)) else {
            counts.knownRecords += 1
            return
        }
        let isForgotten = try record.raw.map { try forgotten?.contains(.raw, RawRecordEncoding($0.value).bytes) ?? false } ?? false
        let place = try isForgotten ? nil : record.raw.map { try raw.append(try raw.encode($0.value), offset: offset) }
        // Records of a part come in any order: a chunk of several could not tell which of them it covers.
        if target.isSparse { try raw.flush() }
        try insertRecord.run(
            .integer(target.row), .integer(offset), .integer(record.length), .integer(record.line),
            .integer((isForgotten ? .known : record.outcome).column),
            .text(isForgotten ? ForgottenRows.reason : record.reason?.value), .integer(place), .bytes(isForgotten ? nil : record.hash))
        counts.records += 1
        guard !target.isSparse else { return }
        progress.open?.end = (min(offset + record.length + 1, target.archived.offset), record.line)
    }

    private func isStored(_ target: ArchiveSources.Target, _ offset: Int64) throws -> Bool {
        try SQLStatement(connection, "SELECT 1 FROM records WHERE source = ? AND offset = ?")
            .first(.integer(target.row), .integer(offset)) { _ in true } ?? false
    }

    private func target(_ place: ArchivedPlace) throws -> ArchiveSources.Target {
        guard let target = progress.sources.targets[place.source] else { throw unknown("a source") }
        return target
    }

    // MARK: Messages and nodes

    private func write(_ message: ArchivedMessage) throws {
        let target = try target(message.node.place)
        let id = target.id(of: message.node)
        let offset = message.node.place.offset
        windows.source = target.row
        if try passOver(id, at: message.node.place, of: target) {
            counts.knownMessages += 1
            return
        }
        if let node = try chain.node(id) {
            counts.knownMessages += 1
            guard let row = node.message else { return }
            return try join(row, in: message.window, position: message.position, offset: offset)
        }
        let window = try window(message.window)
        let position = window.take(
            message.position, isFree: try windows.isFree(message.position, in: window), time: message.time)
        let project = try message.project.map(self.id)
        window.settle(project)
        let link = try link(of: message.node, named: id)
        let row = try messages.insert(
            MessageRows.Row(
                id: id, window: window.id, position: position, participant: try names.participant(message.role, message.name?.value),
                kind: message.kind, project: project, branch: message.branch?.value, time: message.time, model: message.model?.value,
                parent: link.ancestor, isOwnEcho: message.isOwnEcho, origin: try message.origin.map(names.origin)))
        try messages.insert(message.blocks, of: row)
        try windows.insertOccurrence(of: row, in: window, position: position, offset: offset)
        chain.source = target.row
        try chain.insert(id, parent: message.node.parent?.value, link, message: row, offset: offset)
        try facts.arrived(id, conversation: window.conversation)
        counts.messages += 1
    }

    private func write(_ node: ArchivedNode) throws {
        let target = try target(node.place)
        let id = target.id(of: node)
        guard try chain.node(id) == nil, try !passOver(id, at: node.place, of: target) else { return }
        chain.source = target.row
        try chain.insert(id, parent: node.parent?.value, try link(of: node, named: id), message: nil, offset: node.place.offset)
    }

    /// An ancestor that comes further on is waited for until then, as a record that is missing.
    private func link(of node: ArchivedNode, named id: String) throws -> ChainRows.Link {
        try chain.link(from: id, to: (node.ancestor ?? node.waitsFor)?.value)
    }

    private func join(_ row: Int64, in name: WindowName, position: Int64, offset: Int64) throws {
        let window = try window(name)
        guard try !windows.hasOccurrence(of: row, in: window) else { return }
        let time = try SQLStatement(connection, "SELECT time FROM messages WHERE id = ?").first(.integer(row)) { $0.integer(0) } ?? 0
        let free = window.take(
            position, isFree: try windows.isFree(position, in: window), time: Timestamp(milliseconds: time))
        try windows.insertOccurrence(of: row, in: window, position: free, offset: offset)
    }

    private func window(_ name: WindowName) throws -> WindowRows.Window {
        guard let window = try windows.existing(name) else { throw unknown("a window") }
        return window
    }

    private func id(_ project: ArchivedProject) throws -> Int64 {
        try names.project(project.path.value, repository: project.repository?.value)
    }

    private func unknown(_ what: String) -> StoreError {
        StoreError(
            .invalid, operation: "store rows of an archive",
            cause: "a row names \(what) that does not stand before it: the archive was changed; export it again")
    }
}

extension RecordOutcome {
    /// The numbers of the column `outcome`.
    var column: Int {
        switch self {
        case .stored: 0
        case .known: 1
        case .repeated: 2
        case .refused: 3
        }
    }

    init?(column: Int64) {
        guard let outcome = Self.allCases.first(where: { $0.column == column }) else { return nil }
        self = outcome
    }
}
