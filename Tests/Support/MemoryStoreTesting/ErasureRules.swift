import JSON
import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    static let erasure = [
        StoreRule("what is forgotten is gone from every question, and what is left is whole") { open in
            let store = try await filled(open)
            let before = try await store.statistics()
            try await forget(store) { $0.ids = ["b"] }
            try expect(try await store.message(id: "b", textLimit: nil) == nil, true, "the message is gone")
            try expect(try await found("zebra", in: store), [], "its word")
            try expect(try await found("walrus", in: store), ["c"], "the message that hung from it")
            try expect(try await store.message(id: "c", textLimit: nil)?.parent, "a", "its parent, now the nearest that is left")
            let window = try require(try await store.windows(of: "one", limit: 5).first, "the window")
            try expect(window.messageCount, 2, "the window's messages")
            try expect(try await store.statistics().messages, before.messages - 1, "messages in all")
            try expect(try await store.pendingErasure(), nil, "what is pending")
            let findings = try await store.check([.indexWords], progress: { _ in }).findings.filter { $0.check != .key && $0.check != .permissions }
            try expect(findings, [], "findings")
        },
        StoreRule("a preview says what would go and changes nothing") { open in
            let store = try await filled(open)
            var selection = ErasureSelection()
            selection.filter.conversation = "one"
            let preview = try await store.previewErasure(selection)
            try expect(preview.messages, 3, "messages")
            try expect(preview.conversations, 1, "conversations")
            try expect(preview.samples.first?.id, "a", "the first sample")
            try expect(try await store.pendingErasure(), nil, "what is pending")
            try expect(try await found("zebra", in: store), ["b"], "the message")
        },
        StoreRule("a conversation goes with its title, its tokens and its names, and others stay") { open in
            let store = try await filled(open)
            try await forget(store) { $0.filter.conversation = "one" }
            try expect(try await store.windows(of: "one", limit: 5).count, 0, "its windows")
            try expect(try await store.conversations(limit: 9, matching: nil).map(\.id), ["two"], "conversations")
            try expect(try await store.statistics().tokens, TokenUsage(), "tokens")
            var selection = ErasureSelection()
            selection.filter.project = "atlas"
            try await expectFailure(.invalid, "its project is not known any more") { try await store.previewErasure(selection) }
            try expect(try await found("owl", in: store), ["d"], "the other conversation")
        },
        StoreRule("conditions are joined by and") { open in
            let store = try await filled(open)
            try await forget(store) {
                $0.filter.conversation = "one"
                $0.filter.since = minuteOfDay(2)
                $0.text = "zebra"
            }
            try expect(try await found("zebra", in: store), [], "what fits")
            try expect(try await found("walrus", in: store), ["c"], "what does not hold the text")
        },
        StoreRule("a text goes wherever it is held, also in records that are no message and in titles") { open in
            let store = try await filled(open)
            var script = TranscriptScript("/t/c.jsonl")
            script.message(
                "q", "say \"zebra\"\nnow", in: .start("three"), minute: 9,
                facts: [.title(.custom, "The zebra", conversation: "three", leaf: nil)])
            script.known("p", raw: ["lastPrompt": "a zebra again"])
            script.known("r", raw: ["lastPrompt": "an owl"])
            _ = try await store.capture(script.batch())
            var selection = ErasureSelection()
            selection.text = "zebra"
            try expect(try await store.previewErasure(selection).records, 3, "records that hold it")
            try await forget(store) { $0 = selection }
            let rows = try await ArchivedText(of: store).text
            try expect(rows.contains("zebra"), false, "the text in an archive of the store")
            try expect(rows.contains("an owl"), true, "what does not hold it")
            try await forget(store) { $0.text = "with \"quotes\"\nand a break" }
            try expect(try await store.message(id: "d", textLimit: nil) == nil, true, "a text that JSON escapes")
        },
        StoreRule("a text with other conditions goes from lines and titles of the same files and conversations too, and stays elsewhere") { open in
            let store = try await filled(open)
            var script = TranscriptScript("/t/c.jsonl")
            script.message("q", "a zebra", in: .start("three"), minute: 9)
            script.message(
                "s", "a stork", in: .start("three"), minute: 10, facts: [.title(.custom, "The striped zebra", conversation: "three", leaf: nil)])
            script.known("p", raw: ["lastPrompt": "a zebra again"])
            script.known("r", raw: ["lastPrompt": "a heron"])
            _ = try await store.capture(script.batch())
            var other = TranscriptScript("/t/o.jsonl")
            other.project = "/home/ana/src/other"
            other.message(
                "t", "an ibis", in: .start("four"), minute: 11, facts: [.title(.custom, "Another zebra", conversation: "four", leaf: nil)])
            other.known("u", raw: ["lastPrompt": "a zebra elsewhere"])
            _ = try await store.capture(other.batch())
            var selection = ErasureSelection()
            selection.text = "zebra"
            selection.filter.project = "atlas"
            let preview = try await store.previewErasure(selection)
            try expect([preview.messages, preview.records, preview.titles], [2, 3, 1], "messages, records and titles")
            try await forget(store) { $0 = selection }
            let rows = try await ArchivedText(of: store).text
            for text in ["a zebra again", "striped"] { try expect(rows.contains(text), false, "\(text), which is of the project") }
            for text in ["a heron", "a stork", "a zebra elsewhere", "Another zebra"] { try expect(rows.contains(text), true, "\(text)") }
            try expect(try await store.previewErasure(selection).isEmpty, true, "nothing is left")
        },
        StoreRule("a line that follows on a forgotten message, or repeats it, goes with it") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.known(raw: ["lastPrompt": "the secret plan of the zebras"])
            script.message("a", "an owl that stays", in: .start("c"), minute: 1)
            script.message("b", "the secret plan of the zebras, at length", in: .start("c"), minute: 2)
            script.known(raw: ["progress": "reading zebras.txt"])
            script.message("c", "another owl", in: .start("c"), minute: 3)
            script.known(raw: ["lastPrompt": "the secret plan of the zebras, at length"])
            _ = try await store.capture(script.batch())
            try await forget(store) { $0.ids = ["b"] }
            let rows = try await ArchivedText(of: store).text
            try expect(rows.contains("reading zebras.txt"), false, "the line behind it")
            try expect(rows.contains("at length"), false, "the line that repeats it")
            try expect(rows.contains("another owl"), true, "the rest")
        },
        StoreRule("an answer of magenta that quotes a forgotten message goes too") { open in
            let store = try await filled(open)
            var script = TranscriptScript("/t/e.jsonl")
            script.message("a-long-uuid-1", "the elephant", in: .start("e"), minute: 20)
            script.message("echo", "found [a-long-uuid-1]: the elephant", in: .start("f"), minute: 21, isOwnEcho: true)
            _ = try await store.capture(script.batch())
            try await forget(store) { $0.ids = ["a-long-uuid-1"] }
            try expect(try await store.message(id: "echo", textLimit: nil) == nil, true, "the echo")
        },
        StoreRule("what was forgotten does not come back: the same lines, a copy of the file, a new generation, an archive") { open in
            let store = try await filled(open)
            let archive = try await ArchivedText(of: store)
            try await forget(store) { $0.filter.conversation = "one" }
            let messages = try await store.statistics().messages
            for path in ["/t/a.jsonl", "/t/copy.jsonl"] {
                for generation in 1...2 {
                    var again = TranscriptScript(path, generation: generation)
                    write(&again)
                    _ = try await store.capture(again.batch())
                }
            }
            let writing = try await store.archiveWriting()
            _ = try await writing.write(archive.rows)
            try await writing.finish()
            try expect(try await store.statistics().messages, messages, "messages")
            let rows = try await ArchivedText(of: store).text
            for word in ["zebra", "walrus", "Animals", "/home/ana/src/atlas", "note to self"] {
                try expect(rows.contains(word), false, "\(word) in an archive of the store")
            }
        },
        StoreRule("what was begun is finished by whoever opens the store next") { open in
            let first = try await filled(open)
            var selection = ErasureSelection()
            selection.filter.conversation = "one"
            _ = try await first.beginErasure(selection)
            let second = try await open()
            let pending = try require(try await second.pendingErasure(), "what is pending")
            try expect(pending.isOnlyFile, false, "only the file is left")
            try expect(try await second.check([.quick], progress: { _ in }).findings.contains { $0.check == .erasure }, true, "the check says so")
            try await second.finishErasure(.wholeFile) { _ in }
            try expect(try await second.pendingErasure(), nil, "what is pending")
            try expect(try await found("zebra", in: second), [], "the message")
        },
        StoreRule("an unknown id and a selection of nothing are errors, and nothing goes") { open in
            let store = try await filled(open)
            var selection = ErasureSelection()
            try await expectFailure(.invalid, "nothing named") { try await store.previewErasure(selection) }
            selection.ids = ["b", "absent"]
            try await expectFailure(.invalid, "an id that is not stored") { try await store.beginErasure(selection) }
            try expect(try await found("zebra", in: store), ["b"], "the message")
        },
        StoreRule("numbers of forgotten messages are not given again") { open in
            let store = try await filled(open)
            let mark = try await store.announceCaptured(since: nil)
            try await forget(store) { $0.filter.since = minuteOfDay(0) }
            var script = TranscriptScript("/t/n.jsonl")
            script.message("new", "a newt", in: .start("n"), minute: 30)
            _ = try await store.capture(script.batch())
            try expect(try await store.announceCaptured(since: mark).newest > mark.newest, true, "the number is newer")
        },
        StoreRule("a rescan rewrites messages, records and titles by the present rules, once") { open in
            let store = try await filled(open)
            let redactor = try Redactor(key: try await store.serverKey(), exactValues: ["walrus in the water", "Animals of the zoo"])
            let counts = try await store.rescan(redactor, fingerprint: "1") { _ in }
            try await store.finishErasure(.wholeFile) { _ in }
            try expect(counts.changedMessages, 1, "messages changed")
            try expect(counts.changedRecords, 1, "records changed")
            try expect(counts.changedNames, 1, "titles changed")
            try expect(try await found("walrus", in: store), [], "the word")
            try expect(try await found("zebra", in: store), ["b"], "another word")
            let rows = try await ArchivedText(of: store).text
            try expect(rows.contains("walrus") || rows.contains("Animals"), false, "the texts in an archive of the store")
            let again = try await store.rescan(redactor, fingerprint: "1") { _ in }
            try expect(again.hasChanges, false, "changes of a second one")
            try expect(again.messages, 4, "messages that it looked at")
        },
        StoreRule("rules and copies are kept until they are removed") { open in
            let store = try await open()
            let rule = ExclusionRule(name: "zoo", kind: .project, pattern: "/home/ana/zoo", created: minuteOfDay(1))
            try await store.addExclusion(rule)
            try await expectFailure(.invalid, "the same name again") { try await store.addExclusion(rule) }
            try expect(try await store.exclusions(), [rule], "exclusions")
            try await store.removeExclusion("zoo")
            try await expectFailure(.invalid, "a rule that is not there") { try await store.removeExclusion("zoo") }
            try await store.setRetention(RetentionRule(project: nil, days: 30))
            try await store.setRetention(RetentionRule(project: "atlas", days: nil))
            try await store.setRetention(RetentionRule(project: nil, days: 60))
            try expect(
                try await store.retentions(), [RetentionRule(project: nil, days: 60), RetentionRule(project: "atlas", days: nil)], "retentions")
            try await store.removeRetention(project: nil)
            try expect(try await store.retentions().count, 1, "retentions left")
            let copy = StoreCopy(kind: .backup, path: "/b/one", time: minuteOfDay(2))
            try await store.noteCopy(copy)
            try await store.noteCopy(copy)
            try expect(try await store.copies(), [copy], "copies")
        },
        StoreRule("a line that a rule kept out is counted under the rule's name") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.known(rule: "excluded:zoo", raw: ["kept": "for the count"])
            script.known(rule: "excluded:zoo", raw: ["kept": "for the count too"])
            _ = try await store.capture(script.batch())
            try expect(try await store.excludedLines(), ["zoo": 2], "lines")
            try expect(try await store.lastReason(of: SourceKey(path: "/t/a.jsonl")), "excluded:zoo", "the last line's reason")
        },
    ]

    /// Three messages of one conversation with a title, tokens and a line beside them, and one of another.
    private static func filled(_ open: Opening) async throws -> any MemoryStore {
        let store = try await open()
        var script = TranscriptScript("/t/a.jsonl")
        write(&script)
        _ = try await store.capture(script.batch())
        var other = TranscriptScript("/t/b.jsonl")
        other.project = "/home/ana/src/other"
        other.message("d", "an owl with \"quotes\"\nand a break", in: .start("two"), minute: 8)
        _ = try await store.capture(other.batch())
        return store
    }

    private static func write(_ script: inout TranscriptScript) {
        script.message("a", "which animals are there", in: .start("one"), minute: 1)
        script.message(
            "b", "a zebra", parent: "a", in: .start("one"), minute: 2,
            facts: [
                .title(.custom, "Animals of the zoo", conversation: "one", leaf: nil),
                .usage(reply: "r", conversation: "one", TokenUsage(input: 4, output: 5, cacheCreation: 6, cacheRead: 7)),
            ])
        script.message("c", "a walrus in the water", parent: "b", in: .start("one"), minute: 3)
        script.known(raw: ["queue": "note to self"])
    }

    private static func forget(_ store: any MemoryStore, _ change: (inout ErasureSelection) -> Void) async throws {
        var selection = ErasureSelection()
        change(&selection)
        try expect(try await store.beginErasure(selection).isEmpty, false, "nothing fits")
        try await store.finishErasure(.wholeFile) { _ in }
    }

    private static func found(_ word: String, in store: any MemoryStore) async throws -> [String] {
        try await store.search(SearchQuery(terms: .words([word]), limit: 10)).map(\.message.id)
    }
}
