import GRDB
import MemoryModel
import MemoryStore
import Redaction

/// The ids of what many messages share: conversations, projects, repositories, participants and origins. Each is looked up once a batch.
final class NameRows {
    private struct ParticipantName: Hashable {
        var role: ParticipantRole
        var name: String?
    }

    private struct ProjectName: Hashable {
        var path: String
        var repository: String?
    }

    private let connection: Database
    private var conversations: [String: Int64] = [:]
    private var projects: [ProjectName: Int64] = [:]
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

    /// The row of a directory in its repository; the same directory with another repository, or with none, is another row.
    func project(_ path: String, repository identity: String?) throws -> Int64 {
        let name = ProjectName(path: path, repository: identity)
        if let id = projects[name] { return id }
        let repository = try identity.map(repository)
        let id =
            try SQLStatement(connection, "SELECT id FROM projects WHERE path = ? AND ifnull(repository, 0) = ?")
            .first(.text(path), .integer(repository ?? 0)) { $0.integer(0) }
            ?? insert(
                "INSERT INTO projects(path, name, repository) VALUES (?, ?, ?)", .text(path), .text(Self.lastComponent(of: path)),
                .integer(repository))
        projects[name] = id
        return id
    }

    private func repository(_ identity: String) throws -> Int64 {
        try SQLStatement(connection, "SELECT id FROM repositories WHERE identity = ?").first(.text(identity)) { $0.integer(0) }
            ?? insert(
                "INSERT INTO repositories(identity, name) VALUES (?, ?)", .text(identity), .text(Self.lastComponent(of: identity)))
    }

    func origin(_ origin: CaptureOrigin) throws -> Int64 {
        let values: [SQLValue] = [.text(origin.user.value), .text(origin.machine.value), .text(origin.agent.value)]
        return try SQLStatement(connection, "SELECT id FROM origins WHERE user = ?1 AND machine = ?2 AND agent = ?3")
            .all(values) { $0.integer(0) }.first
            ?? insert("INSERT INTO origins(user, machine, agent) VALUES (?, ?, ?)", values[0], values[1], values[2])
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
