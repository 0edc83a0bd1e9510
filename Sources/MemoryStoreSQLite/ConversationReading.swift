import GRDB
package import MemoryModel
package import MemoryStore

extension SQLiteStore {
    package func window(_ id: WindowID) async throws(StoreError) -> ContextWindow? {
        try await read("read the window \(id.number)") { connection in
            try SQLStatement(connection, Self.selectWindow + " WHERE windows.id = ?").first(.integer(id.number), read: Self.window)
        }
    }

    package func windows(of conversation: String, limit: Int) async throws(StoreError) -> [ContextWindow] {
        let operation = "read the windows of a conversation"
        let limit = try Self.bounded(limit, operation: operation)
        return try await read(operation) { connection in
            try SQLStatement(
                connection, Self.selectWindow + " WHERE conversations.name = ? ORDER BY windows.last_time DESC, windows.id DESC LIMIT ?"
            ).all(.text(conversation), .integer(limit), read: Self.window)
        }
    }

    private static let selectWindow = """
        SELECT windows.id, conversations.name, windows.opening, projects.path, windows.agent_id, windows.message_count,
            windows.first_time, windows.last_time, \(title(of: "windows.conversation")),
            (SELECT messages.uuid FROM spawns
                JOIN blocks ON blocks.tool_use_id = spawns.tool_use_id AND blocks.kind = 'tool_use'
                JOIN messages ON messages.id = blocks.id >> 12
                JOIN occurrences ON occurrences.message = messages.id
                JOIN windows AS callers ON callers.id = occurrences.window
                WHERE spawns.conversation = windows.conversation AND spawns.opener = windows.opener
                    AND callers.conversation = windows.conversation
                ORDER BY messages.id LIMIT 1)
        FROM windows JOIN conversations ON conversations.id = windows.conversation
            LEFT JOIN projects ON projects.id = windows.project
        """

    @Sendable private static func window(_ row: SQLRow) -> ContextWindow {
        ContextWindow(
            id: WindowID(number: row.integer(0)), conversation: row.text(1), opening: ContextWindow.Opening(rawValue: row.text(2)) ?? .start,
            title: row.optionalText(8), project: row.optionalText(3), agentID: row.optionalText(4), spawnedBy: row.optionalText(9),
            messageCount: Int(row.integer(5)), firstTime: row.optionalInteger(6).map { Timestamp(milliseconds: $0) },
            lastTime: row.optionalInteger(7).map { Timestamp(milliseconds: $0) })
    }

    /// The best title that a conversation has, as a column.
    static func title(of conversation: String) -> String {
        """
        (SELECT text FROM titles LEFT JOIN nodes ON nodes.uuid = titles.leaf WHERE titles.conversation = \(conversation)
            ORDER BY titles.kind DESC, nodes.message DESC, titles.id DESC LIMIT 1)
        """
    }
}
