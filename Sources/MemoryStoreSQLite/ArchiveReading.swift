import GRDB
import MemoryModel
package import MemoryStore
import Redaction

extension SQLiteStore {
    package func readArchive(
        _ selection: MessageFilter?, _ receive: @escaping @Sendable (ArchiveRow) throws(StoreError) -> Void
    ) async throws(StoreError) {
        let operation = "read the store for an archive"
        try await read(operation) { connection in
            let reading = try ArchiveReading(connection, selection: selection, operation: operation, receive: receive)
            try reading.run()
        }
    }
}

/// Reads a store section by section. Rows come by their keys, which is the order in which the store took them.
struct ArchiveReading {
    let connection: Database
    let operation: String
    let receive: (ArchiveRow) throws(StoreError) -> Void
    /// The messages of a selection as a subquery, and its values; `nil` for everything.
    private let chosen: (sql: String, values: [SQLValue])?

    init(
        _ connection: Database, selection: MessageFilter?, operation: String, receive: @escaping (ArchiveRow) throws(StoreError) -> Void
    ) throws {
        self.connection = connection
        self.operation = operation
        self.receive = receive
        guard let selection else {
            chosen = nil
            return
        }
        let filter = try FilterRows(selection, connection, takesEchoes: true)
        chosen = (
            filter.matchesNothing ? "SELECT 0 WHERE 0" : "SELECT messages.id FROM messages WHERE \(filter.sql)",
            filter.matchesNothing ? [] : filter.arguments
        )
    }

    func run() throws {
        if chosen == nil { try eras() }
        try conversations()
        try windows()
        let numbers = try sources()
        try messages(numbers)
        if chosen == nil { try nodes(numbers) }
        try occurrences(numbers)
        try titles()
        try compactions()
        try spawns()
        try replies()
        if chosen == nil { try extents() }
    }

    /// A condition that holds for what belongs to the selection; `%` stands for the subquery of its messages.
    private func each(
        _ sql: String, where condition: String, order: String, _ body: (SQLRow) throws -> Void
    ) throws {
        let filter = chosen.map { "WHERE " + condition.replacing("%", with: "(\($0.sql))") } ?? ""
        let uses = condition.split(separator: "%", omittingEmptySubsequences: false).count - 1
        let values = chosen.map { chosen in (0..<uses).flatMap { _ in chosen.values } } ?? []
        try SQLStatement(connection, "\(sql) \(filter) ORDER BY \(order)").each(values) { row in
            try body(row)
            return true
        }
    }

    private static let chosenWindows = "(SELECT window FROM occurrences WHERE message IN %)"
    private static let chosenConversations = "(SELECT conversation FROM windows WHERE id IN \(chosenWindows))"

    private func eras() throws {
        try SQLStatement(connection, "SELECT name, start FROM eras ORDER BY start").each([]) { row in
            try receive(.era(name: row.redacted(0), start: Timestamp(milliseconds: row.integer(1))))
            return true
        }
    }

    private func conversations() throws {
        try each("SELECT name FROM conversations", where: "id IN \(Self.chosenConversations)", order: "id") { row in
            try receive(.conversation(row.redacted(0)))
        }
    }

    private func windows() throws {
        try each(
            """
            SELECT conversations.name, windows.opener, windows.opening, windows.agent_id, projects.path, repositories.identity
            FROM windows LEFT JOIN conversations ON conversations.id = windows.conversation
                LEFT JOIN projects ON projects.id = windows.project LEFT JOIN repositories ON repositories.id = projects.repository
            """, where: "windows.id IN \(Self.chosenWindows)", order: "windows.id"
        ) { row in
            guard let opening = ContextWindow.Opening(rawValue: row.text(2)) else { throw damage("a window") }
            let key = WindowKey(
                conversation: row.redacted(0), opener: row.redacted(1), opening: opening, agentID: row.optionalRedacted(3))
            try receive(.window(key, project: row.project(4)))
        }
    }

    // MARK: Messages

    private func messages(_ numbers: [Int64: Int]) throws {
        let blocks = try SQLStatement(
            connection, "SELECT kind, tool_use_id, name, is_error, text FROM blocks WHERE id BETWEEN ? AND ? ORDER BY id")
        try each(
            """
            SELECT messages.id, messages.uuid, nodes.source, nodes.offset, nodes.parent, ancestors.uuid, nodes.waits_for,
                conversations.name, windows.opener, messages.position, participants.role, participants.name, messages.kind, messages.time,
                projects.path, repositories.identity, messages.branch, messages.model, origins.user, origins.machine, origins.agent,
                messages.is_own_echo
            FROM messages LEFT JOIN nodes ON nodes.uuid = messages.uuid LEFT JOIN messages AS ancestors ON ancestors.id = nodes.ancestor
                LEFT JOIN windows ON windows.id = messages.window LEFT JOIN conversations ON conversations.id = windows.conversation
                LEFT JOIN participants ON participants.id = messages.participant
                LEFT JOIN projects ON projects.id = messages.project LEFT JOIN repositories ON repositories.id = projects.repository
                LEFT JOIN origins ON origins.id = messages.origin
            """, where: "messages.id IN %", order: "messages.id"
        ) { row in
            guard let source = numbers[row.integer(2)], let role = ParticipantRole(rawValue: row.text(10)),
                let kind = MessageKind(rawValue: row.text(12))
            else { throw damage("the message \(row.text(1))") }
            let first = BlockID.first(of: row.integer(0))
            let content = try blocks.all(.integer(first), .integer(BlockID.last(of: row.integer(0)))) { block in
                guard let kind = Block.Kind(rawValue: block.text(0)) else { throw damage("a block of the message \(row.text(1))") }
                return NewBlock(
                    kind: kind, text: block.redacted(4), toolUseID: block.optionalRedacted(1), name: block.optionalRedacted(2),
                    isError: block.flag(3))
            }
            let node = ArchivedNode(
                id: row.redacted(1), place: ArchivedPlace(source: source, offset: row.integer(3)), parent: row.optionalRedacted(4),
                ancestor: row.optionalRedacted(5), waitsFor: row.optionalRedacted(6))
            try receive(
                .message(
                    ArchivedMessage(
                        node: node, window: WindowName(conversation: row.redacted(7), opener: row.redacted(8)), position: row.integer(9),
                        role: role, name: row.optionalRedacted(11), kind: kind, project: row.project(14), branch: row.optionalRedacted(16),
                        time: Timestamp(milliseconds: row.integer(13)), model: row.optionalRedacted(17), isOwnEcho: row.flag(21),
                        origin: row.origin(18), blocks: content)))
        }
    }

    private func nodes(_ numbers: [Int64: Int]) throws {
        try SQLStatement(
            connection,
            """
            SELECT nodes.uuid, nodes.source, nodes.offset, nodes.parent, messages.uuid, nodes.waits_for
            FROM nodes LEFT JOIN messages ON messages.id = nodes.ancestor WHERE nodes.message IS NULL ORDER BY nodes.uuid
            """
        ).each([]) { row in
            guard let source = numbers[row.integer(1)] else { throw damage("the record \(row.text(0))") }
            try receive(
                .node(
                    ArchivedNode(
                        id: row.redacted(0), place: ArchivedPlace(source: source, offset: row.integer(2)), parent: row.optionalRedacted(3),
                        ancestor: row.optionalRedacted(4), waitsFor: row.optionalRedacted(5))))
            return true
        }
    }

    private func occurrences(_ numbers: [Int64: Int]) throws {
        let isFurther = "occurrences.window != messages.window"
        try each(
            """
            SELECT messages.uuid, conversations.name, windows.opener, occurrences.position, occurrences.source, occurrences.offset
            FROM occurrences LEFT JOIN messages ON messages.id = occurrences.message LEFT JOIN windows ON windows.id = occurrences.window
                LEFT JOIN conversations ON conversations.id = windows.conversation
            \(chosen == nil ? "WHERE \(isFurther)" : "")
            """, where: "\(isFurther) AND occurrences.message IN %", order: "occurrences.message, occurrences.window"
        ) { row in
            guard let source = numbers[row.integer(4)] else { throw damage("an occurrence of the message \(row.text(0))") }
            try receive(
                .occurrence(
                    ArchivedOccurrence(
                        message: row.redacted(0), window: WindowName(conversation: row.redacted(1), opener: row.redacted(2)),
                        position: row.integer(3), place: ArchivedPlace(source: source, offset: row.integer(5)))))
        }
    }

    // MARK: What lines say about something else

    private func titles() throws {
        try each(
            """
            SELECT titles.kind, titles.text, conversations.name, titles.leaf
            FROM titles LEFT JOIN conversations ON conversations.id = titles.conversation
            """, where: "titles.conversation IN \(Self.chosenConversations)", order: "titles.id"
        ) { row in
            guard let kind = TitleKind(rawValue: Int(row.integer(0))) else { throw damage("a title") }
            try receive(
                .title(
                    ArchivedTitle(
                        kind: kind, text: row.redacted(1), conversation: row.optionalRedacted(2), leaf: row.optionalRedacted(3))))
        }
    }

    private func compactions() throws {
        try each(
            """
            SELECT compactions.boundary, conversations.name, windows.opener FROM compactions
                LEFT JOIN windows ON windows.id = compactions.window LEFT JOIN conversations ON conversations.id = windows.conversation
            """, where: "compactions.window IN \(Self.chosenWindows)", order: "compactions.boundary"
        ) { row in
            try receive(
                .compaction(id: row.redacted(0), window: WindowName(conversation: row.redacted(1), opener: row.redacted(2))))
        }
    }

    private func spawns() throws {
        try each(
            """
            SELECT conversations.name, spawns.opener, spawns.tool_use_id
            FROM spawns LEFT JOIN conversations ON conversations.id = spawns.conversation
            """, where: "spawns.conversation IN \(Self.chosenConversations)", order: "spawns.conversation, spawns.opener"
        ) { row in
            try receive(.spawn(conversation: row.redacted(0), opener: row.redacted(1), toolUseID: row.redacted(2)))
        }
    }

    private func replies() throws {
        try each(
            """
            SELECT replies.reply, conversations.name, replies.input, replies.output, replies.cache_creation, replies.cache_read
            FROM replies LEFT JOIN conversations ON conversations.id = replies.conversation
            """, where: "replies.conversation IN \(Self.chosenConversations)", order: "replies.reply, replies.conversation"
        ) { row in
            let usage = TokenUsage(
                input: row.integer(2), output: row.integer(3), cacheCreation: row.integer(4), cacheRead: row.integer(5))
            try receive(.reply(id: row.redacted(0), conversation: row.redacted(1), usage))
        }
    }

    private func extents() throws {
        try SQLStatement(
            connection,
            """
            SELECT conversations.name, windows.opener, windows.first_time, windows.last_time, windows.last_position
            FROM windows LEFT JOIN conversations ON conversations.id = windows.conversation ORDER BY windows.id
            """
        ).each([]) { row in
            try receive(
                .extent(
                    ArchivedExtent(
                        window: WindowName(conversation: row.redacted(0), opener: row.redacted(1)),
                        first: row.optionalInteger(2).map { Timestamp(milliseconds: $0) },
                        last: row.optionalInteger(3).map { Timestamp(milliseconds: $0) }, lastPosition: row.integer(4))))
            return true
        }
    }

    func damage(_ what: String) -> StoreError {
        StoreError(.corrupt, operation: operation, cause: "\(what) is damaged; `magenta check` says more")
    }
}

extension ArchiveReading {
    /// Sources, each with its records behind it.
    ///
    /// - Returns: the number of each source in the archive.
    private func sources() throws -> [Int64: Int] {
        var numbers: [Int64: Int] = [:]
        var rows: [Int64] = []
        try each(
            "SELECT id FROM sources", where: "id IN (SELECT source FROM occurrences WHERE message IN %)", order: "id"
        ) { row in
            rows.append(row.integer(0))
            numbers[row.integer(0)] = rows.count
        }
        let raw = try RawRecordSequence(connection, operation: operation)
        var next = 0
        func open(through source: Int64) throws {
            while next < rows.count, rows[next] <= source {
                try self.source(rows[next], number: next + 1)
                next += 1
            }
        }
        let places =
            chosen.map { chosen in
                """
                (SELECT DISTINCT nodes.source AS source, nodes.offset AS offset FROM messages JOIN nodes ON nodes.uuid = messages.uuid
                    WHERE messages.id IN (\(chosen.sql))) AS places CROSS JOIN records
                    ON records.source = places.source AND records.offset = places.offset
                """
            } ?? "records"
        try SQLStatement(
            connection,
            """
            SELECT records.source, records.offset, length, line, outcome, reason, place, hash FROM \(places)
            ORDER BY records.source, records.offset
            """
        ).each(chosen?.values ?? []) { row in
            let source = row.integer(0)
            try open(through: source)
            guard let number = numbers[source], let outcome = RecordOutcome(column: row.integer(4)) else { throw damage("a record") }
            let content = try row.optionalInteger(6).map { try raw.record(source: source, offset: row.integer(1), place: $0) }
            try receive(
                .record(
                    ArchivedRecord(
                        place: ArchivedPlace(source: number, offset: row.integer(1)), length: row.integer(2), line: row.integer(3),
                        outcome: outcome, reason: row.optionalRedacted(5), hash: row.isNull(7) ? nil : row.bytes(7),
                        raw: content)))
            return true
        }
        try open(through: .max)
        return numbers
    }

    private func source(_ id: Int64, number: Int) throws {
        try SQLStatement(
            connection,
            """
            SELECT spool, path, generation, identity, head_hash, head_length, offset, line, size, read_time, reader_state,
                origins.user, origins.machine, origins.agent
            FROM sources LEFT JOIN origins ON origins.id = sources.origin WHERE sources.id = ?
            """
        ).each([.integer(id)]) { row in
            try receive(
                .source(
                    ArchivedSource(
                        number: number, key: SourceKey(spool: row.redacted(0), path: row.redacted(1)), generation: Int(row.integer(2)),
                        identity: row.redacted(3), headHash: row.redacted(4), headLength: Int(row.integer(5)), offset: row.integer(6),
                        line: row.integer(7), size: row.integer(8), readTime: row.optionalInteger(9).map { Timestamp(milliseconds: $0) },
                        readerState: try row.readerState(10, operation: operation), origin: row.origin(11), isPart: chosen != nil)))
            return false
        }
    }
}

extension SQLRow {
    fileprivate func redacted(_ column: Int32) -> RedactedText { RedactedText(readBackFromStore: text(column)) }
    fileprivate func optionalRedacted(_ column: Int32) -> RedactedText? { isNull(column) ? nil : redacted(column) }

    /// A directory, and its repository in the next column.
    fileprivate func project(_ column: Int32) -> ArchivedProject? {
        optionalRedacted(column).map { ArchivedProject(path: $0, repository: optionalRedacted(column + 1)) }
    }

    /// A user, and the machine and the agent in the next columns.
    fileprivate func origin(_ column: Int32) -> CaptureOrigin? {
        optionalRedacted(column).map { CaptureOrigin(user: $0, machine: redacted(column + 1), agent: redacted(column + 2)) }
    }
}
