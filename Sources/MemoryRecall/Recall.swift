package import MemoryModel
package import MemoryStore

/// Finds messages and fits them into a budget of tokens.
///
/// Every answer holds whole messages, in the order that its name promises, cut at message ends; the cursor goes on
/// behind the last one. Only a message that no answer can hold comes in parts. Errors: ``RecallError`` for what the
/// caller got wrong, `StoreError` for what the store could not do.
package struct Recall: Sendable {
    /// The budgets that a caller may ask for. Claude Code cuts what a tool answers at 25,000 tokens.
    package static let budgets = 300...20_000
    /// How many messages a caller may ask for at once.
    package static let limits = 1...1000

    let store: any MemoryStore
    /// One line about the memory itself for a session that begins; `nil` where there is nothing to say.
    let notice: @Sendable () async -> String?

    package init(store: any MemoryStore, notice: @escaping @Sendable () async -> String? = { nil }) {
        self.store = store
        self.notice = notice
    }

    /// What a human and an agent said to each other, without the noise of tools.
    package static let talk: Set<MessageKind> = [.prompt, .reply, .continuation, .recap, .error]
    /// Talk, and what was done.
    package static let work: Set<MessageKind> = talk.union([.toolCall, .command, .notification])

    /// One message by its id.
    package func message(id: String, maxTokens: Int, cursor: String?) async throws -> RecallAnswer {
        let from = try parse(cursor)
        guard !id.isEmpty, id.utf8.count <= 200 else {
            throw RecallError(.badArgument, "A message id is 1 to 200 bytes long, as `id` in every answer shows it.")
        }
        guard let message = try await store.message(id: id, textLimit: nil) else { throw Self.noMessage(id) }
        var budget = TokenBudget(tokens: maxTokens)
        if from.unfinished == nil, budget.take(message) { return RecallAnswer(passages: budget.passages) }
        let rest = budget.takePart(of: message, from: from.unfinished?.offset ?? 0)
        return RecallAnswer(
            passages: budget.passages, cursor: rest.map { RecallCursor(place: nil, unfinished: (message.id, $0)).text })
    }

    /// The newest messages that fit the filter, newest first by their own time.
    package func recent(_ filter: MessageFilter, limit: Int, maxTokens: Int, cursor: String?) async throws -> RecallAnswer {
        try await timeline(filter, order: .newestFirst, start: nil, limit: limit, maxTokens: maxTokens, cursor: cursor)
    }

    /// The messages before a message or an instant, newest first.
    package func before(
        id: String?, time: Timestamp?, filter: MessageFilter, limit: Int, maxTokens: Int, cursor: String?
    ) async throws -> RecallAnswer {
        var start: MessagePlace?
        if let id {
            guard let reference = try await store.message(id: id, textLimit: 0) else { throw Self.noMessage(id) }
            start = reference.place
        } else if let time {
            start = MessagePlace(time: time, row: .min)
        } else {
            throw RecallError(.badArgument, "Say before what: reference_id (a message id) or reference_timestamp (ISO 8601).")
        }
        return try await timeline(filter, order: .newestFirst, start: start, limit: limit, maxTokens: maxTokens, cursor: cursor)
    }

    /// The newest continuation: the summary that opened the last context window after compaction.
    package func latestContinuation(_ filter: MessageFilter, maxTokens: Int, cursor: String?) async throws -> RecallAnswer {
        if let unfinished = try parse(cursor).unfinished { return try await message(id: unfinished.id, maxTokens: maxTokens, cursor: cursor) }
        var filter = filter
        filter.kinds = [.continuation]
        let found = try await store.messages(MessageQuery(filter: filter, order: .newestFirst, limit: 1))
        guard let newest = found.first else {
            return RecallAnswer(passages: [], warnings: ["No conversation that fits was compacted yet, so there is no continuation."])
        }
        var budget = TokenBudget(tokens: maxTokens)
        if budget.take(newest) { return RecallAnswer(passages: budget.passages) }
        let rest = budget.takePart(of: newest, from: 0)
        return RecallAnswer(passages: budget.passages, cursor: rest.map { RecallCursor(place: nil, unfinished: (newest.id, $0)).text })
    }

    /// The messages that hold any of the query's words, best first.
    package func search(_ query: String, filter: MessageFilter, limit: Int, maxTokens: Int, cursor: String?) async throws -> RecallAnswer {
        let from = try parse(cursor)
        guard let terms = SearchTerms.terms(in: query) else {
            throw RecallError(.badArgument, "The query holds nothing to look for; give one word or more.")
        }
        var passed = 0
        if case .count(let count) = from.place { passed = count }
        let store = store
        let start = passed
        return try await fill(from: from, limit: limit, maxTokens: maxTokens) { taken, page, textLimit in
            let hits = try await store.search(
                SearchQuery(terms: terms, filter: filter, offset: start + taken, limit: page, textLimit: textLimit))
            return hits.enumerated().map { ($0.element.message, .count(start + taken + $0.offset + 1)) }
        }
    }

    /// The messages of one context window in the order of its file.
    package func window(_ id: WindowID, limit: Int, maxTokens: Int, cursor: String?) async throws -> RecallAnswer {
        guard let window = try await store.window(id) else {
            throw RecallError(.notFound, "There is no context window \(id.number); `window` in every answer names one.")
        }
        let from = try parse(cursor)
        var last = 0
        if case .count(let position) = from.place { last = position }
        let store = store
        let start = last
        var answer = try await fill(from: from, limit: limit, maxTokens: maxTokens) { [start] taken, page, textLimit in
            try await store.messages(in: id, after: start + taken, limit: page, textLimit: textLimit).map { ($0, .count($0.position)) }
        }
        answer.about = window.about
        return answer
    }

    static func noMessage(_ id: String) -> RecallError {
        RecallError(.notFound, "There is no message with the id \"\(id.prefix(80))\"; take one from `id` in an answer, or search for it.")
    }

    func parse(_ cursor: String?) throws -> RecallCursor {
        guard let cursor else { return RecallCursor(place: nil) }
        guard let parsed = RecallCursor(cursor) else {
            throw RecallError(.badArgument, "The cursor is none of ours; hand back `cursor` of the answer before, unchanged, or none.")
        }
        return parsed
    }
}
