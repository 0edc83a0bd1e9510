import GRDB

/// The chain of records. Each node knows the nearest message before it, or the missing record where the way up ends; when
/// that one arrives, what waits for it moves on. So no walk is ever longer than one step, and cycles cannot trap it.
final class ChainRows {
    struct Node {
        var message: Int64?
        var link: Link
    }

    struct Link {
        var ancestor: Int64?
        var waitsFor: String?
    }

    /// A hostile file may hang any number of records from one that comes late; the rest of them keep no parent.
    private static let maximumWaiters = 4096

    private let connection: Database
    /// Where what is inserted stands.
    var source: Int64
    private var nodes: [String: Node] = [:]
    private let selectNode: SQLStatement
    private let insertNode: SQLStatement
    private let selectWaiters: SQLStatement

    init(_ connection: Database, source: Int64) throws {
        self.connection = connection
        self.source = source
        selectNode = try SQLStatement(connection, "SELECT message, ancestor, waits_for FROM nodes WHERE uuid = ?")
        insertNode = try SQLStatement(
            connection, "INSERT INTO nodes(uuid, source, offset, parent, message, ancestor, waits_for) VALUES (?, ?, ?, ?, ?, ?, ?)")
        selectWaiters = try SQLStatement(
            connection, "SELECT uuid, message FROM nodes WHERE waits_for = ? LIMIT \(Self.maximumWaiters)")
    }

    func node(_ id: String) throws -> Node? {
        if let node = nodes[id] { return node }
        let node = try selectNode.first(.text(id)) { row in
            Node(message: row.optionalInteger(0), link: Link(ancestor: row.optionalInteger(1), waitsFor: row.optionalText(2)))
        }
        if let node { nodes[id] = node }
        return node
    }

    /// Where a new record hangs.
    func link(from id: String, to parent: String?) throws -> Link {
        guard let parent, parent != id else { return Link() }
        guard let node = try node(parent) else { return Link(waitsFor: parent) }
        if let message = node.message { return Link(ancestor: message) }
        return node.link.waitsFor == id ? Link() : node.link
    }

    func insert(_ id: String, parent: String?, _ link: Link, message: Int64?, offset: Int64) throws {
        try insertNode.run(
            .text(id), .integer(source), .integer(offset), .text(parent), .integer(message), .integer(link.ancestor), .text(link.waitsFor))
        nodes[id] = Node(message: message, link: link)
        let waiters = try selectWaiters.all(.text(id)) { (id: $0.text(0), message: $0.optionalInteger(1)) }
        guard !waiters.isEmpty else { return }
        let update = try SQLStatement(connection, "UPDATE nodes SET ancestor = ?, waits_for = ? WHERE uuid = ?")
        let updateMessage = try SQLStatement(connection, "UPDATE messages SET parent = ? WHERE id = ?")
        for waiter in waiters {
            var next = message.map { Link(ancestor: $0) } ?? link
            if next.waitsFor == waiter.id { next.waitsFor = nil }
            if let own = waiter.message, next.ancestor == own { next.ancestor = nil }
            try update.run(.integer(next.ancestor), .text(next.waitsFor), .text(waiter.id))
            if let own = waiter.message { try updateMessage.run(.integer(next.ancestor), .integer(own)) }
            nodes[waiter.id] = nil
        }
    }
}
