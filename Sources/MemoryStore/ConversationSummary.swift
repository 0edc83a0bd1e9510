package import MemoryModel

/// A conversation as a list of them shows it.
package struct ConversationSummary: Sendable, Hashable {
    package var id: String
    package var title: String?
    /// Where its newest window that says so worked.
    package var project: String?
    /// The time of its newest message.
    package var lastTime: Timestamp

    package init(id: String, title: String?, project: String?, lastTime: Timestamp) {
        self.id = id
        self.title = title
        self.project = project
        self.lastTime = lastTime
    }
}
