import JSON
package import MemoryModel
package import MemoryStore

// One conversation, and what a name may go on to once a person has typed its start.
extension Recall {
    /// How many windows an answer about a conversation names.
    private static let shownWindows = 20

    /// The newest work of a conversation, newest first; `about` names its context windows, which hold all of it.
    package func conversation(_ id: String, limit: Int, maxTokens: Int, cursor: String?) async throws -> RecallAnswer {
        let windows = try await store.windows(of: id, limit: Self.shownWindows)
        guard let newest = windows.first else {
            throw RecallError(.notFound, "There is no conversation \"\(id.prefix(80))\"; `conversation` in every answer names one.")
        }
        var filter = MessageFilter()
        filter.conversation = id
        filter.kinds = Self.work
        var answer = try await recent(filter, limit: limit, maxTokens: maxTokens, cursor: cursor)
        answer.about = ["conversation": .string(id)]
        if let title = newest.title { answer.about["title"] = .string(title.shortened) }
        if let project = windows.lazy.compactMap(\.project).first { answer.about["project"] = .string(project) }
        if let last = newest.lastTime { answer.about["last"] = .string(last.description) }
        answer.about["windows"] = .array(windows.map { .integer($0.id.number) })
        return answer
    }

    package func eras() async throws -> [Era] { try await store.eras() }

    package func conversations(limit: Int, matching text: String? = nil) async throws -> [ConversationSummary] {
        try await store.conversations(limit: limit, matching: text)
    }

    /// Whether a filter finds a message.
    package func knows(_ filter: MessageFilter) async throws -> Bool {
        try await !store.messages(MessageQuery(filter: filter, order: .newestFirst, limit: 1, textLimit: 0)).isEmpty
    }

    /// The eras whose name begins so, without regard to case, the newest first.
    package func eraNames(startingWith prefix: String, limit: Int) async throws -> [String] {
        let prefix = prefix.lowercased()
        return try await store.eras().reversed().map(\.name).filter { $0.lowercased().hasPrefix(prefix) }.prefix(limit).map(\.self)
    }

    /// Ids of messages; none before four characters are typed, since fewer would tell one from another of a million nowhere.
    package func messageIDs(startingWith prefix: String, limit: Int) async throws -> [String] {
        prefix.count < 4 ? [] : try await store.messageIDs(startingWith: prefix, limit: limit)
    }

    package func windowNumbers(startingWith digits: String, limit: Int) async throws -> [String] {
        try await store.windowIDs(startingWith: digits, limit: limit).map { String($0.number) }
    }

    package func projects(startingWith prefix: String, limit: Int) async throws -> [String] {
        try await store.projects(startingWith: prefix, limit: limit)
    }
}

extension String {
    /// A title as an answer shows it: transcripts may hold ones of any length, and no budget counts them.
    package var shortened: String { count <= 200 ? self : prefix(199) + "…" }
}
