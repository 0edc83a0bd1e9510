/// The rules by which a line is kept raw and becomes no message. The raw value names the rule in counts.
package enum BookkeepingRule: String, Sendable, Hashable, CaseIterable {
    case blank
    /// The titles of old versions; no compaction.
    case summary
    case customTitle = "custom-title"
    case agentName = "agent-name"
    case generatedTitle = "ai-title"
    case progress
    case attachment
    /// What a hook added to the context.
    case hookAttachment = "hook-attachment"
    case fileHistory = "file-history"
    /// The prompt that waits while the agent is busy; it comes again as a message.
    case queueOperation = "queue-operation"
    case lastPrompt = "last-prompt"
    /// Modes, permissions, worktrees: the last one counts, for the client alone.
    case latch
    case cost
    case pullRequest = "pr-link"
    case apiRequest = "api-request"
    /// Clears tool results and is no compaction.
    case microcompact
    case apiError = "api-error"
    case systemNotice = "system"
    /// A user or assistant record without a message in it.
    case withoutMessage = "without-message"
    /// What describes a session: its head, and changes to that.
    case session
    /// What holds for a turn: model, directory, permissions.
    case turn
    /// What an agent notes beside the conversation, and what of it repeats the conversation.
    case event
    /// A record was written again, and says nothing new.
    case unchanged
    /// The user went back to an earlier message.
    case rewind
    case unknownType = "unknown-type"
}
