import GRDB
import MemoryModel
import MemoryStore
import Redaction

/// The windows that a batch touches, and the occurrences in them.
final class WindowRows {
    /// A window under way: its counters are written back once, at the end of the batch.
    final class Window {
        let id: Int64
        let conversation: Int64
        fileprivate let conversationName: String
        fileprivate var position: Int64
        fileprivate var count: Int64
        fileprivate var project: Int64?
        fileprivate var first: Int64?
        fileprivate var last: Int64?
        fileprivate var isChanged = false

        fileprivate init(id: Int64, conversation: Int64, conversationName: String, row: SQLRow? = nil) {
            self.id = id
            self.conversation = conversation
            self.conversationName = conversationName
            position = row?.integer(1) ?? 0
            count = row?.integer(2) ?? 0
            project = row?.optionalInteger(3)
            first = row?.optionalInteger(4)
            last = row?.optionalInteger(5)
        }

        func nextPosition(time: Timestamp, project: Int64?) -> Int64 {
            isChanged = true
            position += 1
            count += 1
            self.project = self.project ?? project
            first = min(first ?? time.milliseconds, time.milliseconds)
            last = max(last ?? time.milliseconds, time.milliseconds)
            return position
        }

        /// Takes a position that the message had in another store, or the next one where it is taken here.
        func take(_ wanted: Int64, isFree: Bool, time: Timestamp) -> Int64 {
            let free = wanted > position || isFree
            let last = position
            let next = nextPosition(time: time, project: nil)
            guard free else { return next }
            position = max(last, wanted)
            return wanted
        }

        /// Reaches at least as far as it did in another store.
        func extend(_ extent: ArchivedExtent) {
            isChanged = true
            position = max(position, extent.lastPosition)
            if let time = extent.first?.milliseconds { first = min(first ?? time, time) }
            if let time = extent.last?.milliseconds { last = max(last ?? time, time) }
        }

        /// The project of a window that has none yet.
        func settle(_ project: Int64?) {
            guard self.project == nil, let project else { return }
            isChanged = true
            self.project = project
        }
    }

    private struct Name: Hashable {
        var conversation: Int64
        var opener: String
    }

    private let connection: Database
    /// Where what is inserted stands.
    var source: Int64
    private let names: NameRows
    private var windows: [Name: Window] = [:]
    private let select: SQLStatement
    private let insertOccurrence: SQLStatement
    private let selectOccurrence: SQLStatement

    init(_ connection: Database, source: Int64, names: NameRows) throws {
        self.connection = connection
        self.source = source
        self.names = names
        select = try SQLStatement(
            connection,
            """
            SELECT id, last_position, message_count, project, first_time, last_time FROM windows WHERE conversation = ? AND opener = ?
            """)
        insertOccurrence = try SQLStatement(
            connection, "INSERT INTO occurrences(message, window, position, source, offset) VALUES (?, ?, ?, ?, ?)")
        selectOccurrence = try SQLStatement(connection, "SELECT 1 FROM occurrences WHERE message = ? AND window = ?")
    }

    func conversation(_ name: String) throws -> Int64 { try names.conversation(name) }

    func window(_ key: WindowKey) throws -> Window {
        let conversation = try names.conversation(key.conversation.value)
        let name = Name(conversation: conversation, opener: key.opener.value)
        if let window = windows[name] { return window }
        let stored = try select.first(.integer(conversation), .text(name.opener)) { row in
            Window(id: row.integer(0), conversation: conversation, conversationName: key.conversation.value, row: row)
        }
        let window = try stored ?? insert(key, conversation: conversation)
        windows[name] = window
        return window
    }

    /// A window that is stored already, by what names it.
    func existing(_ name: WindowName) throws -> Window? {
        let conversation = try names.conversation(name.conversation.value)
        let key = Name(conversation: conversation, opener: name.opener.value)
        if let window = windows[key] { return window }
        let window = try select.first(.integer(conversation), .text(key.opener)) { row in
            Window(id: row.integer(0), conversation: conversation, conversationName: name.conversation.value, row: row)
        }
        windows[key] = window
        return window
    }

    func isFree(_ position: Int64, in window: Window) throws -> Bool {
        try SQLStatement(connection, "SELECT 1 FROM occurrences WHERE window = ? AND position = ?")
            .first(.integer(window.id), .integer(position)) { _ in false } ?? true
    }

    private func insert(_ key: WindowKey, conversation: Int64) throws -> Window {
        try SQLStatement(connection, "INSERT INTO windows(conversation, opener, opening, agent_id) VALUES (?, ?, ?, ?)").run(
            .integer(conversation), .text(key.opener.value), .text(key.opening.rawValue), .text(key.agentID?.value))
        return Window(id: connection.lastInsertedRowID, conversation: conversation, conversationName: key.conversation.value)
    }

    func hasOccurrence(of message: Int64, in window: Window) throws -> Bool {
        try selectOccurrence.first(.integer(message), .integer(window.id)) { _ in true } ?? false
    }

    func insertOccurrence(of message: Int64, in window: Window, position: Int64, offset: Int64) throws {
        try insertOccurrence.run(.integer(message), .integer(window.id), .integer(position), .integer(source), .integer(offset))
    }

    /// Writes the counters back and gives what the batch added to.
    func flush() throws -> StoreChange {
        let update = try SQLStatement(
            connection,
            "UPDATE windows SET last_position = ?, message_count = ?, project = ?, first_time = ?, last_time = ? WHERE id = ?")
        var change = StoreChange()
        var newest: [Int64: Int64] = [:]
        for window in windows.values where window.isChanged {
            try update.run(
                .integer(window.position), .integer(window.count), .integer(window.project), .integer(window.first),
                .integer(window.last), .integer(window.id))
            change.add(window.conversationName, WindowID(number: window.id))
            if let last = window.last { newest[window.conversation] = max(newest[window.conversation] ?? last, last) }
        }
        for (conversation, time) in newest where try advance(conversation, to: time) { change.hasNewConversation = true }
        return change
    }

    /// - Returns: whether the conversation had no message before.
    private func advance(_ conversation: Int64, to time: Int64) throws -> Bool {
        let before =
            try SQLStatement(connection, "SELECT last_time FROM conversations WHERE id = ?")
            .first(.integer(conversation)) { $0.optionalInteger(0) } ?? nil
        if let before, before >= time { return false }
        try SQLStatement(connection, "UPDATE conversations SET last_time = ? WHERE id = ?").run(.integer(time), .integer(conversation))
        return before == nil
    }
}
