import Crypto
import GRDB
import MemoryModel
import MemoryStore
import Redaction

/// Which source of the store each source of an archive is.
///
/// The store may know another file under the same name: another machine's, or one that was replaced. Then the archive's is kept under a
/// spool that follows from what names it, so that a second import finds it again. A part of a file goes there too, since a source
/// accounts for every line up to its offset.
struct ArchiveSources: Sendable {
    struct Target: Sendable {
        var row: Int64
        var key: SourceKey
        /// Records before this offset are accounted for; nothing is put between them.
        var known: Int64
        /// Holds some lines of a file and accounts for none: its offset stays 0.
        var isSparse: Bool
        var archived: ArchivedSource
        /// The name belongs to another file here, so what is named after the file has to have another name too.
        var isRenamed = false

        /// The id of a record in this store: one that is named after its file may have to be called after another.
        func id(of node: ArchivedNode) -> String {
            guard isRenamed, node.id.value == archived.key.recordID(generation: archived.generation, offset: node.place.offset) else {
                return node.id.value
            }
            return key.recordID(generation: archived.generation, offset: node.place.offset)
        }
    }

    private struct Row {
        var id: Int64
        var identity: String
        var headHash: String
        var headLength: Int64
        var offset: Int64

        /// Whether it is the file that the archive speaks of, which may have grown since.
        func isSame(as source: ArchivedSource) -> Bool {
            FileTraits(identity: identity, headHash: headHash, headLength: headLength).fits(
                FileTraits(identity: source.identity.value, headHash: source.headHash.value, headLength: Int64(source.headLength)))
        }
    }

    private(set) var targets: [Int: Target] = [:]

    mutating func add(_ source: ArchivedSource, origin: Int64?, _ connection: Database) throws -> (target: Target, isNew: Bool) {
        let own = try Self.row(source.key, source.generation, connection)
        let isSame = own?.isSame(as: source) ?? true
        var target = Target(row: 0, key: source.key, known: own?.offset ?? 0, isSparse: source.offset == 0, archived: source)
        if let own, isSame, !source.isPart || own.offset >= source.offset {
            target.row = own.id
            targets[source.number] = target
            return (target, false)
        }
        if own != nil || source.isPart { target.key.spool = Self.spool(of: source) }
        target.isSparse = source.isPart || source.offset == 0
        target.isRenamed = own != nil && !isSame
        let stored = try Self.row(target.key, source.generation, connection)
        target.known = stored?.offset ?? 0
        target.row = try stored?.id ?? Self.insert(source, key: target.key, isSparse: target.isSparse, origin: origin, connection)
        targets[source.number] = target
        return (target, stored == nil)
    }

    private static func row(_ key: SourceKey, _ generation: Int, _ connection: Database) throws -> Row? {
        try SQLStatement(
            connection, "SELECT id, identity, head_hash, head_length, offset FROM sources WHERE spool = ? AND path = ? AND generation = ?"
        ).first(.text(key.spool.value), .text(key.path.value), .integer(generation)) { row in
            Row(id: row.integer(0), identity: row.text(1), headHash: row.text(2), headLength: row.integer(3), offset: row.integer(4))
        }
    }

    /// A new source stands at its start, without a reader's state, until its records are in.
    private static func insert(
        _ source: ArchivedSource, key: SourceKey, isSparse: Bool, origin: Int64?, _ connection: Database
    ) throws -> Int64 {
        let isWhole = isSparse && !source.isPart
        try SQLStatement(
            connection,
            """
            INSERT INTO sources(spool, path, generation, identity, head_hash, head_length, offset, line, size, read_time, reader_state, origin)
            VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)
            """
        ).run(
            .text(key.spool.value), .text(key.path.value), .integer(source.generation), .text(source.identity.value),
            .text(source.headHash.value), .integer(source.headLength), .integer(isWhole ? source.line : 0),
            .integer(isWhole ? source.size : 0), .integer(source.readTime?.milliseconds),
            .text(isWhole ? source.readerState.text.value : SourceRows.noState), .integer(origin))
        return connection.lastInsertedRowID
    }

    private static func spool(of source: ArchivedSource) -> RedactedText {
        // Nothing that changes while the file grows: the archive of a later day names the same.
        let name = [source.key.spool.value, source.key.path.value, String(source.generation), source.identity.value].joined(separator: "\u{0}")
        let digest = SHA256.hash(data: Array(name.utf8)).prefix(6).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return "archive-" + RedactedText(number: digest)
    }
}

extension SourceKey {
    /// What stands for the id of a message without one.
    func recordID(generation: Int, offset: Int64) -> String {
        let file = spool.isEmpty ? path.value : "\(spool.value):\(path.value)"
        return generation == 1 ? "\(file)@\(offset)" : "\(file)@\(offset)#\(generation)"
    }
}
