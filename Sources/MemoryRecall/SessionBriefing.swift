import JSON
import MemoryModel
import MemoryStore

// What a hook puts before the model of a new session, which has called no tool.
extension Recall {
    /// How many tokens a briefing may take: it stands in the context of every session, asked for or not.
    package static let briefings = 300...5000
    /// A directory within a project is looked for so many levels up.
    private static let levels = 8

    /// The bootstrap of one project, newest talk first; a long message is cut, since one could fill the whole budget.
    ///
    /// Where nothing is stored of the project it says so in two lines, and what other projects hold stays out: it would be noise in every
    /// new project, and a search finds it.
    ///
    /// - Parameters:
    ///   - directory: where the session works; a directory above it counts, as far as the home directory.
    ///   - repository: the one that `directory` belongs to, where that is known; clones and worktrees meet in it.
    package func briefing(of directory: String?, repository: String?, maxTokens: Int) async throws -> RecallAnswer {
        let maxTokens = min(max(maxTokens, Self.briefings.lowerBound), Self.briefings.upperBound)
        let names = [repository].compactMap(\.self) + (directory.map(Self.upwards) ?? [])
        for name in names {
            var filter = MessageFilter()
            filter.project = name
            // A directory around other projects is none itself.
            filter.leavesOutBelow = true
            guard try await knows(filter) else { continue }
            var answer = try await bootstrap(filter, maxTokens: maxTokens - 60, longest: maxTokens / 4)
            answer.about["project"] = .string(name.shortened)
            answer.warnings.append(Self.invitation)
            return answer
        }
        let statistics = try await store.statistics()
        var about: JSONObject = ["messages": .integer(Int64(statistics.messages)), "conversations": .integer(Int64(statistics.conversations))]
        if let directory { about["project"] = .string("nothing is stored of \(directory.shortened) yet") }
        return RecallAnswer(passages: [], warnings: [await notice(), Self.invitation].compactMap(\.self), about: about)
    }

    private static let invitation = "search_messages finds more, in all projects; get_message_by_id shows a message whole."

    /// The directory and those above it which a project could be; homes and roots hold everything.
    private static func upwards(from directory: String) -> [String] {
        var names: [String] = []
        var parts = directory.split(separator: "/")
        while !parts.isEmpty, names.count < levels {
            let isHome = parts.count == 1 || (parts.count == 2 && ["home", "Users"].contains(parts[0]))
            if isHome, !names.isEmpty { break }
            names.append("/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return names
    }
}
