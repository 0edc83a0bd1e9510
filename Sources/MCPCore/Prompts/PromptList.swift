import JSON

/// The prompts of a server, in the order in which they are listed. They may come and go while it serves; clients that listen are told.
public final class PromptList: Sendable {
    private let list = NamedList<Prompt>(name: { $0.name })
    private let changes: ChangeFeed

    init(changes: ChangeFeed) { self.changes = changes }

    /// Offers one more prompt.
    ///
    /// - Throws: ``RegistrationError`` for a prompt that clients would refuse, and for a second one of the same name.
    public func add(_ prompt: Prompt) throws(RegistrationError) {
        try register(prompt)
        changes.announce(.prompts)
    }

    /// Offers a prompt no longer.
    ///
    /// - Returns: false where there is none of that name.
    @discardableResult public func remove(_ name: String) -> Bool {
        guard list.remove(name) else { return false }
        changes.announce(.prompts)
        return true
    }

    /// Whether there is none.
    public var isEmpty: Bool { list.isEmpty }

    var all: [Prompt] { list.all }
    subscript(name: String) -> Prompt? { list[name] }

    func register(_ prompt: Prompt) throws(RegistrationError) {
        guard isValidName(prompt.name) else { throw .invalidName(prompt.name) }
        guard prompt.description.contains(where: { !$0.isWhitespace }) else { throw .emptyDescription(prompt.name) }
        guard list.add(prompt) else { throw .duplicateName(prompt.name) }
    }
}
