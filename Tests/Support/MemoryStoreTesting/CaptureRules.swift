import JSON
import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    static let capture = [
        StoreRule("every line of a batch is accounted for, blank and refused ones too") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "hello", in: .start("c"))
            script.known("p1", parent: "m1")
            script.known(rule: "mode", raw: ["type": "mode"])
            script.blank()
            script.refused()
            script.message("m1", "hello", in: .start("c"))
            let counts = try await store.capture(script.batch())
            try expect(counts.stored, 1, "stored")
            try expect(counts.known, 3, "known")
            try expect(counts.refused, 1, "refused")
            try expect(counts.repeated, 1, "repeated")
            try expect(counts.lines, 6, "lines")
        },
        StoreRule("a source remembers how far it was read, with its reader's state") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            try expect(try await store.source(at: redacted(script.path)), nil, "a source never seen")
            script.message("m1", "hello", in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(try await store.source(at: redacted(script.path)), script.state, "the state")
            script.message("m2", "again", in: .start("c"))
            _ = try await store.capture(script.batch())
            let reopened = try await open()
            try expect(try await reopened.source(at: redacted(script.path)), script.state, "the state, opened again")
        },
        StoreRule("the same lines again change nothing") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            let usage = CaptureFact.usage(reply: "r1", conversation: "c", TokenUsage(input: 5, output: 7))
            script.message("m1", "hello", in: .start("c"), facts: [.window(.start("c"))])
            script.message("m2", "hi", parent: "m1", in: .start("c"), role: .agent, kind: .reply, facts: [usage])
            script.message(nil, "without a uuid", in: .start("c"))
            script.known(rule: "mode", raw: ["type": "mode"])
            script.refused()
            let batch = script.batch(facts: [.title(.custom, "Atlas", conversation: "c", leaf: nil)])
            _ = try await store.capture(batch)
            let before = try await store.statistics()
            let messages = try await store.messages(MessageQuery(order: .oldestFirst, limit: 10))
            let counts = try await store.capture(batch)
            try expect(counts.repeated, 5, "repeated")
            try expect(counts.lines, 5, "lines")
            try expect(try await store.statistics(), before, "the statistics")
            try expect(try await store.messages(MessageQuery(order: .oldestFirst, limit: 10)), messages, "the messages")
            try expect(try await store.search(SearchQuery(terms: .words(["hello"]), limit: 5)).count, 1, "the hits")
        },
        StoreRule("a source that is read again from its start keeps how far it was read") { open in
            let store = try await open()
            let write = { (script: inout TranscriptScript, number: Int) in
                script.message("m\(number)", "hello", in: .start("c"))
                script.blank()
            }
            var script = TranscriptScript("/t/a.jsonl")
            for number in 0..<3 { write(&script, number) }
            _ = try await store.capture(script.batch())
            var again = TranscriptScript("/t/a.jsonl")
            for number in 0..<3 {
                write(&again, number)
                try expect(try await store.capture(again.batch()).repeated, 2, "repeated")
                try expect(try await store.source(at: redacted(script.path)), script.state, "the state")
            }
            write(&again, 3)
            let counts = try await store.capture(again.batch())
            try expect(counts.stored, 1, "stored behind it")
            try expect(counts.known, 1, "known behind it")
            try expect(try await store.source(at: redacted(script.path)), again.state, "the state behind it")
        },
        StoreRule("a replaced file is read again, and finds what it had repeated") { open in
            let store = try await open()
            var first = TranscriptScript("/t/a.jsonl")
            var second = TranscriptScript("/t/a.jsonl", generation: 2)
            let write = { (script: inout TranscriptScript) in
                script.message("m1", "hello", in: .start("c"))
                script.message(nil, "without a uuid", in: .start("c"))
                script.known(rule: "mode", raw: ["type": "mode"])
                script.blank()
                script.refused()
            }
            write(&first)
            _ = try await store.capture(first.batch())
            second.known(rule: "mode", raw: ["type": "mode", "mode": "new at the head"])
            write(&second)
            let counts = try await store.capture(second.batch())
            try expect(counts.repeated, 5, "repeated")
            try expect(counts.known, 1, "known")
            try expect(try await store.statistics().messages, 2, "messages")
            try expect(try await store.statistics().sources, 1, "sources")
            try expect(try await store.source(at: redacted("/t/a.jsonl"))?.generation, 2, "the generation")
        },
        StoreRule("two lines of one file that say the same without a uuid are both kept") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message(nil, "same", in: .start("c"))
            script.message(nil, "same", in: .start("c"))
            script.known(rule: "mode", raw: ["type": "mode"])
            script.known(rule: "mode", raw: ["type": "mode"])
            let counts = try await store.capture(script.batch())
            try expect(counts.stored, 2, "stored")
            try expect(counts.known, 2, "known")
            let ids = try await store.messages(MessageQuery(order: .oldestFirst, limit: 5)).map(\.id)
            try expect(ids, ["/t/a.jsonl@0", "/t/a.jsonl@100"], "the ids")
        },
        StoreRule("a batch that fails leaves nothing behind") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "kept", in: .start("c"))
            _ = try await store.capture(script.batch())
            let before = try await store.statistics()
            let state = script.state
            script.message("m2", "zebra", in: .boundary("b", of: "c"))
            script.known("p2")
            var batch = script.batch()
            // No file has two lines at one offset: the batch cannot be right, and no part of it may stay.
            batch.entries[1].offset = batch.entries[0].offset
            try await expectFailure(.failed, "a batch with two lines at one place") { try await store.capture(batch) }
            try expect(try await store.statistics(), before, "the statistics")
            try expect(try await store.source(at: redacted(script.path)), state, "the state")
            try expect(try await store.message(id: "m2", textLimit: nil), nil, "the message")
            try expect(try await store.search(SearchQuery(terms: .words(["zebra"]), limit: 5)), [], "the hits")
        },
        StoreRule("the tokens of a reply count once, as its last line says") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            for (id, output) in [("m1", Int64(1)), ("m2", 1), ("m3", 9)] {
                let usage = TokenUsage(input: 10, output: output, cacheCreation: 3, cacheRead: 4)
                script.message(
                    id, "part", in: .start("c"), role: .agent, kind: .reply, facts: [.usage(reply: "r1", conversation: "c", usage)])
            }
            _ = try await store.capture(script.batch())
            script.message(
                "m4", "more", in: .start("c"), facts: [.usage(reply: "r2", conversation: "c", TokenUsage(input: 1, output: 1))])
            _ = try await store.capture(script.batch())
            try expect(
                try await store.statistics().tokens, TokenUsage(input: 11, output: 10, cacheCreation: 3, cacheRead: 4), "the tokens")
        },
        StoreRule("the tokens of a copied reply do not count again under another conversation") { open in
            let store = try await open()
            for conversation in ["c", "fork of c"] {
                var script = TranscriptScript("/t/\(conversation).jsonl")
                let usage = CaptureFact.usage(reply: "r1", conversation: redacted(conversation), TokenUsage(input: 5, output: 7))
                script.message("m1", "hello", in: .start(conversation), role: .agent, kind: .reply, facts: [usage])
                _ = try await store.capture(script.batch())
            }
            try expect(try await store.statistics().tokens, TokenUsage(input: 5, output: 7), "the tokens")
        },
        StoreRule("the right to capture has one holder at a time") { open in
            let (one, other) = (try await open(), try await open())
            let lock = try require(try await one.captureLock(), "the first lock")
            try expect(try await other.captureLock() == nil, true, "a second lock is refused")
            lock.release()
            lock.release()
            try require(try await other.captureLock(), "the lock after its release").release()
        },
        StoreRule("whoever opens a store gets the same key of 32 bytes") { open in
            async let first = open().serverKey()
            async let second = open().serverKey()
            let keys = try await [first, second, open().serverKey()]
            try expect(keys.map(\.count), [32, 32, 32], "the lengths")
            try expect(Set(keys).count, 1, "different keys")
            try expect(Set(keys[0]).count > 8, true, "a key that looks random")
        },
        StoreRule("one store is read while another value of it writes") { open in
            let (writer, reader) = (try await open(), try await open())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var script = TranscriptScript("/t/a.jsonl")
                    for batch in 0..<20 {
                        for line in 0..<10 { script.message("m\(batch)-\(line)", "word \(line)", in: .start("c"), minute: Int64(batch)) }
                        _ = try await writer.capture(script.batch())
                    }
                }
                group.addTask {
                    for _ in 0..<50 {
                        let count = try await reader.statistics().messages
                        try expect(count % 10, 0, "a reader saw part of a batch: messages modulo 10")
                    }
                }
                try await group.waitForAll()
            }
            try expect(try await reader.statistics().messages, 200, "messages")
        },
    ]
}
