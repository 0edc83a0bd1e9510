import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    /// The only window of a message's conversation that a message with this id stands in first.
    private static func window(of id: String, _ store: any MemoryStore) async throws -> ContextWindow {
        let message = try require(try await store.message(id: id, textLimit: nil), id)
        return try require(try await store.window(message.window), "the window of \(id)")
    }

    static let windows = [
        StoreRule("positions count from 1 in each window, in the order of the file") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "one", in: .start("c"), minute: 9)
            script.message("s1", "agent", in: .agent("a", of: "c"), role: .agent, kind: .reply, minute: 1)
            script.message("m2", "two", in: .start("c"), minute: 3)
            _ = try await store.capture(script.batch())
            script.message("m3", "three", in: .boundary("b", of: "c"), minute: 4)
            script.message("m4", "four", in: .start("c"), minute: 5)
            _ = try await store.capture(script.batch())
            let window = try await window(of: "m1", store)
            let messages = try await store.messages(in: window.id, after: 0, limit: 10, textLimit: nil)
            try expect(messages.map(\.id), ["m1", "m2", "m4"], "the messages")
            try expect(messages.map(\.position), [1, 2, 3], "the positions")
            try expect(window.messageCount, 3, "their number")
            try expect(window.firstTime, minuteOfDay(3), "the first time")
            try expect(window.lastTime, minuteOfDay(9), "the last time")
            try expect(window.project, "/home/ana/src/atlas", "the project")
            let rest = try await store.messages(in: window.id, after: 2, limit: 10, textLimit: nil)
            try expect(rest.map(\.id), ["m4"], "the messages behind position 2")
            try expect(try await store.messages(in: window.id, after: 0, limit: 1, textLimit: nil).map(\.id), ["m1"], "the first")
            try expect(try await StoreRule.window(of: "s1", store).agentID, "a", "the agent")
            try expect(try await store.statistics().windows, 3, "windows")
        },
        StoreRule("a boundary with no message behind it is a window") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            let key = WindowKey.boundary("b", of: "c")
            script.message("m1", "one", in: .start("c"))
            script.known("b", facts: [.window(key), .compaction(id: "b", window: key)])
            _ = try await store.capture(script.batch())
            let statistics = try await store.statistics()
            try expect(statistics.windows, 2, "windows")
            try expect(statistics.compactions, 1, "compactions")
            try expect(statistics.conversations, 1, "conversations")
        },
        StoreRule("a message that a resumed file copies is stored once and stands in both conversations") { open in
            let store = try await open()
            var first = TranscriptScript("/t/first.jsonl")
            first.message("m1", "one", in: .start("first"), minute: 1)
            first.message("m2", "two", parent: "m1", in: .start("first"), minute: 2)
            _ = try await store.capture(first.batch())
            var resumed = TranscriptScript("/t/resumed.jsonl")
            resumed.message("m2", "two", in: .start("resumed"), minute: 2)
            resumed.message("m3", "three", parent: "m2", in: .start("resumed"), minute: 3)
            let counts = try await store.capture(resumed.batch())
            try expect(counts.repeated, 1, "repeated")
            try expect(try await store.statistics().messages, 3, "messages")
            try expect(try await store.message(id: "m2", textLimit: nil)?.conversation, "first", "where it first occurred")
            let window = try await window(of: "m3", store)
            let messages = try await store.messages(in: window.id, after: 0, limit: 9, textLimit: nil)
            try expect(messages.map(\.id), ["m2", "m3"], "the messages of the resumed one")
            try expect(messages.map(\.conversation), ["resumed", "resumed"], "their conversation")
            try expect(messages.map(\.position), [1, 2], "their positions")
            try expect(window.messageCount, 2, "their number")
            var filter = MessageFilter()
            filter.conversation = "resumed"
            let found = try await store.messages(MessageQuery(filter: filter, order: .oldestFirst, limit: 9))
            try expect(found.map(\.id), ["m2", "m3"], "the messages by conversation")
            try expect(found.map(\.conversation), ["resumed", "resumed"], "the conversation asked for")
        },
        StoreRule("a sub-agent's window names the message that spawned it, whichever came first") { open in
            for spawnFirst in [true, false] {
                let store = try await open()
                let conversation = "c \(spawnFirst)"
                var main = TranscriptScript("/t/\(conversation).jsonl")
                var agent = TranscriptScript("/t/\(conversation)/agent-a.jsonl")
                let call = NewBlock(kind: .toolUse, text: "{}", toolUseID: "toolu_1", name: "Agent")
                main.message("call \(spawnFirst)", [call], in: .start(conversation), role: .agent, kind: .toolCall)
                agent.message("sub \(spawnFirst)", "at work", in: .agent("a", of: conversation), role: .agent, kind: .reply)
                let fact = CaptureFact.spawn(conversation: redacted(conversation), opener: "agent:a", toolUseID: "toolu_1")
                // The same tool use id in another conversation is another tool use.
                var other = TranscriptScript("/t/other \(spawnFirst).jsonl")
                other.message("other \(spawnFirst)", [call], in: .start("other"), role: .agent, kind: .toolCall)
                _ = try await store.capture(other.batch())
                let batches = spawnFirst ? [agent.batch(facts: [fact]), main.batch()] : [main.batch(), agent.batch(facts: [fact])]
                for batch in batches { _ = try await store.capture(batch) }
                try expect(try await window(of: "sub \(spawnFirst)", store).spawnedBy, "call \(spawnFirst)", "what spawned it")
            }
        },
        StoreRule("a window that does not exist is nothing, not an error") { open in
            let store = try await open()
            try expect(try await store.window(WindowID(number: 77)), nil, "the window")
            try expect(try await store.messages(in: WindowID(number: 77), after: 0, limit: 5, textLimit: nil), [], "its messages")
        },
    ]

    static let titles = [
        StoreRule("the title that ranks highest names the conversation, and the last of a rank") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "one", in: .start("c"))
            let ranks: [(TitleKind, RedactedText, String)] = [
                (.summary, "summary", "summary"), (.generated, "generated", "generated"), (.custom, "custom", "custom"),
                (.agentName, "agent", "custom"), (.custom, "renamed", "renamed"), (.generated, "generated later", "renamed"),
            ]
            _ = try await store.capture(script.batch())
            try expect(try await window(of: "m1", store).title, nil, "no title")
            for (kind, title, expected) in ranks {
                script.known(rule: "title", facts: [.title(kind, title, conversation: "c", leaf: nil)])
                _ = try await store.capture(script.batch())
                try expect(try await window(of: "m1", store).title, expected, "the title after \(title.value)")
            }
        },
        StoreRule("a title with a leaf names the conversation that holds the leaf, whichever came first") { open in
            let store = try await open()
            var other = TranscriptScript("/t/other.jsonl")
            other.message("o1", "other", in: .start("other"))
            other.known(rule: "summary", facts: [.title(.summary, "Of the first", conversation: "other", leaf: "m1")])
            _ = try await store.capture(other.batch())
            try expect(try await window(of: "o1", store).title, nil, "the title of the file it stands in")
            var first = TranscriptScript("/t/first.jsonl")
            first.message("m1", "one", in: .start("first"))
            _ = try await store.capture(first.batch())
            try expect(try await window(of: "m1", store).title, "Of the first", "the title of the leaf's conversation")
            first.known(rule: "summary", facts: [.title(.summary, "Of the other", conversation: "first", leaf: "o1")])
            _ = try await store.capture(first.batch())
            try expect(try await window(of: "o1", store).title, "Of the other", "the title of a leaf that was there")
        },
    ]
}
