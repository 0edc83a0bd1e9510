package import Redaction

/// The file beside a sub-agent's transcript since 2.1.2.
package struct AgentMetadata: Sendable, Hashable {
    package var agentType: RedactedText?
    /// What the spawning tool use called the task.
    package var description: RedactedText?
    package var toolUseID: RedactedText?

    /// `nil` for a file that holds no object.
    package init?(_ file: RedactedJSON) {
        guard file.isObject else { return nil }
        agentType = file["agentType"].flatMap(ClaudeCodeInterpreter.nonEmpty)
        description = file["description"].flatMap(ClaudeCodeInterpreter.nonEmpty)
        toolUseID = file["toolUseId"].flatMap(ClaudeCodeInterpreter.identifier)
    }

    /// - Parameter agentID: from the name of the file.
    package func facts(agentID: RedactedText) -> [TranscriptFact] {
        toolUseID.map { [.spawn(.agent(agentID), toolUseID: $0)] } ?? []
    }
}
