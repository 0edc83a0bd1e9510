import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    /// Three conversations, two of them with a title; the newest message of each comes in the order a, b, c.
    private static func fillConversations(_ store: any MemoryStore) async throws {
        for (index, conversation) in ["aa-1", "ab-2", "b-3"].enumerated() {
            var script = TranscriptScript("/t/\(conversation).jsonl")
            script.project = "/home/ana/src/p\(index)"
            script.message("\(conversation) late", "late", in: .start(conversation), minute: Int64(10 + index))
            script.message("\(conversation) early", "early", in: .boundary("x", of: conversation), minute: Int64(index))
            _ = try await store.capture(script.batch())
        }
        var titles = TranscriptScript("/t/titles.jsonl")
        titles.known(
            rule: "title",
            facts: [
                .title(.custom, "Där steht die Brücke", conversation: "aa-1", leaf: nil),
                .title(.custom, "The old bridge", conversation: "ab-2", leaf: nil),
                .title(.custom, "Named, and without a message", conversation: "empty", leaf: nil),
            ])
        _ = try await store.capture(titles.batch())
    }

    static let conversations = [
        StoreRule("conversations are listed by their newest message, with title and project") { open in
            let store = try await open()
            try expect(try await store.conversations(limit: 9, matching: nil), [], "an empty store")
            try await fillConversations(store)
            let listed = try await store.conversations(limit: 9, matching: nil)
            try expect(listed.map(\.id), ["b-3", "ab-2", "aa-1"], "the ids")
            try expect(listed.map(\.title), [nil, "The old bridge", "Där steht die Brücke"], "the titles")
            try expect(listed.map(\.project), ["/home/ana/src/p2", "/home/ana/src/p1", "/home/ana/src/p0"], "the projects")
            try expect(listed.map(\.lastTime), [minuteOfDay(12), minuteOfDay(11), minuteOfDay(10)], "the times")
            try expect(try await store.conversations(limit: 1, matching: nil).map(\.id), ["b-3"], "the first")
            var script = TranscriptScript("/t/more.jsonl")
            script.message("more", "more", in: .start("aa-1"), minute: 20)
            script.message("older", "older", in: .start("b-3"), minute: 1)
            _ = try await store.capture(script.batch())
            try expect(try await open().conversations(limit: 9, matching: nil).map(\.id), ["aa-1", "b-3", "ab-2"], "after more messages")
            try await expectFailure(.invalid, "a negative limit") { try await store.conversations(limit: -1, matching: nil) }
        },
        StoreRule("a conversation is found by the start of its id or the words of its title") { open in
            let store = try await open()
            try await fillConversations(store)
            let cases: [(String, [String])] = [
                ("a", ["ab-2", "aa-1"]), ("aa", ["aa-1"]), ("AB", ["ab-2"]), ("BRIDGE the", ["ab-2"]), ("brücke", ["aa-1"]), ("bridge x", []),
                (" ", ["b-3", "ab-2", "aa-1"]), ("%", []), ("b-3-", []), ("named", []),
            ]
            for (text, ids) in cases {
                try expect(try await store.conversations(limit: 9, matching: text).map(\.id), ids, "those that match \"\(text)\"")
            }
            try expect(try await store.conversations(limit: 1, matching: "a").map(\.id), ["ab-2"], "the first")
            try expect(try await store.conversations(limit: 0, matching: "a"), [], "none")
        },
        StoreRule("a conversation's windows come with the newest messages first") { open in
            let store = try await open()
            try await fillConversations(store)
            let windows = try await store.windows(of: "ab-2", limit: 9)
            try expect(windows.map(\.opening), [.start, .compaction], "what opened them")
            try expect(windows.map(\.title), ["The old bridge", "The old bridge"], "their title")
            for window in windows { try expect(try await store.window(window.id), window, "the same window by its number") }
            try expect(try await store.windows(of: "ab-2", limit: 1).count, 1, "the first alone")
            try expect(try await store.windows(of: "nobody", limit: 9), [], "of a conversation that is not there")
            try expect(try await store.windows(of: "empty", limit: 9), [], "of one that only a title names")
        },
    ]

    static let completions = [
        StoreRule("the start of a message's id goes on to those that begin so, without echoes") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            for id in ["abcd-2", "abcd-1", "abce", "b", "abcd-é🎻"] { script.message(id, "text", in: .start("c")) }
            script.message("abcd-echo", "text", in: .start("c"), isOwnEcho: true)
            script.message(nil, "without an id", in: .start("c"))
            script.known("abcd-known")
            _ = try await store.capture(script.batch())
            try expect(try await store.messageIDs(startingWith: "abcd", limit: 9), ["abcd-1", "abcd-2", "abcd-é🎻"], "the ids")
            try expect(try await store.messageIDs(startingWith: "abcd", limit: 1), ["abcd-1"], "the first")
            try expect(try await store.messageIDs(startingWith: "/t/a", limit: 9), ["/t/a.jsonl@600"], "one without an id of its own")
            try expect(try await store.messageIDs(startingWith: "abcd%", limit: 9), [], "no pattern")
        },
        StoreRule("the first digits of a window go on to its number, the highest first") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            for number in 1...25 { script.message("m\(number)", "text", in: .boundary("\(number)", of: "c")) }
            _ = try await store.capture(script.batch())
            let numbers = try await store.windowIDs(startingWith: "", limit: 99).map(\.number)
            try expect(numbers, numbers.sorted(by: >), "all, in their order")
            try expect(numbers.count, 25, "their number")
            for prefix in ["1", "2", "12", "9", "25", "26", "100"] {
                let fitting = numbers.filter { String($0).hasPrefix(prefix) }
                try expect(try await store.windowIDs(startingWith: prefix, limit: 99).map(\.number), fitting, "those that begin with \(prefix)")
                let few = try await store.windowIDs(startingWith: prefix, limit: 2).map(\.number)
                try expect(few, Array(fitting.prefix(2)), "two that begin with \(prefix)")
            }
            for prefix in ["0", "-1", "x", "1x", "１", "99999999999999999999", "999999999999999999"] {
                try expect(try await store.windowIDs(startingWith: prefix, limit: 9), [], "those that begin with \(prefix)")
            }
        },
        StoreRule("a project goes on by its name, or by its directory") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            for project in ["/home/ana/src/atlas", "/srv/atlas", "/srv/atoll", "C:\\src\\atlas"] {
                script.project = project
                script.message(nil, "text", in: .start("c"))
            }
            _ = try await store.capture(script.batch())
            try expect(try await store.projects(startingWith: "at", limit: 9), ["atlas", "atoll"], "the names")
            try expect(try await store.projects(startingWith: "", limit: 1), ["atlas"], "the first of all")
            try expect(try await store.projects(startingWith: "/srv/", limit: 9), ["/srv/atlas", "/srv/atoll"], "the directories")
            try expect(try await store.projects(startingWith: "C:\\", limit: 9), ["C:\\src\\atlas"], "with the other separator")
            try expect(try await store.projects(startingWith: "x", limit: 9), [], "none")
        },
    ]
}
