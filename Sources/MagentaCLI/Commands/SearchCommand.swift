import ArgumentParser
import FoundationEssentials
import JSON
import MemoryModel
import MemoryRecall
import MemoryStore

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find messages that hold any of the words, best first.",
        discussion: "Exit code 0 with or without hits. --json prints what the MCP tool search_messages answers.")

    @Argument(help: "What to look for.")
    var words: [String]

    @OptionGroup var filters: FilterOptions
    @OptionGroup var answer: AnswerOptions
    @OptionGroup var options: SettingOptions

    func run() async throws {
        let recall = Recall(store: try await OpenStore.forReading(try Settings(options)))
        let found = try await recall.search(
            words.joined(separator: " "), filter: try await filters.filter(recall), limit: try answer.checkedLimit,
            maxTokens: try answer.checkedTokens, cursor: answer.cursor)
        answer.show(found)
    }
}

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one message, a context window or a conversation's newest messages.",
        discussion:
            "magenta show ID            one message\nmagenta show --window N    a context window, in its order\nmagenta show               the newest messages"
    )

    @Argument(help: "The id of a message.")
    var id: String?

    @Option(help: "The number of a context window.")
    var window: Int64?

    @OptionGroup var filters: FilterOptions
    @OptionGroup var answer: AnswerOptions
    @OptionGroup var options: SettingOptions

    func run() async throws {
        let recall = Recall(store: try await OpenStore.forReading(try Settings(options)))
        let (limit, tokens) = (try answer.checkedLimit, try answer.checkedTokens)
        if let id {
            answer.show(try await recall.message(id: id, maxTokens: tokens, cursor: answer.cursor))
        } else if let window {
            answer.show(try await recall.window(WindowID(number: window), limit: limit, maxTokens: tokens, cursor: answer.cursor))
        } else {
            answer.show(try await recall.recent(try await filters.filter(recall), limit: limit, maxTokens: tokens, cursor: answer.cursor))
        }
    }
}

/// The filters of the tools as options.
struct FilterOptions: ParsableArguments {
    @Option(help: "A directory or its last component, with all below it, or a repository (host/owner/name).")
    var project: String?

    @Option(help: "A user, a machine or an agent, or user@machine.")
    var from: String?

    @Option(help: "human, agent, tool, system, or the name of a tool or model.")
    var participant: String?

    @Option(help: "prompt, reply, thinking, tool_call, tool_result, continuation, ...")
    var kind: String?

    @Option(help: "The name of an era.")
    var era: String?

    @Option(help: "At or after this ISO 8601 date or time.")
    var since: String?

    @Option(help: "Before this ISO 8601 date or time.")
    var until: String?

    func filter(_ recall: Recall) async throws -> MessageFilter {
        var filter = MessageFilter()
        let home = SettingSources.home(ProcessInfo.processInfo.environment)
        filter.project = try project.map { try ProjectName.resolved($0, home: home) }
        filter.from = from
        filter.participant = participant
        filter.since = try since.map { try Self.time($0, "--since") }
        filter.until = try until.map { try Self.time($0, "--until") }
        if let kind {
            guard let known = MessageKind(rawValue: kind.lowercased()) else {
                throw UsageError("there is no kind \"\(kind)\"; the kinds are \(MessageKind.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            filter.kinds = [known]
        }
        if let era {
            let found = try await recall.resolveEra(era)
            filter.since = max(filter.since ?? found.start, found.start)
            filter.until = [filter.until, found.end].compactMap(\.self).min()
        }
        return filter
    }

    static func time(_ text: String, _ option: String) throws -> Timestamp {
        guard let time = Timestamp(text) else {
            throw UsageError("\(option) must be an ISO 8601 date or time such as 2026-02-08 or 2026-02-08T10:30:00Z, not \"\(text)\"")
        }
        return time
    }
}

struct AnswerOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: "How many messages at most.")
    var limit = 20

    @Option(help: "The budget of the answer in tokens; the cursor goes on behind it.")
    var maxTokens = 20_000

    @Option(help: "The cursor of the answer before.")
    var cursor: String?

    var checkedLimit: Int { get throws { try Self.check(limit, "--limit", Recall.limits) } }
    var checkedTokens: Int { get throws { try Self.check(maxTokens, "--max-tokens", Recall.budgets) } }

    private static func check(_ number: Int, _ option: String, _ range: ClosedRange<Int>) throws -> Int {
        guard range.contains(number) else {
            throw UsageError("\(option) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(number)")
        }
        return number
    }

    func show(_ found: RecallAnswer) {
        if json { Terminal.print(found.value) } else { Terminal.print(found.plainText) }
    }
}
