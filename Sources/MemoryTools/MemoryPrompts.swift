package import MCPCore
import MemoryModel
package import MemoryRecall
import MemoryStore

/// What a person may put before the model by a command; in Claude Code `/mcp__magenta-memory__bootstrap`.
package enum MemoryPrompts {
    /// What the facts, the first sentence and the last one may take of a budget.
    private static let frame = 300
    static let bootstrapBudget = 4000
    static let recallBudget = 6000

    package static func all(_ recall: Recall) -> [Prompt] { [bootstrap(recall), self.recall(recall)] }

    private static func bootstrap(_ recall: Recall) -> Prompt {
        Prompt(
            name: "bootstrap", title: "Bootstrap memory",
            description: "Tells the model what magenta remembers of earlier sessions: the newest continuation and the newest messages.",
            arguments: [project(recall)]
        ) { arguments, _ in
            try await answering {
                var words = RecallWords(arguments)
                try await words.takeProject(recall)
                var answer = try await recall.bootstrap(words.filter, maxTokens: bootstrapBudget - frame)
                if let unknown = words.rest.first {
                    answer.warnings.insert("No project is called \"\(unknown.shortened)\"; this is about all of them.", at: 0)
                }
                return result("What magenta remembers of earlier sessions\(words.conditions), to know before we begin:", answer)
            }
        }
    }

    private static func recall(_ recall: Recall) -> Prompt {
        Prompt(
            name: "recall", title: "Recall",
            description: "Shows the model the messages of earlier sessions that hold any of the words, best first.",
            arguments: [
                PromptArgument("query", title: "Query", description: "What to look for; a few telling words.", isRequired: true),
                project(recall),
                PromptArgument("era", title: "Era", description: "The name of an era.", completer: MemoryCompletions.eraNames(recall)),
                PromptArgument("kind", title: "Kind", description: "Only messages of this kind.", completer: MemoryCompletions.kinds),
            ]
        ) { arguments, _ in
            try await answering {
                var words = RecallWords(arguments)
                try await words.takeProject(recall)
                try await words.takeEra(recall)
                words.takeKind()
                let query = ([arguments["query"] ?? ""] + words.rest).joined(separator: " ")
                let answer = try await recall.search(
                    query, filter: words.filter, limit: 50, maxTokens: recallBudget - frame, cursor: nil)
                return result(
                    "What magenta finds of \"\(query.shortened)\" in earlier sessions\(words.conditions):", answer,
                    continuedBy: "search_messages with query \"\(query.shortened)\"\(words.conditions)")
            }
        }
    }

    private static func project(_ recall: Recall) -> PromptArgument {
        PromptArgument(
            "project", title: "Project", description: "A project directory, or its last component. Default: all.",
            completer: MemoryCompletions.projects(recall))
    }

    private static func result(_ sentence: String, _ answer: RecallAnswer, continuedBy tool: String? = nil) -> PromptResult {
        PromptResult(messages: [PromptMessage(.user, .text("\(sentence)\n\n\(answer.plainText(continuedBy: tool))"))])
    }

    private static func answering(_ body: () async throws -> PromptResult) async throws -> PromptResult {
        do { return try await reporting(body) } catch let error as RecallError { throw InvalidArguments(error.description) }
    }
}

/// The filters of a prompt.
///
/// Claude Code splits what stands behind a command at its spaces and deals the words out to the arguments: of `recall dual stack`, the
/// project is "stack". So a value that names no project, no era and no kind is one more word of the query.
private struct RecallWords {
    private let arguments: [String: String]
    private(set) var filter = MessageFilter()
    /// What named nothing, in the order in which it was typed.
    private(set) var rest: [String] = []
    /// What the filter lets through, for the sentence before the answer; empty for everything.
    private(set) var conditions = ""

    init(_ arguments: [String: String]) { self.arguments = arguments }

    mutating func takeProject(_ recall: Recall) async throws {
        guard let name = value("project") else { return }
        var named = MessageFilter()
        named.project = name
        // A word that only stands in the path of projects, as `home` does, names none of them.
        named.leavesOutBelow = !name.hasPrefix("/")
        guard try await recall.knows(named) else { return rest.append(name) }
        filter.project = name
        conditions += ", project \"\(name.shortened)\""
    }

    mutating func takeEra(_ recall: Recall) async throws {
        guard let name = value("era") else { return }
        guard let era = try await recall.eras().first(where: { $0.name.lowercased() == name.lowercased() }) else { return rest.append(name) }
        filter.since = era.start
        filter.until = era.end
        conditions += ", era \"\(era.name)\""
    }

    mutating func takeKind() {
        guard let name = value("kind") else { return }
        guard let kind = MessageKind(rawValue: name.lowercased()) else { return rest.append(name) }
        filter.kinds = [kind]
        conditions += ", kind \"\(kind.rawValue)\""
    }

    private func value(_ name: String) -> String? { arguments[name].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 } }
}
