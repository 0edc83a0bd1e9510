import GRDB
import MemoryModel
import MemoryStore

/// A message filter as SQL over `messages`, with names turned into ids.
struct FilterRows {
    private var conditions: [String]
    private var values: [SQLValue] = []
    /// The columns of an index, all compared by `=`, whose values, taken one after another, cover the filter.
    private var ways: [(conditions: String, values: [SQLValue])] = []
    private(set) var conversation: Int64?
    /// A name in the filter that the store does not know.
    private(set) var matchesNothing = false

    /// - Parameter takesEchoes: whether echoes of magenta itself count, which no search may find.
    init(_ filter: MessageFilter, _ connection: Database, takesEchoes: Bool = false) throws {
        conditions = [takesEchoes ? "1" : "messages.is_own_echo = 0"]
        let kinds = filter.kinds.map(\.rawValue).sorted()
        if let since = filter.since { add("messages.time >= ?", [.integer(since.milliseconds)]) }
        if let until = filter.until { add("messages.time < ?", [.integer(until.milliseconds)]) }
        if !kinds.isEmpty { add(Self.membership("messages.kind", kinds.count), kinds.map { .text($0) }) }
        let projects = try filter.project.map { try Self.projects($0, alone: filter.leavesOutBelow, connection) }
        if let projects { add("messages.project", in: projects) }
        let participants = try filter.participant.map { try Self.participants($0, connection) }
        if let participants { add("messages.participant", in: participants) }
        if let name = filter.conversation {
            conversation = try SQLStatement(connection, "SELECT id FROM conversations WHERE name = ?").first(.text(name)) { $0.integer(0) }
            add(
                """
                messages.id IN (SELECT occurrences.message FROM windows JOIN occurrences ON occurrences.window = windows.id
                    WHERE windows.conversation = ?)
                """, [.integer(conversation)])
        }
        let origins = try Self.origins(filter, connection)
        if let origins { add("messages.origin", in: origins) }
        matchesNothing =
            origins?.isEmpty == true || projects?.isEmpty == true || participants?.isEmpty == true
            || (filter.conversation != nil && conversation == nil)
        ways = Self.ways(kinds: kinds, projects: projects, participants: participants, origins: origins)
    }

    var place: MessageReader.Place { conversation.map { .conversation($0) } ?? .first }

    /// Without any condition but the one on echoes.
    var isOpen: Bool { conditions.count == 1 }

    var sql: String { conditions.joined(separator: " AND ") }
    var arguments: [SQLValue] { values }

    /// A query that gives the ids of at most `limit` messages in the order of time and reads little more than those.
    ///
    /// An index gives one value of its first columns in the order of time; for several of them, the heads of each are merged.
    func timeOrdered(_ order: MessageQuery.Order, after: MessagePlace?, limit: Int) -> (sql: String, values: [SQLValue]) {
        let (direction, comparison) = order == .newestFirst ? ("DESC", "<") : ("ASC", ">")
        var rest = sql
        var restValues = values
        if let after {
            rest += " AND (messages.time, messages.id) \(comparison) (?, ?)"
            restValues += [.integer(after.time.milliseconds), .integer(after.row)]
        }
        let order = "ORDER BY messages.time \(direction), messages.id \(direction) LIMIT ?"
        let heads = ways.isEmpty || conversation != nil ? [(conditions: "1", values: [])] : ways
        var parts: [String] = []
        var arguments: [SQLValue] = []
        for head in heads {
            parts.append(
                "SELECT * FROM (SELECT messages.id AS id, messages.time AS time FROM messages WHERE \(head.conditions) AND \(rest) \(order))")
            arguments += head.values + restValues + [.integer(limit)]
        }
        if parts.count == 1 { return (parts[0], arguments) }
        return (parts.joined(separator: " UNION ALL ") + " ORDER BY time \(direction), id \(direction) LIMIT ?", arguments + [.integer(limit)])
    }

    private mutating func add(_ condition: String, _ arguments: [SQLValue]) {
        conditions.append(condition)
        values += arguments
    }

    /// More ids than this stand in the text as numbers: each of the ways binds them again, and SQLite binds 32766 values at most.
    private static let maximumBound = 100

    private mutating func add(_ column: String, in ids: [Int64]) {
        guard ids.count > Self.maximumBound else { return add(Self.membership(column, ids.count), ids.map { .integer($0) }) }
        conditions.append("\(column) IN (\(ids.map { String($0) }.joined(separator: ", ")))")
    }

    private static func membership(_ column: String, _ count: Int) -> String {
        "\(column) IN (\(Array(repeating: "?", count: count).joined(separator: ", ")))"
    }

    /// More heads than this would cost more than one pass in the order of time.
    private static let maximumWays = 64

    private static func ways(
        kinds: [String], projects: [Int64]?, participants: [Int64]?, origins: [Int64]?
    ) -> [(conditions: String, values: [SQLValue])] {
        var result: [(conditions: String, values: [SQLValue])] = []
        if let projects {
            let kinds = kinds.isEmpty ? MessageKind.allCases.map(\.rawValue) : kinds
            result = projects.flatMap { project in
                kinds.map { ("messages.project = ? AND messages.kind = ?", [.integer(project), .text($0)]) }
            }
        } else if let participants {
            result = participants.map { ("messages.participant = ?", [.integer($0)]) }
        } else if kinds.isEmpty, let origins {
            result = origins.map { ("messages.origin = ?", [.integer($0)]) }
        } else {
            result = kinds.map { ("messages.kind = ?", [.text($0)]) }
        }
        return result.count <= maximumWays ? result : []
    }

    /// The rows of the projects that a name means; no limit, or an erasure would leave what is beyond it.
    private static func projects(_ name: String, alone: Bool, _ connection: Database) throws -> [Int64] {
        let trimmed = ProjectSelector.trimmed(name)
        // All directories of a repository that one of them names count: worktrees, clones, other machines.
        let named = try SQLStatement(
            connection,
            """
            WITH named(id, repository) AS (
                SELECT id, repository FROM projects WHERE path IN (?1, ?2, ?3) OR name = ?2 OR repository IN
                    (SELECT id FROM repositories WHERE identity = ?2 OR name = ?2)
            )
            SELECT id FROM named UNION SELECT projects.id FROM projects JOIN named ON projects.repository = named.repository
            """
        ).all(.text(name), .text(trimmed), .text(trimmed + "/")) { $0.integer(0) }
        if alone { return named }
        let below = try below(ProjectSelector(name), connection)
        return Set(named + below).sorted()
    }

    /// What lies below counts for itself: forgetting a directory must not reach the clones elsewhere of what is in it.
    private static func below(_ selector: ProjectSelector, _ connection: Database) throws -> [Int64] {
        switch selector {
        case .directory(let text), .repository(let text):
            // A range of the index on paths; nothing sorts behind the last character that there is.
            let select = try SQLStatement(connection, "SELECT id FROM projects WHERE path >= ? AND path < ?")
            return try ProjectSelector.beginnings(below: text).flatMap { beginning in
                try select.all(.text(beginning), .text(beginning + "\u{10FFFF}")) { $0.integer(0) }
            }
        case .name(let name):
            // An empty one would stand in every path.
            guard !name.isEmpty else { return [] }
            return try SQLStatement(
                connection, "SELECT id, path FROM projects WHERE instr('/' || replace(path, '\\', '/') || '/', '/' || ? || '/') > 0"
            ).all(.text(name)) { row in selector.covers(directory: row.text(1)) ? row.integer(0) : nil }.compactMap(\.self)
        }
    }

    /// `nil` where the filter asks for no user, machine or agent.
    private static func origins(_ filter: MessageFilter, _ connection: Database) throws -> [Int64]? {
        guard filter.from != nil || filter.user != nil || filter.machine != nil || filter.agent != nil else { return nil }
        return try SQLStatement(
            connection,
            """
            SELECT id FROM origins WHERE (?1 IS NULL OR lower(user) = ?1) AND (?2 IS NULL OR lower(machine) = ?2)
                AND (?3 IS NULL OR lower(agent) = ?3)
                AND (?4 IS NULL OR ?4 IN (lower(user), lower(machine), lower(agent), lower(user || '@' || machine)))
            """
        ).all(
            .text(filter.user?.lowercased()), .text(filter.machine?.lowercased()), .text(filter.agent?.lowercased()), .text(filter.from?.lowercased())
        ) { $0.integer(0) }
    }

    private static func participants(_ name: String, _ connection: Database) throws -> [Int64] {
        try SQLStatement(connection, "SELECT id FROM participants WHERE role = ?1 OR lookup = ?1")
            .all(.text(name.lowercased())) { $0.integer(0) }
    }
}
