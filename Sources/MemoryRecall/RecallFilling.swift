import MemoryModel
import MemoryStore

extension Recall {
    /// How many messages one query loads: most budgets are full after one page, and a page of large texts stays small
    /// because each text is loaded up to what a budget can show.
    private static let page = 40

    /// Loads pages until the limit or the budget is reached.
    ///
    /// - Parameter load: (how many were taken so far, how many to load, bound of each text) to messages with the place behind each.
    func fill(
        from cursor: RecallCursor, limit: Int, maxTokens: Int,
        load: (Int, Int, Int) async throws -> [(message: Message, place: RecallCursor.Place)]
    ) async throws -> RecallAnswer {
        var budget = TokenBudget(tokens: maxTokens)
        var place = cursor.place
        if let unfinished = cursor.unfinished {
            guard let message = try await store.message(id: unfinished.id, textLimit: nil) else { throw Self.noMessage(unfinished.id) }
            if let rest = budget.takePart(of: message, from: unfinished.offset) {
                return RecallAnswer(passages: budget.passages, cursor: RecallCursor(place: place, unfinished: (message.id, rest)).text)
            }
        }
        // A text longer than this fits no budget whole, in any form.
        let textLimit = maxTokens * 16
        var taken = 0
        while taken < limit {
            let wanted = min(Self.page, limit - taken)
            let loaded = try await load(taken, wanted, textLimit)
            for (message, next) in loaded {
                guard budget.take(message) else {
                    if !budget.passages.isEmpty {
                        return RecallAnswer(passages: budget.passages, cursor: RecallCursor(place: place).text)
                    }
                    return try await part(of: message, behind: next, budget: &budget)
                }
                place = next
                taken += 1
            }
            guard loaded.count == wanted else { return RecallAnswer(passages: budget.passages) }
        }
        return RecallAnswer(passages: budget.passages, cursor: RecallCursor(place: place).text)
    }

    /// The first message of an answer does not fit whole, so it comes in parts.
    private func part(of message: Message, behind place: RecallCursor.Place, budget: inout TokenBudget) async throws -> RecallAnswer {
        guard let whole = try await store.message(id: message.id, textLimit: nil) else { throw Self.noMessage(message.id) }
        let rest = budget.takePart(of: whole, from: 0)
        let cursor = RecallCursor(place: place, unfinished: rest.map { (message.id, $0) })
        return RecallAnswer(passages: budget.passages, cursor: cursor.text)
    }

    /// Messages in the order of their own time.
    func timeline(
        _ filter: MessageFilter, order: MessageQuery.Order, start: MessagePlace?, limit: Int, maxTokens: Int, cursor: String?
    ) async throws -> RecallAnswer {
        let from = try parse(cursor)
        var behind = start
        if case .time(let place) = from.place { behind = place }
        let store = store
        return try await fill(from: from, limit: limit, maxTokens: maxTokens) { _, page, textLimit in
            let loaded = try await store.messages(
                MessageQuery(filter: filter, order: order, after: behind, limit: page, textLimit: textLimit))
            behind = loaded.last?.place ?? behind
            return loaded.map { ($0, .time($0.place)) }
        }
    }
}
