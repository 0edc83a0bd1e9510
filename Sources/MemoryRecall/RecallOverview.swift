import JSON
package import MemoryModel
package import MemoryStore

// Answers that put several things together: the bootstrap of a new session, an era, samples.
extension Recall {
    /// What a fresh session should know: how things stand, the newest continuation, then the newest talk.
    ///
    /// The continuation takes at most two fifths of the budget, so that the newest messages always have room.
    ///
    /// - Parameter longest: what of the budget one message of the talk may take before it is cut; `nil` takes whole messages alone.
    package func bootstrap(_ filter: MessageFilter, maxTokens: Int, longest: Int? = nil) async throws -> RecallAnswer {
        var budget = TokenBudget(tokens: maxTokens)
        var talk = filter
        talk.kinds = [.continuation]
        let continuation = try await store.messages(MessageQuery(filter: talk, order: .newestFirst, limit: 1)).first
        var warnings: [String] = []
        if let continuation {
            let whole = Passage(whole: continuation)
            if whole.cost <= budget.remaining * 2 / 5 {
                _ = budget.take(continuation)
            } else if budget.takePart(of: continuation, from: 0, share: 0.4) != nil {
                warnings.append("The continuation is cut; get_latest_continuation has the rest.")
            }
        }
        talk.kinds = Self.talk
        let recent = try await store.messages(
            MessageQuery(filter: talk, order: .newestFirst, limit: 60, textLimit: maxTokens * 16))
        for message in recent where message.id != continuation?.id {
            if let longest {
                guard budget.takeStart(of: message, atMost: longest) else { break }
            } else if !budget.take(message) {
                break
            }
        }
        let statistics = try await store.statistics()
        let eras = try await store.eras()
        var about: JSONObject = [
            "messages": .integer(Int64(statistics.messages)),
            "conversations": .integer(Int64(statistics.conversations)),
            "windows": .integer(Int64(statistics.windows)),
        ]
        if let era = eras.last { about["era"] = .string(era.name) }
        if let newest = statistics.newestMessage { about["newest"] = .string(newest.description) }
        if let notice = await notice() { warnings.append(notice) }
        if statistics.messages == 0 { warnings.append("Nothing is stored yet; `magenta import` or `magenta serve` fills the memory.") }
        return RecallAnswer(passages: budget.passages, warnings: warnings, about: about)
    }

    /// What an era was about: its bounds and numbers, then its talk from the first message on.
    ///
    /// - Parameter name: without a name the first era, the one that everything began with.
    package func era(_ name: String?, filter: MessageFilter, limit: Int, maxTokens: Int, cursor: String?) async throws -> RecallAnswer {
        let era = try await resolveEra(name)
        let statistics = try await store.statistics(from: era.start, until: era.end)
        var filter = filter
        filter.since = max(filter.since ?? era.start, era.start)
        filter.until = [filter.until, era.end].compactMap(\.self).min()
        if filter.kinds.isEmpty { filter.kinds = Self.talk }
        var answer = try await timeline(filter, order: .oldestFirst, start: nil, limit: limit, maxTokens: maxTokens, cursor: cursor)
        answer.about = [
            "era": .string(era.name),
            "current": .bool(era.isCurrent),
            "messages": .integer(Int64(statistics.messages)),
            "conversations": .integer(Int64(statistics.conversations)),
            "windows": .integer(Int64(statistics.windows)),
            "projects": .array(statistics.projects.prefix(12).map(JSONValue.string)),
        ]
        if let first = statistics.first { answer.about["first"] = .string(first.description) }
        if let last = statistics.last { answer.about["last"] = .string(last.description) }
        return answer
    }

    /// An era by name, without regard to case.
    package func resolveEra(_ name: String?) async throws -> Era {
        let eras = try await store.eras()
        guard let name else {
            guard let first = eras.first else { throw RecallError(.notFound, "The store has no era.") }
            return first
        }
        guard let era = eras.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            let known = eras.suffix(10).map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw RecallError(.notFound, "There is no era named \"\(name.prefix(80))\"; there are: \(known).")
        }
        return era
    }

    /// Messages drawn at random, each with what followed it in its window.
    package func random(_ filter: MessageFilter, count: Int, context: Int, maxTokens: Int) async throws -> RecallAnswer {
        var filter = filter
        if filter.kinds.isEmpty { filter.kinds = Self.talk }
        var budget = TokenBudget(tokens: maxTokens)
        let samples = try await store.randomMessages(filter, count: count, textLimit: maxTokens * 16)
        var shown: Set<String> = []
        var skipped = 0
        for sample in samples {
            let following =
                context == 0
                ? [] : try await store.messages(in: sample.window, after: sample.position, limit: context, textLimit: maxTokens * 16)
            for message in [sample] + following where shown.insert(message.id).inserted {
                if !budget.take(message) { skipped += 1 }
            }
        }
        let warnings = skipped == 0 ? [] : ["\(skipped) more did not fit into max_tokens."]
        return RecallAnswer(passages: budget.passages, warnings: warnings)
    }
}

extension ContextWindow {
    /// What an answer says about the window that it shows.
    var about: JSONObject {
        var about: JSONObject = [
            "window": .integer(id.number),
            "conversation": .string(conversation),
            "opened_by": .string(opening.rawValue),
            "messages": .integer(Int64(messageCount)),
        ]
        if let title { about["title"] = .string(title.shortened) }
        if let project { about["project"] = .string(project) }
        if let agentID { about["agent"] = .string(agentID) }
        if let spawnedBy { about["spawned_by"] = .string(spawnedBy) }
        if let firstTime { about["first"] = .string(firstTime.description) }
        if let lastTime { about["last"] = .string(lastTime.description) }
        return about
    }
}
