/// The number of a context window in its store.
package struct WindowID: Sendable, Hashable {
    package var number: Int64

    package init(number: Int64) {
        self.number = number
    }
}

/// What the model could see at once: the stretch of a conversation between two compactions, or a sub-agent's own run.
package struct ContextWindow: Sendable, Hashable {
    package enum Opening: String, Sendable, Hashable, CaseIterable {
        /// The conversation began.
        case start
        /// A compaction boundary in the transcript.
        case compaction
        /// A continuation without a boundary before it, as old versions wrote at the head of a new file.
        case continuation
        /// A sub-agent began.
        case agent
    }

    package var id: WindowID
    package var conversation: String
    package var opening: Opening
    package var title: String?
    package var project: String?
    /// The sub-agent's id, in windows that one opened.
    package var agentID: String?
    /// The message whose tool use spawned the sub-agent, once it is known.
    package var spawnedBy: String?
    package var messageCount: Int
    package var firstTime: Timestamp?
    package var lastTime: Timestamp?

    package init(
        id: WindowID, conversation: String, opening: Opening, title: String?, project: String?, agentID: String?, spawnedBy: String?,
        messageCount: Int, firstTime: Timestamp?, lastTime: Timestamp?
    ) {
        self.id = id
        self.conversation = conversation
        self.opening = opening
        self.title = title
        self.project = project
        self.agentID = agentID
        self.spawnedBy = spawnedBy
        self.messageCount = messageCount
        self.firstTime = firstTime
        self.lastTime = lastTime
    }
}
