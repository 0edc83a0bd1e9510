import MCPCore
import MemoryRecall
import MemoryStore

// Tools that answer without being given a message: where things stand.
extension MemoryTools {
    static func bootstrap(_ recall: Recall) -> Tool {
        tool(
            recall, name: "bootstrap_memory", title: "Bootstrap memory",
            description: "What to know at the start of a session: how much is remembered, the newest continuation, and the newest messages "
                + "of humans and agents, newest first. Call it once per session.",
            input: RecallSchemas.input([RecallSchemas.maxTokens(4000)] + RecallSchemas.filters.filter { $0.0 == "project" })
        ) { arguments in
            try await recall.bootstrap(try await arguments.filter(), maxTokens: try arguments.maxTokens(default: 4000))
        }
    }

    static func latestContinuation(_ recall: Recall) -> Tool {
        tool(
            recall, name: "get_latest_continuation", title: "Latest continuation",
            description: "The newest summary that opened a context window after compaction, whole.",
            input: RecallSchemas.input(
                [RecallSchemas.maxTokens(8000), RecallSchemas.cursor] + RecallSchemas.filters.filter { $0.0 == "project" })
        ) { arguments in
            try await recall.latestContinuation(
                try await arguments.filter(), maxTokens: try arguments.maxTokens(default: 8000), cursor: arguments.text("cursor"))
        }
    }

    static func eraSummary(_ recall: Recall) -> Tool {
        tool(
            recall, name: "get_era_summary", title: "Era summary",
            description: "What an era was about: its bounds, numbers and projects, then its messages from the first one on. "
                + "Without a name: the first era.",
            input: RecallSchemas.input(
                [
                    ("era_name", RecallSchemas.text("The era; `magenta era list` names them. Default: the first.")),
                    RecallSchemas.limit(100), RecallSchemas.maxTokens(6000), RecallSchemas.cursor,
                ] + RecallSchemas.filters.filter { $0.0 != "era" })
        ) { arguments in
            try await recall.era(
                arguments.text("era_name"), filter: try await arguments.filter(), limit: try arguments.limit(default: 100),
                maxTokens: try arguments.maxTokens(default: 6000), cursor: arguments.text("cursor"))
        }
    }

    static func recentWork(_ recall: Recall) -> Tool {
        tool(
            recall, name: "get_recent_work", title: "Recent work",
            description: "The newest messages by their own time, newest first: prompts, replies, tool calls, continuations. "
                + "Pass kind for others, such as tool_result.",
            input: RecallSchemas.input(
                [RecallSchemas.limit(50), RecallSchemas.maxTokens(6000), RecallSchemas.cursor] + RecallSchemas.filters)
        ) { arguments in
            var filter = try await arguments.filter()
            if filter.kinds.isEmpty { filter.kinds = Recall.work }
            return try await recall.recent(
                filter, limit: try arguments.limit(default: 50), maxTokens: try arguments.maxTokens(default: 6000),
                cursor: arguments.text("cursor"))
        }
    }

    static func randomMessages(_ recall: Recall) -> Tool {
        tool(
            recall, name: "random_messages", title: "Random messages",
            description: "Messages drawn at random, each with what followed it in its context window.",
            input: RecallSchemas.input(
                [
                    ("count", RecallSchemas.count("How many to draw.", default: 4, in: 1...50)),
                    ("context_messages", RecallSchemas.count("How many that followed, for each.", default: 4, in: 0...50)),
                    RecallSchemas.maxTokens(6000),
                ] + RecallSchemas.filters)
        ) { arguments in
            try await recall.random(
                try await arguments.filter(), count: try arguments.number("count", default: 4, in: 1...50),
                context: try arguments.number("context_messages", default: 4, in: 0...50),
                maxTokens: try arguments.maxTokens(default: 6000))
        }
    }
}
