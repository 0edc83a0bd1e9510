import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    static let changes = [
        StoreRule("a reader hears which conversations and windows gained messages, and whether one is new") { open in
            let store = try await open()
            var changes = store.changes().makeAsyncIterator()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "one", in: .start("c"))
            script.message("d1", "one", in: .start("d"))
            _ = try await store.capture(script.batch())
            let first = try require(await changes.next(), "the first change")
            try expect(first.conversations, ["c", "d"], "the conversations")
            try expect(first.windows, Set([try await window(of: "m1", store), try await window(of: "d1", store)]), "the windows")
            try expect(first.hasNewConversation, true, "a new one")
            script.message("m2", "two", in: .start("c"))
            script.message("d1", "one", in: .start("d"))
            _ = try await store.capture(script.batch())
            let second = try require(await changes.next(), "the second change")
            try expect(second.conversations, ["c"], "the conversation that gained one")
            try expect(second.hasNewConversation, false, "a new one again")
        },
        StoreRule("what a reader has not looked at comes as one change, and nothing is told of what stored no message") { open in
            let store = try await open()
            var changes = store.changes().makeAsyncIterator()
            var script = TranscriptScript("/t/a.jsonl")
            script.known(rule: "mode", facts: [.title(.custom, "Named first", conversation: "c", leaf: nil), .window(.start("c"))])
            _ = try await store.capture(script.batch())
            for number in 0..<50 {
                script.message("m\(number)", "text", in: .start(number == 0 ? "c" : "d\(number % 3)"))
                _ = try await store.capture(script.batch())
            }
            script.known("p")
            _ = try await store.capture(script.batch())
            let change = try require(await changes.next(), "the change")
            try expect(change.conversations, ["c", "d0", "d1", "d2"], "the conversations")
            try expect(change.hasNewConversation, true, "a new one")
        },
        StoreRule("a batch that fails is told to nobody") { open in
            let store = try await open()
            var changes = store.changes().makeAsyncIterator()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "one", in: .start("broken"))
            script.message("m2", "two", in: .start("broken"))
            var batch = script.batch()
            batch.entries[1].offset = batch.entries[0].offset
            try await expectFailure(.failed, "a batch with two lines at one place") { try await store.capture(batch) }
            var other = TranscriptScript("/t/b.jsonl")
            other.message("n1", "one", in: .start("sound"))
            _ = try await store.capture(other.batch())
            try expect(await changes.next()?.conversations, ["sound"], "the conversations")
        },
        StoreRule("each reader hears of everything, and one that left holds nothing up") { open in
            let store = try await open()
            var one = store.changes().makeAsyncIterator()
            var other = store.changes().makeAsyncIterator()
            _ = store.changes()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "one", in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(await one.next()?.conversations, ["c"], "one reader")
            try expect(await other.next()?.conversations, ["c"], "the other")
        },
        StoreRule("a process that only reads is told what another one captured, when it asks") { open in
            let (writer, reader) = (try await open(), try await open())
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "one", in: .start("c"))
            _ = try await writer.capture(script.batch())
            let mark = try await reader.announceCaptured(since: nil)
            var changes = reader.changes().makeAsyncIterator()
            try expect(try await reader.announceCaptured(since: mark), mark, "the mark where nothing is new")
            script.message("m2", "two", in: .start("c"))
            _ = try await writer.capture(script.batch())
            let second = try await reader.announceCaptured(since: mark)
            let first = try require(await changes.next(), "the first change")
            try expect(first.conversations, ["c"], "the conversation that gained one")
            try expect(first.windows, [try await window(of: "m2", reader)], "its window")
            try expect(first.hasNewConversation, false, "a new one")
            script.message("d1", "three", in: .start("d"))
            _ = try await writer.capture(script.batch())
            _ = try await reader.announceCaptured(since: second)
            let change = try require(await changes.next(), "the second change")
            try expect(change.conversations, ["d"], "the new conversation")
            try expect(change.hasNewConversation, true, "a new one again")
        },
    ]

    private static func window(of id: String, _ store: any MemoryStore) async throws -> WindowID {
        try require(try await store.message(id: id, textLimit: 0), id).window
    }
}
