import GRDB
import MemoryModel

/// The ids of what many messages share: conversations, projects and participants. Each is looked up once a batch.
final class NameRows {
    private struct ParticipantName: Hashable {
        var role: ParticipantRole
        var name: String?
    }

    private let connection: Database
    private var conversations: [String: Int64] = [:]
    private var projects: [String: Int64] = [:]
    private var participants: [ParticipantName: Int64] = [:]

    init(_ connection: Database) throws {
        self.connection = connection
    }

    func conversation(_ name: String) throws -> Int64 {
        if let id = conversations[name] { return id }
        let id =
            try SQLStatement(connection, "SELECT id FROM conversations WHERE name = ?").first(.text(name)) { $0.integer(0) }
            ?? insert("INSERT INTO conversations(name) VALUES (?)", .text(name))
        conversations[name] = id
        return id
    }

    func project(_ path: String) throws -> Int64 {
        if let id = projects[path] { return id }
        let id =
            try SQLStatement(connection, "SELECT id FROM projects WHERE path = ?").first(.text(path)) { $0.integer(0) }
            ?? insert("INSERT INTO projects(path, name) VALUES (?, ?)", .text(path), .text(Self.lastComponent(of: path)))
        projects[path] = id
        return id
    }

    func participant(_ role: ParticipantRole, _ name: String?) throws -> Int64 {
        let key = ParticipantName(role: role, name: name)
        if let id = participants[key] { return id }
        let id =
            try SQLStatement(connection, "SELECT id FROM participants WHERE role = ? AND ifnull(name, '') = ?")
            .first(.text(role.rawValue), .text(name ?? "")) { $0.integer(0) }
            ?? insert(
                "INSERT INTO participants(role, name, lookup) VALUES (?, ?, ?)", .text(role.rawValue), .text(name),
                .text(name?.lowercased()))
        participants[key] = id
        return id
    }

    private func insert(_ sql: String, _ first: SQLValue, _ second: SQLValue? = nil, _ third: SQLValue? = nil) throws -> Int64 {
        try SQLStatement(connection, sql).each([first, second, third].compactMap { $0 }) { _ in true }
        return connection.lastInsertedRowID
    }

    /// The directory's own name, with either separator: transcripts come from Windows too.
    static func lastComponent(of path: String) -> String {
        let isSeparator = { (character: Character) in character == "/" || character == "\\" }
        return path.split(whereSeparator: isSeparator).last.map(String.init) ?? path
    }
}
