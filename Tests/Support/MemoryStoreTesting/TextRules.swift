import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    static let texts = [
        StoreRule("a message comes back as it was stored") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            let blocks = [
                NewBlock(kind: .text, text: "Let me look."),
                NewBlock(kind: .toolUse, text: #"{"command":"ls"}"#, toolUseID: "toolu_1", name: "Bash"),
                NewBlock(kind: .toolResult, text: "no such file", toolUseID: "toolu_1", name: "Bash", isError: true),
                NewBlock(kind: .thinking, text: ""),
                NewBlock(kind: .unknown, text: "{}", name: "hologram"),
            ]
            script.message(
                "m1", blocks, in: .start("c"), role: .agent, name: "opus", kind: .toolCall, minute: 5, model: "opus")
            _ = try await store.capture(script.batch())
            let message = try require(try await store.message(id: "m1", textLimit: nil), "the message")
            try expect(message.participant, Participant(role: .agent, name: "opus"), "the participant")
            try expect(message.kind, .toolCall, "the kind")
            try expect(message.project, "/home/ana/src/atlas", "the project")
            try expect(message.branch, "main", "the branch")
            try expect(message.time, minuteOfDay(5), "the time")
            try expect(message.model, "opus", "the model")
            try expect(message.conversation, "c", "the conversation")
            try expect(message.position, 1, "the position")
            try expect(message.blocks, blocks.map(\.stored), "the blocks")
            try expect(try await store.message(id: "m2", textLimit: nil), nil, "a message that is not there")
        },
        StoreRule("NUL characters survive in texts and in ids") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("id\u{0}a", "before\u{0}behind zebra", in: .start("c\u{0}1"))
            script.message("id\u{0}b", "\u{0}", in: .start("c\u{0}2"))
            script.message("id", "", in: .start("c"))
            let counts = try await store.capture(script.batch())
            try expect(counts.stored, 3, "stored")
            try expect(try await store.message(id: "id\u{0}a", textLimit: nil)?.text, "before\u{0}behind zebra", "the text")
            try expect(try await store.message(id: "id\u{0}b", textLimit: nil)?.conversation, "c\u{0}2", "the conversation")
            try expect(try await store.message(id: "id", textLimit: nil)?.text, "", "an empty text")
            let hits = try await store.search(SearchQuery(terms: .words(["zebra"]), limit: 5))
            try expect(hits.map(\.message.id), ["id\u{0}a"], "the word behind it")
        },
        StoreRule("a text limit cuts at the end of a character and tells the whole length") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "aé€😀z", in: .start("c"))
            _ = try await store.capture(script.batch())
            let cuts = [(0, ""), (1, "a"), (2, "a"), (3, "aé"), (5, "aé"), (6, "aé€"), (9, "aé€"), (10, "aé€😀"), (11, "aé€😀z"), (99, "aé€😀z")]
            for (limit, text) in cuts {
                let block = try require(try await store.message(id: "m1", textLimit: limit)?.blocks.first, "the block")
                try expect(block.text, text, "the text cut at \(limit)")
                try expect(block.length, 11, "the length")
            }
        },
        StoreRule("a message of 2 MB is stored, found and cut") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            let text = String(repeating: "all work and no play ", count: 100_000) + "needle"
            script.message("m1", text, in: .start("c"))
            _ = try await store.capture(script.batch())
            let hits = try await store.search(SearchQuery(terms: .words(["needle"]), limit: 5, textLimit: 8))
            try expect(hits.map(\.message.id), ["m1"], "the hits")
            try expect(hits.first?.message.text, "all work", "the head")
            try expect(hits.first?.message.blocks.first?.length, text.utf8.count, "the length")
            try expect(try await store.message(id: "m1", textLimit: nil)?.text == text, true, "the whole text is the same")
        },
        StoreRule("a message of thousands of blocks is stored, with a note on what has no room") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", (0..<5000).map { NewBlock(kind: .text, text: redacted("part\($0)")) }, in: .start("c"))
            script.message("m2", "next", in: .start("c"))
            _ = try await store.capture(script.batch())
            let message = try require(try await store.message(id: "m1", textLimit: nil), "the message")
            try expect(message.blocks[4000].text, "part4000", "a late block")
            try expect(message.blocks.last?.kind == .unknown || message.blocks.count == 5000, true, "all blocks or a note")
            try expect(try await store.message(id: "m2", textLimit: nil)?.text, "next", "the message behind it")
        },
    ]
}

extension NewBlock {
    fileprivate var stored: Block {
        Block(kind: kind, text: text.value, toolUseID: toolUseID?.value, name: name?.value, isError: isError)
    }
}
