import GRDB
import MemoryModel
import MemoryStore
import Redaction

/// The messages that one transaction adds, their blocks, and the index over them.
final class MessageRows {
    struct Row {
        var id: String
        var window: Int64
        var position: Int64
        var participant: Int64
        var kind: MessageKind
        var project: Int64?
        var branch: String?
        var time: Timestamp
        var model: String?
        var parent: Int64?
        var isOwnEcho: Bool
        var origin: Int64?
    }

    private let connection: Database
    private let first: Int64
    private var next: Int64
    private let insertMessage: SQLStatement
    private let insertBlock: SQLStatement

    init(_ connection: Database) throws {
        self.connection = connection
        // A number is never given twice: readers may still hold the one of a message that was erased.
        first =
            try SQLStatement(
                connection, "SELECT 1 + max(ifnull((SELECT max(id) FROM messages), 0), (SELECT newest_message FROM totals))"
            ).first { $0.integer(0) } ?? 1
        next = first
        insertMessage = try SQLStatement(
            connection,
            """
            INSERT INTO messages(id, uuid, window, position, participant, kind, project, branch, time, model, parent, is_own_echo, origin)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertBlock = try SQLStatement(
            connection, "INSERT INTO blocks(id, kind, tool_use_id, name, is_error, text) VALUES (?, ?, ?, ?, ?, ?)")
    }

    /// How many messages were added.
    var count: Int64 { next - first }

    /// - Returns: the message's number in the store.
    func insert(_ row: Row) throws -> Int64 {
        let number = next
        next += 1
        try insertMessage.run(
            .integer(number), .text(row.id), .integer(row.window), .integer(row.position), .integer(row.participant),
            .text(row.kind.rawValue), .integer(row.project), .text(row.branch), .integer(row.time.milliseconds), .text(row.model),
            .integer(row.parent), .flag(row.isOwnEcho), .integer(row.origin))
        return number
    }

    func insert(_ blocks: [NewBlock], of message: Int64) throws {
        for (place, block) in blocks.prefix(BlockID.maximumCount).enumerated() { try insert(block, at: place, of: message) }
        guard blocks.count > BlockID.maximumCount else { return }
        let last =
            blocks.count == BlockID.maximumCount + 1 && blocks.last?.isNoteOnMore == true
            ? blocks.last : NewBlock(noteOnMore: blocks.count - BlockID.maximumCount)
        if let last { try insert(last, at: BlockID.maximumCount, of: message) }
    }

    /// Adds the texts of the new blocks to the index.
    func index() throws {
        guard count > 0 else { return }
        try SQLStatement(connection, "INSERT INTO block_index(rowid, text) SELECT id, text FROM indexed_blocks WHERE id >= ?")
            .run(.integer(BlockID.first(of: first)))
    }

    private func insert(_ block: NewBlock, at place: Int, of message: Int64) throws {
        try insertBlock.run(
            .integer(BlockID.first(of: message) + Int64(place)), .text(block.kind.rawValue), .text(block.toolUseID?.value),
            .text(block.name?.value), .flag(block.isError), .utf8(block.text.value))
    }
}

extension NewBlock {
    private static let nameOfMore: RedactedText = "more"
    private static let endOfMore: RedactedText = " more blocks stand in the raw record alone]"

    fileprivate init(noteOnMore count: Int) {
        self.init(kind: .unknown, text: "[" + RedactedText(number: count) + Self.endOfMore, name: Self.nameOfMore)
    }

    /// An archive brings the note along.
    fileprivate var isNoteOnMore: Bool {
        kind == .unknown && name == Self.nameOfMore && text.value.hasSuffix(Self.endOfMore.value)
    }
}

/// How the ids of blocks follow from the ids of messages; the schema's `indexed_blocks` shifts by the same 12 bits.
enum BlockID {
    /// One id of each message's range is left for the note on what did not fit.
    static let maximumCount = 4095

    static func first(of message: Int64) -> Int64 { message << 12 }
    static func last(of message: Int64) -> Int64 { message << 12 | 4095 }
}
