import JSON
import MCPCore
import MemoryModel
import MemoryRecall
import MemoryStore

/// Reads what a model passed to a tool. Types and bounds of the schema were checked before; what is read here is meaning:
/// dates, ids, kinds, eras. Each error is one sentence that says what to pass instead.
struct RecallArguments {
    let values: JSONObject
    let recall: Recall

    func text(_ name: String) -> String? {
        guard let text = values[name]?.string, !text.isEmpty else { return nil }
        return text
    }

    func required(_ name: String) throws -> String {
        guard let text = text(name) else { throw InvalidArguments("\(name) is required and must not be empty.") }
        return text
    }

    func number(_ name: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let given = values[name], !given.isNull else { return value }
        guard let number = given.integer, let exact = Int(exactly: number), range.contains(exact) else {
            throw InvalidArguments("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return exact
    }

    func limit(default value: Int) throws -> Int {
        try number("limit", default: value, in: Recall.limits)
    }

    func maxTokens(default value: Int) throws -> Int {
        try number("max_tokens", default: value, in: Recall.budgets)
    }

    func time(_ name: String) throws -> Timestamp? {
        guard let text = text(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw InvalidArguments("\(name) must be an ISO 8601 date or time such as 2026-02-08 or 2026-02-08T10:30:00Z.")
        }
        return time
    }

    /// The filters that most tools share.
    func filter() async throws -> MessageFilter {
        var filter = MessageFilter()
        filter.project = text("project")
        filter.participant = text("participant")
        filter.conversation = text("conversation")
        filter.from = text("from")
        filter.since = try time("since")
        filter.until = try time("until")
        if let kind = text("kind") {
            guard let known = MessageKind(rawValue: kind.lowercased()) else {
                let kinds = MessageKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidArguments("There is no kind \"\(kind.prefix(40))\"; the kinds are \(kinds).")
            }
            filter.kinds = [known]
        }
        if let name = text("era") {
            let era = try await recall.resolveEra(name)
            filter.since = max(filter.since ?? era.start, era.start)
            filter.until = [filter.until, era.end].compactMap(\.self).min()
        }
        if let since = filter.since, let until = filter.until, since >= until {
            throw InvalidArguments("since (\(since)) must lie before until (\(until)).")
        }
        return filter
    }
}
