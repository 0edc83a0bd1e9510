import MemoryModel
import MemoryStore

extension StoreRule {
    /// Three projects, four participants, out of order in time, with one echo that is the newest of all.
    static func fill(_ store: any MemoryStore) async throws {
        var script = TranscriptScript("/t/a.jsonl")
        script.message("ask", "Where is the harbour?", in: .start("c"), minute: 10)
        script.message("answer", "The harbour is north.", in: .start("c"), role: .agent, name: "Opus", kind: .reply, minute: 12, model: "Opus")
        script.message("listing", "harbour.txt", in: .start("c"), role: .tool, name: "Bash", kind: .toolResult, minute: 11)
        script.project = "/srv/atlas/"
        script.message("elsewhere", "Another harbour.", in: .start("d"), minute: 5)
        script.project = "/home/ana/src/globe"
        script.message("globe", "A globe has no harbour.", in: .start("e"), minute: 20)
        script.message("same time", "No harbour either.", in: .start("e"), kind: .command, minute: 20)
        script.message("echo", "harbour harbour harbour", in: .start("e"), role: .tool, kind: .toolResult, minute: 30, isOwnEcho: true)
        _ = try await store.capture(script.batch())
    }

    static let fits: [(MessageFilter, [String])] = [
        (filter { $0.project = "/home/ana/src/atlas" }, ["answer", "listing", "ask"]),
        (filter { $0.project = "atlas" }, ["answer", "listing", "ask", "elsewhere"]),
        (filter { $0.project = "/srv/atlas" }, ["elsewhere"]),
        (filter { $0.project = "src/atlas" }, []),
        (filter { $0.participant = "human" }, ["same time", "globe", "ask", "elsewhere"]),
        (filter { $0.participant = "HUMAN" }, ["same time", "globe", "ask", "elsewhere"]),
        (filter { $0.participant = "bash" }, ["listing"]),
        (filter { $0.participant = "opus" }, ["answer"]),
        (filter { $0.participant = "nobody" }, []),
        (filter { $0.kinds = [.prompt, .reply] }, ["globe", "answer", "ask", "elsewhere"]),
        (filter { $0.kinds = [.continuation] }, []),
        (filter { $0.since = minuteOfDay(11) }, ["same time", "globe", "answer", "listing"]),
        (filter { $0.until = minuteOfDay(11) }, ["ask", "elsewhere"]),
        (filter { $0.conversation = "e" }, ["same time", "globe"]),
        (filter { $0.conversation = "unknown" }, []),
        (
            filter {
                $0.project = "atlas"
                $0.participant = "human"
                $0.kinds = [.prompt]
                $0.since = minuteOfDay(6)
            }, ["ask"]
        ),
    ]

    private static func filter(_ change: (inout MessageFilter) -> Void) -> MessageFilter {
        var filter = MessageFilter()
        change(&filter)
        return filter
    }

    static let timeOrder = [
        StoreRule("the newest are newest by their own time, and echoes are not among them") { open in
            let store = try await open()
            try await fill(store)
            let newest = try await store.messages(MessageQuery(order: .newestFirst, limit: 10))
            try expect(newest.map(\.id), ["same time", "globe", "answer", "listing", "ask", "elsewhere"], "newest first")
            let oldest = try await store.messages(MessageQuery(order: .oldestFirst, limit: 2))
            try expect(oldest.map(\.id), ["elsewhere", "ask"], "oldest first")
            try expect(try await store.statistics().newestMessage, minuteOfDay(20), "the newest message's time")
        },
        StoreRule("an echo is there for who asks by its id or its window") { open in
            let store = try await open()
            try await fill(store)
            let echo = try require(try await store.message(id: "echo", textLimit: nil), "the echo")
            let window = try await store.messages(in: echo.window, after: 0, limit: 10, textLimit: nil)
            try expect(window.map(\.id), ["globe", "same time", "echo"], "its window")
        },
        StoreRule("each condition of a filter holds, alone and together") { open in
            let store = try await open()
            try await fill(store)
            for (filter, ids) in fits {
                let found = try await store.messages(MessageQuery(filter: filter, order: .newestFirst, limit: 10))
                try expect(found.map(\.id), ids, "newest first with \(filter)")
                let oldest = try await store.messages(MessageQuery(filter: filter, order: .oldestFirst, limit: 10))
                try expect(oldest.map(\.id), ids.reversed(), "oldest first with \(filter)")
                let one = try await store.messages(MessageQuery(filter: filter, order: .newestFirst, limit: 1))
                try expect(one.map(\.id), Array(ids.prefix(1)), "the newest with \(filter)")
            }
        },
        StoreRule("a walk by places meets every message once, in either direction") { open in
            let store = try await open()
            try await fill(store)
            for (filter, ids) in fits + [(MessageFilter(), ["same time", "globe", "answer", "listing", "ask", "elsewhere"])] {
                for order in [MessageQuery.Order.newestFirst, .oldestFirst] {
                    var met: [String] = []
                    var place: MessagePlace?
                    while let message = try await store.messages(MessageQuery(filter: filter, order: order, after: place, limit: 1)).first {
                        met.append(message.id)
                        place = message.place
                        try expect(met.count <= ids.count, true, "the walk ends")
                    }
                    try expect(met, order == .newestFirst ? ids : ids.reversed(), "the walk with \(filter)")
                }
            }
        },
        StoreRule("a draw is of distinct messages that fit, and no echo") { open in
            let store = try await open()
            try await fill(store)
            var script = TranscriptScript("/t/many.jsonl")
            for number in 0..<500 { script.message("many \(number)", "text", in: .start("many"), minute: 1000) }
            _ = try await store.capture(script.batch())
            for (filter, ids) in fits where filter.since == nil && filter.participant != "human" && filter.participant != "HUMAN" {
                let isAboutMany = filter.project?.hasSuffix("atlas") == true || !filter.kinds.isEmpty
                let drawn = try await store.randomMessages(filter, count: isAboutMany ? 3 : 10, textLimit: nil).map(\.id)
                try expect(Set(drawn).count, drawn.count, "distinct messages")
                if !isAboutMany { try expect(Set(drawn), Set(ids), "what fits \(filter)") }
            }
            let all = try await store.randomMessages(MessageFilter(), count: 600, textLimit: nil)
            try expect(Set(all.map(\.id)).count, 506, "all of them")
            try expect(all.contains { $0.id == "echo" }, false, "the echo is among them")
            let (one, other) = (
                try await store.randomMessages(MessageFilter(), count: 20, textLimit: nil).map(\.id),
                try await store.randomMessages(MessageFilter(), count: 20, textLimit: nil).map(\.id)
            )
            try expect(one.count, 20, "a draw of 20")
            try expect(one == other, false, "two draws are the same")
        },
        StoreRule("a limit below zero is refused") { open in
            let store = try await open()
            try await expectFailure(.invalid, "a negative limit") { try await store.messages(MessageQuery(order: .newestFirst, limit: -1)) }
            try await expectFailure(.invalid, "a negative draw") {
                try await store.randomMessages(MessageFilter(), count: -1, textLimit: nil)
            }
            try await expectFailure(.invalid, "a negative offset") {
                try await store.search(SearchQuery(terms: .words(["a"]), offset: -1, limit: 1))
            }
        },
    ]
}
