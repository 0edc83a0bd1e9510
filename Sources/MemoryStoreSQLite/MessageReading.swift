import GRDB
package import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func message(id: String, textLimit: Int?) async throws(StoreError) -> Message? {
        try await read("read the message \(id)") { connection in
            let row = try SQLStatement(connection, "SELECT message FROM nodes WHERE uuid = ? AND message IS NOT NULL")
                .first(.text(id)) { $0.integer(0) }
            guard let row else { return nil }
            return try MessageReader(connection, textLimit: textLimit).messages([row]).first
        }
    }

    /// A message that a file copied stands here with its place in this window, not in the one where it first occurred.
    package func messages(
        in window: WindowID, after: Int, limit: Int, textLimit: Int?
    ) async throws(StoreError) -> [Message] {
        let operation = "read the window \(window.number)"
        let limit = try Self.bounded(limit, operation: operation)
        return try await read(operation) { connection in
            let rows = try SQLStatement(
                connection, "SELECT message FROM occurrences WHERE window = ? AND position > ? ORDER BY position LIMIT ?"
            ).all(.integer(window.number), .integer(after), .integer(limit)) { $0.integer(0) }
            return try MessageReader(connection, textLimit: textLimit, place: .window(window.number)).messages(rows)
        }
    }

    /// What one call may ask for; more would be a mistake of the caller, not a need.
    static let maximumLimit = 10_000

    static func bounded(_ limit: Int, operation: String) throws(StoreError) -> Int {
        guard (0...maximumLimit).contains(limit) else {
            throw StoreError(.invalid, operation: operation, cause: "the limit \(limit) is not between 0 and \(maximumLimit)")
        }
        return limit
    }
}

/// Loads whole messages by their rows.
struct MessageReader {
    /// Which of its occurrences tells a message's conversation, window and position.
    enum Place {
        case first
        case window(Int64)
        /// The first of those in this conversation.
        case conversation(Int64)
    }

    private let textLimit: Int?
    private let place: Place
    private let selectMessage: SQLStatement
    private let selectBlocks: SQLStatement

    init(_ connection: Database, textLimit: Int?, place: Place = .first) throws {
        self.textLimit = textLimit.map { max(0, $0) }
        self.place = place
        let occurrence =
            switch place {
            case .first: "messages.window, messages.position FROM messages"
            case .window:
                "occurrences.window, occurrences.position FROM messages JOIN occurrences "
                    + "ON occurrences.message = messages.id AND occurrences.window = ?2"
            case .conversation:
                """
                occurrences.window, occurrences.position FROM messages JOIN occurrences ON occurrences.message = messages.id
                AND occurrences.window = (SELECT min(other.window) FROM occurrences AS other JOIN windows ON windows.id = other.window
                    WHERE other.message = messages.id AND windows.conversation = ?2)
                """
            }
        selectMessage = try SQLStatement(
            connection,
            """
            SELECT messages.uuid, conversations.name, participants.role, participants.name, messages.kind, projects.path,
                messages.branch, messages.time, messages.model, parents.uuid, place.window, place.position,
                repositories.identity, origins.user, origins.machine, origins.agent
            FROM (SELECT messages.id AS id, \(occurrence) WHERE messages.id = ?1) AS place
                JOIN messages ON messages.id = place.id
                JOIN windows ON windows.id = place.window JOIN conversations ON conversations.id = windows.conversation
                JOIN participants ON participants.id = messages.participant
                LEFT JOIN projects ON projects.id = messages.project
                LEFT JOIN repositories ON repositories.id = projects.repository
                LEFT JOIN origins ON origins.id = messages.origin
                LEFT JOIN messages AS parents ON parents.id = messages.parent
            """)
        // A text is a BLOB: `length` reads no text, and `substr` cuts bytes.
        let text = textLimit == nil ? "text" : "substr(text, 1, ?3)"
        selectBlocks = try SQLStatement(
            connection,
            "SELECT kind, tool_use_id, name, is_error, length(text), \(text) FROM blocks WHERE id BETWEEN ?1 AND ?2 ORDER BY id")
    }

    func messages(_ rows: [Int64]) throws -> [Message] {
        try rows.compactMap { try message($0) }
    }

    private func message(_ id: Int64) throws -> Message? {
        var values: [SQLValue] = [.integer(id)]
        switch place {
        case .first: break
        case .window(let number), .conversation(let number): values.append(.integer(number))
        }
        var message: Message?
        try selectMessage.each(values) { row in
            let time = Timestamp(milliseconds: row.integer(7))
            message = Message(
                id: row.text(0), conversation: row.text(1), window: WindowID(number: row.integer(10)), position: Int(row.integer(11)),
                participant: Participant(role: ParticipantRole(rawValue: row.text(2)) ?? .system, name: row.optionalText(3)),
                kind: MessageKind(rawValue: row.text(4)) ?? .meta, project: row.optionalText(5), branch: row.optionalText(6),
                time: time, model: row.optionalText(8), parent: row.optionalText(9), blocks: [],
                place: MessagePlace(time: time, row: id), repository: row.optionalText(12),
                origin: row.optionalText(13).map { Origin(user: $0, machine: row.text(14), agent: row.text(15)) })
            return false
        }
        message?.blocks = try blocks(of: id)
        return message
    }

    private func blocks(of message: Int64) throws -> [Block] {
        var values: [SQLValue] = [.integer(BlockID.first(of: message)), .integer(BlockID.last(of: message))]
        if let textLimit { values.append(.integer(textLimit)) }
        return try selectBlocks.all(values) { row in
            let length = Int(row.integer(4))
            let text = row.withBytes(5) { bytes in
                String(decoding: bytes.count < length ? Self.wholeCharacters(bytes) : bytes, as: UTF8.self)
            }
            return Block(
                kind: Block.Kind(rawValue: row.text(0)) ?? .unknown, text: text, length: length, toolUseID: row.optionalText(1),
                name: row.optionalText(2), isError: row.flag(3))
        }
    }

    /// Leaves out a character that the limit cut in two.
    private static func wholeCharacters(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = bytes.count
        while end > 0, bytes[end - 1] & 0xC0 == 0x80 { end -= 1 }
        guard end > 0 else { return UnsafeRawBufferPointer(rebasing: bytes[..<0]) }
        let lead = bytes[end - 1]
        let width = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        return UnsafeRawBufferPointer(rebasing: bytes[..<(end - 1 + width <= bytes.count ? end - 1 + width : end - 1)])
    }
}
