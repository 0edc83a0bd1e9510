import JSON
import MCPCore
import MemoryModel
import MemoryRecall

// Tools that find messages and what stands around them.
extension MemoryTools {
    static func search(_ recall: Recall) -> Tool {
        tool(
            recall, name: "search_messages", title: "Search messages",
            description: "Messages that hold any of the query's words, best first. A few telling words beat a sentence; no query syntax.",
            input: RecallSchemas.input(
                [
                    ("query", RecallSchemas.text("What to look for.")),
                    RecallSchemas.limit(50), RecallSchemas.maxTokens(6000), RecallSchemas.cursor,
                ] + RecallSchemas.filters, required: ["query"])
        ) { arguments in
            try await recall.search(
                try arguments.required("query"), filter: try await arguments.filter(), limit: try arguments.limit(default: 50),
                maxTokens: try arguments.maxTokens(default: 6000), cursor: arguments.text("cursor"))
        }
    }

    static func messageByID(_ recall: Recall) -> Tool {
        tool(
            recall, name: "get_message_by_id", title: "Message by id",
            description: "One message whole. One too long for an answer comes in parts; go on with the cursor.",
            input: RecallSchemas.input(
                [
                    ("message_id", RecallSchemas.text("`id` of any answer.")), RecallSchemas.maxTokens(10_000), RecallSchemas.cursor,
                ], required: ["message_id"])
        ) { arguments in
            try await recall.message(
                id: try arguments.required("message_id"), maxTokens: try arguments.maxTokens(default: 10_000),
                cursor: arguments.text("cursor"))
        }
    }

    static func messagesBefore(_ recall: Recall) -> Tool {
        tool(
            recall, name: "get_messages_before", title: "Messages before",
            description: "What came before a message or an instant, newest first by the messages' own time.",
            input: RecallSchemas.input(
                [
                    ("reference_id", RecallSchemas.text("A message id.")),
                    ("reference_timestamp", RecallSchemas.text("An ISO 8601 date or time; used without reference_id.")),
                    RecallSchemas.limit(300), RecallSchemas.maxTokens(6000), RecallSchemas.cursor,
                ] + RecallSchemas.filters)
        ) { arguments in
            try await recall.before(
                id: arguments.text("reference_id"), time: try arguments.time("reference_timestamp"), filter: try await arguments.filter(),
                limit: try arguments.limit(default: 300), maxTokens: try arguments.maxTokens(default: 6000),
                cursor: arguments.text("cursor"))
        }
    }

    static func contextHeap(_ recall: Recall) -> Tool {
        tool(
            recall, name: "get_context_heap", title: "Context window",
            description: "A context window (what the model could see between two compactions), in the order in which it was written.",
            input: RecallSchemas.input(
                [
                    ("heap_id", ["type": ["string", "integer"], "description": "`window` of any answer."]),
                    RecallSchemas.limit(200), RecallSchemas.maxTokens(6000), RecallSchemas.cursor,
                ], required: ["heap_id"])
        ) { arguments in
            let given = arguments.values["heap_id"]
            guard let number = given?.integer ?? given?.string.flatMap({ Int64($0) }) else {
                throw InvalidArguments("heap_id must be the number of a context window, as `window` in every answer shows it.")
            }
            return try await recall.window(
                WindowID(number: number), limit: try arguments.limit(default: 200), maxTokens: try arguments.maxTokens(default: 6000),
                cursor: arguments.text("cursor"))
        }
    }
}
