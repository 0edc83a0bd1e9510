package import Redaction

/// The last tool uses of a file: their results name them by id alone.
package struct ToolUseMemory: Sendable, Hashable {
    package static let limit = 64

    private struct ToolUse: Sendable, Hashable {
        var id: RedactedText
        var name: RedactedText
        /// One of magenta's own tools on a server of its name, so that its result is an echo, marked or not.
        var isOwn: Bool
        /// The fingerprint of what a sub-agent was asked, until the sub-agent is found.
        var prompt: Int64?
    }

    private var uses: [ToolUse] = []

    package init() {}

    package mutating func remember(_ id: RedactedText, name: RedactedText, isOwn: Bool, spawnPrompt: RedactedText? = nil) {
        uses.removeAll { $0.id == id }
        uses.append(ToolUse(id: id, name: name, isOwn: isOwn, prompt: spawnPrompt?.fingerprint))
        if uses.count > Self.limit { uses.removeFirst() }
    }

    package func name(of id: RedactedText) -> RedactedText? { uses.last { $0.id == id }?.name }

    package func isOwn(_ id: RedactedText) -> Bool { uses.last { $0.id == id }?.isOwn ?? false }

    /// The tool use that asked a sub-agent this, given out once: the oldest of those that asked the same.
    mutating func takeSpawn(asking prompt: RedactedText) -> RedactedText? {
        let fingerprint = prompt.fingerprint
        guard let index = uses.firstIndex(where: { $0.prompt == fingerprint }) else { return nil }
        uses[index].prompt = nil
        return uses[index].id
    }
}

extension ToolUseMemory {
    package var state: RedactedJSON {
        RedactedJSON(
            uses.map { use in
                var members: [(key: RedactedText, value: RedactedJSON)] = [
                    ("id", RedactedJSON(use.id)), ("name", RedactedJSON(use.name)),
                ]
                if use.isOwn { members.append(("own", RedactedJSON(true))) }
                if let prompt = use.prompt { members.append(("prompt", RedactedJSON(prompt))) }
                return RedactedJSON(members: members)
            })
    }

    package init?(state: RedactedJSON) {
        guard let elements = state.array else { return nil }
        for element in elements {
            guard let id = element["id"]?.string, let name = element["name"]?.string else { return nil }
            uses.append(ToolUse(id: id, name: name, isOwn: element["own"]?.bool ?? false, prompt: element["prompt"]?.integer))
        }
    }
}
