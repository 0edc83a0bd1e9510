import BinaryTesting
import NetworkDoctor
import Testing

@Suite("What becomes of the transcripts on this host")
struct CaptureProbeTests {
    @Test("Counts what the store lacks, and names what cleanup deletes next")
    func counts() async throws {
        try await Scratch.with { scratch in
            let whole = try scratch.write("{}\n{}\n", to: "p/a/whole.jsonl")
            let half = try scratch.write("{}\n{}\n{\"unfinis", to: "p/a/half.jsonl")
            try scratch.write("{}\n{}\n", to: "p/b/behind.jsonl")
            try scratch.write("{}\n", to: "p/b/unseen.jsonl")
            let store = CaptureProbe.Store.offsets { path in path == whole || path == half ? 6 : path.hasSuffix("behind.jsonl") ? 3 : nil }
            let facts = await CaptureProbe(directories: [scratch.path("p")], cleanupDays: 7, store: store).look()
            #expect(facts.cleanupDays == .known(7))
            #expect(facts.transcripts == .known(4))
            #expect(facts.missing == .known(2))
            #expect(
                Set(facts.next.filter { $0.isStored == .known(false) }.map { $0.path.split(separator: "/").last }) == [
                    "behind.jsonl", "unseen.jsonl",
                ])
        }
    }

    @Test("Without a store it says so, and Claude Code's default holds")
    func noStore() async throws {
        try await Scratch.with { scratch in
            try scratch.write("{}\n", to: "p/a/one.jsonl")
            let facts = await CaptureProbe(
                directories: [scratch.path("p"), scratch.path("none")], cleanupDays: nil, store: .notChecked("there is none")
            ).look()
            #expect(facts.cleanupDays == .known(30))
            #expect(facts.transcripts == .known(1))
            #expect(facts.missing == .notChecked("there is none"))
        }
    }
}
