/// Who worked where with which agent: what all messages of a source have in common. Attribution, not identity: names may change.
package struct Origin: Sendable, Hashable {
    /// The person, by login name or as a token or a setting says.
    package var user: String
    package var machine: String
    /// The agent's name in the store: `claude-code`, `codex`, `gemini-cli`, `opencode`.
    package var agent: String

    package init(user: String, machine: String, agent: String) {
        self.user = user
        self.machine = machine
        self.agent = agent
    }
}
