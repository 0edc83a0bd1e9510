import GRDB
import MemoryModel
import MemoryStore
import Redaction

/// What lines say about something else than themselves.
final class FactRows {
    private struct Reply: Hashable {
        var id: String
        var conversation: Int64
    }

    private let connection: Database
    private let windows: WindowRows
    private let chain: ChainRows
    private var replies: [Reply: TokenUsage] = [:]
    private var tokens = TokenUsage()
    private var hasWaitingTitles: Bool
    private let forgotten: ForgottenRows?

    /// - Parameter forgotten: titles that are not taken again; `nil` where nothing was erased.
    init(_ connection: Database, windows: WindowRows, chain: ChainRows, forgotten: ForgottenRows?) throws {
        self.connection = connection
        self.forgotten = forgotten
        self.windows = windows
        self.chain = chain
        hasWaitingTitles =
            try SQLStatement(connection, "SELECT 1 FROM titles WHERE conversation IS NULL LIMIT 1").first { _ in true } ?? false
    }

    /// - Parameter isRepeated: the line is a copy of one that was counted, perhaps under the name of another conversation.
    func apply(_ fact: CaptureFact, isRepeated: Bool) throws {
        switch fact {
        case .window(let key):
            _ = try windows.window(key)
        case .compaction(let id, let key):
            try addCompaction(id.value, window: try windows.window(key).id)
        case .title(let kind, let text, let conversation, let leaf):
            try title(kind, text.value, conversation: conversation.value, leaf: leaf?.value)
        case .usage(let reply, let conversation, let usage):
            if !isRepeated { try count(usage, reply: Reply(id: reply.value, conversation: windows.conversation(conversation.value))) }
        case .spawn(let conversation, let opener, let toolUseID):
            try SQLStatement(
                connection,
                """
                INSERT INTO spawns(conversation, opener, tool_use_id) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET tool_use_id = excluded.tool_use_id
                """
            ).run(.integer(try windows.conversation(conversation.value)), .text(opener.value), .text(toolUseID.value))
        }
    }

    /// A message arrived that titles may wait for.
    func arrived(_ id: String, conversation: Int64) throws {
        guard hasWaitingTitles else { return }
        try SQLStatement(connection, "UPDATE titles SET conversation = ? WHERE leaf = ? AND conversation IS NULL")
            .run(.integer(conversation), .text(id))
    }

    func flush(newMessages: Int64) throws {
        try SQLStatement(
            connection,
            """
            UPDATE totals SET messages = messages + ?, input = input + ?, output = output + ?,
                cache_creation = cache_creation + ?, cache_read = cache_read + ?
            """
        ).run(
            .integer(newMessages), .integer(tokens.input), .integer(tokens.output), .integer(tokens.cacheCreation),
            .integer(tokens.cacheRead))
    }

    private func title(_ kind: TitleKind, _ text: String, conversation: String, leaf: String?) throws {
        if let forgotten, try forgotten.containsTitle(text, owner: leaf ?? conversation) { return }
        guard let leaf else {
            try SQLStatement(
                connection,
                """
                INSERT INTO titles(kind, text, conversation) VALUES (?, ?, ?)
                ON CONFLICT(conversation, kind) WHERE leaf IS NULL DO UPDATE SET text = excluded.text
                """
            ).run(.integer(kind.rawValue), .text(text), .integer(try windows.conversation(conversation)))
            return
        }
        let owner = try self.conversation(ofLeaf: leaf)
        if owner == nil { hasWaitingTitles = true }
        try SQLStatement(
            connection,
            """
            INSERT INTO titles(kind, text, conversation, leaf) VALUES (?, ?, ?, ?)
            ON CONFLICT(leaf, kind) WHERE leaf IS NOT NULL DO UPDATE SET text = excluded.text
            """
        ).run(.integer(kind.rawValue), .text(text), .integer(owner), .text(leaf))
    }

    private func conversation(ofLeaf leaf: String) throws -> Int64? {
        try chain.node(leaf)?.message.flatMap { message in
            try SQLStatement(connection, "SELECT conversation FROM windows WHERE id = (SELECT window FROM messages WHERE id = ?)")
                .first(.integer(message)) { $0.integer(0) }
        }
    }

    // What an archive says; where the store says something else, the store's word stays.

    func add(_ title: ArchivedTitle) throws {
        let name = title.leaf ?? title.conversation ?? .empty
        if let forgotten, try forgotten.containsTitle(title.text.value, owner: name.value) { return }
        var owner = try title.conversation.map { try windows.conversation($0.value) }
        if owner == nil, let leaf = title.leaf { owner = try conversation(ofLeaf: leaf.value) }
        if owner == nil { hasWaitingTitles = true }
        try SQLStatement(connection, "INSERT INTO titles(kind, text, conversation, leaf) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
            .run(.integer(title.kind.rawValue), .text(title.text.value), .integer(owner), .text(title.leaf?.value))
    }

    func addCompaction(_ id: String, window: Int64) throws {
        try SQLStatement(connection, "INSERT INTO compactions(boundary, window) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .run(.text(id), .integer(window))
    }

    func addSpawn(conversation: String, opener: String, toolUseID: String) throws {
        try SQLStatement(connection, "INSERT INTO spawns(conversation, opener, tool_use_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
            .run(.integer(try windows.conversation(conversation)), .text(opener), .text(toolUseID))
    }

    /// The tokens of a reply as another store counted them; of two counts the later one, which is the greater, counts.
    func merge(_ usage: TokenUsage, reply: String, conversation: String) throws {
        let reply = Reply(id: reply, conversation: try windows.conversation(conversation))
        if let before = try replies[reply] ?? stored(reply), before.output >= usage.output { return }
        try count(usage, reply: reply)
    }

    private func count(_ usage: TokenUsage, reply: Reply) throws {
        let before = try replies[reply] ?? stored(reply)
        replies[reply] = usage
        guard usage != before else { return }
        tokens = tokens.adding(usage.subtracting(before ?? TokenUsage()))
        try SQLStatement(
            connection,
            """
            INSERT INTO replies(reply, conversation, input, output, cache_creation, cache_read) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET input = excluded.input, output = excluded.output,
                cache_creation = excluded.cache_creation, cache_read = excluded.cache_read
            """
        ).run(
            .text(reply.id), .integer(reply.conversation), .integer(usage.input), .integer(usage.output),
            .integer(usage.cacheCreation), .integer(usage.cacheRead))
    }

    private func stored(_ reply: Reply) throws -> TokenUsage? {
        try SQLStatement(connection, "SELECT input, output, cache_creation, cache_read FROM replies WHERE reply = ? AND conversation = ?")
            .first(.text(reply.id), .integer(reply.conversation)) { row in
                TokenUsage(input: row.integer(0), output: row.integer(1), cacheCreation: row.integer(2), cacheRead: row.integer(3))
            }
    }
}

// Counts come from transcripts: a hostile one may hold numbers near the end of 64 bits, and a sum must not trap.
extension TokenUsage {
    func adding(_ other: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: input &+ other.input, output: output &+ other.output, cacheCreation: cacheCreation &+ other.cacheCreation,
            cacheRead: cacheRead &+ other.cacheRead)
    }

    fileprivate func subtracting(_ other: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: input &- other.input, output: output &- other.output, cacheCreation: cacheCreation &- other.cacheCreation,
            cacheRead: cacheRead &- other.cacheRead)
    }
}
