import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    static let accounts: [StoreRule] = [
        StoreRule("accounts say how far each source was read, whose it is, and what was refused in it") { open in
            let store = try await open()
            try expect(try await store.captureAccounts(), CaptureAccounts(), "an empty store")
            var first = TranscriptScript("/t/a.jsonl")
            first.message("m1", "mine", in: .start("c1"))
            first.refused("invalid-json", hash: String(repeating: "a1", count: 32))
            first.refused("cut-off", hash: String(repeating: "a2", count: 32))
            var batch = first.batch()
            batch.origin = CaptureOrigin(user: redacted("ana"), machine: redacted("laptop"), agent: redacted("claude-code"))
            _ = try await store.capture(batch)
            // The file was replaced: what was refused before stays counted.
            var second = TranscriptScript("/t/a.jsonl", generation: 2)
            second.message("m2", "again", in: .start("c1"))
            _ = try await store.capture(second.batch())
            var sent = TranscriptScript("/t/a.jsonl")
            sent.spool = "s1"
            sent.refused("invalid-json", hash: String(repeating: "a3", count: 32))
            _ = try await store.capture(sent.batch())

            // As another process sees it, after the first is gone.
            let accounts = try await open().captureAccounts()
            try expect(accounts.sources.map(\.state.key.spool.value), ["", "s1"], "the sources")
            let own = try require(accounts.sources.first, "the own source")
            try expect(own.state.generation, 2, "the generation")
            try expect(own.state.offset, second.state.offset, "the offset")
            try expect(own.origin, Origin(user: "ana", machine: "laptop", agent: "claude-code"), "whose it is")
            try expect(accounts.sources.map(\.refused), [2, 1], "what was refused, by source")
            try expect(accounts.refused, ["invalid-json": 2, "cut-off": 1], "what was refused, by reason")
            try expect(accounts.lastRefusals.count, 3, "the last refused lines")
            try expect(Set(accounts.lastRefusals.map(\.line)), [1, 2, 3], "their places")
        },
        StoreRule("whether somebody captures is seen without a right to capture, from this store value and from others") { open in
            let store = try await open()
            let other = try await open()
            try expect(try await other.isCaptured(), false, "before anybody captured")
            let lock = try require(try await store.captureLock(), "the lock")
            try expect(try await store.isCaptured(), true, "seen by the holder")
            try expect(try await other.isCaptured(), true, "seen by another")
            lock.release()
            try expect(try await other.isCaptured(), false, "after the release")
            _ = try require(try await other.captureLock(), "the lock, after looks at it")
        },
    ]
}
