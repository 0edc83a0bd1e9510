import JSON

/// The tools of a server, in the order in which they are listed. They may come and go while it serves; clients that listen are told.
public final class ToolList: Sendable {
    private let list = NamedList<RegisteredTool>(name: { $0.tool.name })
    private let changes: ChangeFeed

    init(changes: ChangeFeed) { self.changes = changes }

    /// Offers one more tool.
    ///
    /// - Throws: ``RegistrationError`` for a tool that clients would refuse, and for a second one of the same name.
    public func add(_ tool: Tool) throws(RegistrationError) {
        try register(tool)
        changes.announce(.tools)
    }

    /// Offers a tool no longer.
    ///
    /// - Returns: false where there is none of that name.
    @discardableResult public func remove(_ name: String) -> Bool {
        guard list.remove(name) else { return false }
        changes.announce(.tools)
        return true
    }

    /// The names, in the order in which they are listed.
    public var names: [String] { list.all.map(\.tool.name) }

    /// Whether there is none.
    public var isEmpty: Bool { list.isEmpty }

    /// Whether a call of any tool may become a task.
    var offersTasks: Bool { list.all.contains { $0.tool.taskSupport != .forbidden } }

    var all: [RegisteredTool] { list.all }
    subscript(name: String) -> RegisteredTool? { list[name] }

    func register(_ tool: Tool) throws(RegistrationError) {
        guard list.add(try RegisteredTool(tool)) else { throw .duplicateName(tool.name) }
    }
}
