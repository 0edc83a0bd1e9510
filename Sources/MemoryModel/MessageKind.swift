/// What a message is, as a reader of the conversation would say.
package enum MessageKind: String, Sendable, Hashable, CaseIterable {
    /// What the human asked, also one typed while the agent was busy.
    case prompt
    /// What the agent said.
    case reply
    case thinking
    case toolCall = "tool_call"
    case toolResult = "tool_result"
    /// The summary that opens a context window after compaction.
    case continuation
    case command
    case commandOutput = "command_output"
    /// A background task reported back.
    case notification
    /// What happened while the human was away.
    case recap
    /// Injected by the client, typed by nobody.
    case meta
    /// The client's stand-in for a reply that failed.
    case error
}
