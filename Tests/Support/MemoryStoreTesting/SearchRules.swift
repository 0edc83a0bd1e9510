import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    private static func ids(_ terms: SearchQuery.Terms, _ store: any MemoryStore, _ filter: MessageFilter = MessageFilter()) async throws
        -> [String]
    {
        try await store.search(SearchQuery(terms: terms, filter: filter, limit: 10)).map(\.message.id)
    }

    static let search = [
        StoreRule("a message that holds any of the words is found, the one with most of them first") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("one", "a lighthouse at the harbour", in: .start("c"), minute: 1)
            script.message("both", "a lighthouse keeper mends nets", in: .start("c"), minute: 2)
            script.message("none", "something else", in: .start("c"), minute: 3)
            _ = try await store.capture(script.batch())
            try expect(try await ids(.words(["lighthouse", "keeper", "submarine"]), store), ["both", "one"], "the hits")
            try expect(try await ids(.words(["submarine"]), store), [], "no hits")
        },
        StoreRule("a word that was looked for in vain is found once a message holds it") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            for number in 1...40 { script.message("m\(number)", "a calm sea", in: .start("c"), minute: Int64(number)) }
            _ = try await store.capture(script.batch())
            try expect(try await ids(.words(["walrus"]), store), [], "no hits")
            script.message("walrus", "a walrus in a calm sea", in: .start("c"), minute: 41)
            _ = try await store.capture(script.batch())
            try expect(try await ids(.words(["walrus"]), store), ["walrus"], "the hits")
            try expect(try await ids(.words(["calm", "walrus"]), store).first, "walrus", "the first hit")
        },
        StoreRule("words are compared by their stems, without regard to case and accents") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "The migrations were failing in Zürich.", in: .start("c"))
            _ = try await store.capture(script.batch())
            for word in ["migration", "migrated", "FAILED", "zurich", "ZÜRICH"] {
                try expect(try await ids(.words([word]), store), ["m1"], word)
            }
        },
        StoreRule("equal ranks come newest first, and an offset goes on") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            for (id, minute) in [("b", Int64(2)), ("d", 4), ("a", 1), ("c", 3)] {
                script.message(id, "the same lantern", in: .start("c"), minute: minute)
            }
            _ = try await store.capture(script.batch())
            try expect(try await ids(.words(["lantern"]), store), ["d", "c", "b", "a"], "the hits")
            let rest = try await store.search(SearchQuery(terms: .words(["lantern"]), offset: 1, limit: 2))
            try expect(rest.map(\.message.id), ["c", "b"], "the hits behind the first")
        },
        StoreRule("the blocks of a message count together, and the message comes once") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            let blocks = [NewBlock(kind: .text, text: "an anchor"), NewBlock(kind: .text, text: "and another anchor")]
            script.message("m1", blocks, in: .start("c"))
            script.message("m2", "one anchor of a ship", in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(try await ids(.words(["anchor"]), store), ["m1", "m2"], "the hits")
        },
        StoreRule("a search keeps to its filter, and never finds an echo") { open in
            let store = try await open()
            try await fill(store)
            for (filter, ids) in fits {
                try expect(Set(try await StoreRule.ids(.words(["harbour"]), store, filter)), Set(ids), "hits with \(filter)")
            }
            try expect(try await ids(.words(["harbour"]), store).contains("echo"), false, "an echo is found")
            try expect(try await ids(.literal("harbour"), store).contains("echo"), false, "an echo is found as it stands")
        },
        StoreRule("frequent words alone find messages, and rare ones come first") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            for number in 0..<6000 { script.message("m\(number)", "common words everywhere", in: .start("c"), minute: Int64(number)) }
            script.message("rare", "common words and a walrus", in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(try await ids(.words(["common", "words"]), store).count, 10, "hits of frequent words")
            let hits = try await ids(.words(["common", "walrus"]), store)
            try expect(hits.first, "rare", "the first hit")
            try expect(hits.count, 10, "the page is filled with frequent words")
        },
    ]

    static let searchText = [
        StoreRule("no word, quote, operator or emoji can break a search") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "an ordinary sentence with near and not and or", in: .start("c"))
            _ = try await store.capture(script.batch())
            let hostile = [
                "\"", "\"\"", "a\"b", "AND", "OR", "NOT", "NEAR", "NEAR(a b)", "*", "a*", "^a", "text:", "text:a", "-", "(", ")", "a)", "{a}",
                "\u{0}", "a\u{0}b", "'", ";--", "😀", "\u{FFFD}", " ", "", "\\", "%", "_", "a+b", ",", "\n", "ﬃ", "e\u{301}",
                String(repeating: "x", count: 10_000),
            ]
            for word in hostile {
                _ = try await store.search(SearchQuery(terms: .words([word]), limit: 3))
                _ = try await store.search(SearchQuery(terms: .words(["ordinary", word]), limit: 3))
                _ = try await store.search(SearchQuery(terms: .literal(word), limit: 3))
            }
            try expect(try await ids(.words(["ordinary"] + hostile), store), ["m1"], "the hits of a word among them")
            _ = try await store.search(SearchQuery(terms: .words((0..<5000).map { "word\($0)" }), limit: 3))
            _ = try await store.search(SearchQuery(terms: .words([]), limit: 3))
        },
        StoreRule("a text that holds no word is found as it stands, newest first") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("old", "done 🎉", in: .start("c"), minute: 1)
            script.message("new", "🎉🎉 again\u{0}->?", in: .start("c"), minute: 2)
            script.message("percent", "100% _sure_", in: .start("c"), minute: 3)
            _ = try await store.capture(script.batch())
            try expect(try await ids(.literal("🎉"), store), ["new", "old"], "the emoji")
            try expect(try await ids(.literal("->?"), store), ["new"], "punctuation behind a NUL")
            try expect(try await ids(.literal("%"), store), ["percent"], "a percent sign is no wildcard")
            try expect(try await ids(.literal("_"), store), ["percent"], "nor is an underscore")
        },
        StoreRule("images and encrypted thinking are not found") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            let blocks = [NewBlock(kind: .image, text: "[image image/png 12 kB]"), NewBlock(kind: .redactedThinking, text: "qvxz")]
            script.message("m1", blocks, in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(try await ids(.words(["image", "qvxz"]), store), [], "the hits")
        },
    ]
}
