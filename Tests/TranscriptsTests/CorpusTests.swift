import JSON
import MemoryModel
import Redaction
import Testing
import Transcripts

@Suite("Real transcripts", .enabled(if: Corpus.hasRealTranscripts, "MAGENTA_SHARED names no directory with data/transcripts"))
struct RealTranscriptTests {
    @Test func `every line of every file has a meaning and none is refused`() throws {
        let tally = try Corpus.tally(of: Corpus.shared + "/data/transcripts")
        #expect(tally.files == 13)
        #expect(tally.refused.isEmpty)
        #expect(tally.rules[.unknownType] == nil)
        #expect(tally.rules[.withoutMessage] == nil)
        #expect(tally.boundaries == 3)
        #expect(tally.kinds[.continuation] == 3)
        #expect(tally.openers == ["start": 5, "boundary": 3, "agent": 8])
        #expect(tally.kinds[.toolCall] == tally.kinds[.toolResult])
        // Commands that printed nothing.
        #expect(tally.emptyResults == 42)
        #expect(tally.spawns == 4)
    }
}

@Suite(
    "Generated transcripts",
    .enabled(if: Corpus.hasGenerator, "MAGENTA_SHARED names no directory with the generator, or python3 is missing"))
struct GeneratedTranscriptTests {
    @Test(arguments: [("mixed", 5), ("legacy", 6), ("modern", 8)])
    func `what was read is what the manifest says`(profile: String, seed: Int) throws {
        let (root, manifest) = try Corpus.generate(["--seed", "\(seed)", "--mb", "6", "--profile", profile, "--max-turns", "20", "--edge"])
        defer { Corpus.remove(root) }
        let tally = try Corpus.tally(of: root)
        let edges = manifest["edge_lines"]
        func edge(_ name: String) -> Int { Int(edges?[name]?.integer ?? 0) }
        // A line may have been written twice, and it may be the odd one.
        let twice = edge("duplicate-line")
        func isNear(_ found: Int?, _ expected: Int) -> Bool { (expected...expected + twice).contains(found ?? 0) }

        #expect(Int(manifest["lines"]?.integer ?? 0) == tally.lines)
        #expect(isNear(tally.boundaries, Int(manifest["compactions"]?.integer ?? -1)))
        #expect(tally.openers["boundary"] == tally.boundaryIDs.count)
        #expect(tally.openers["continuation"] == nil)
        #expect(tally.agents.count == Int(manifest["subagents"]?.integer ?? -1))
        #expect(isNear(tally.refused["cut-off"], edge("invalid-json")))
        #expect(isNear(tally.refused["not-an-object"], edge("non-object")))
        #expect(Set(tally.refused.keys).isSubset(of: ["cut-off", "not-an-object"]))
        #expect(isNear(tally.blank, edge("blank-line")))
        #expect(isNear(tally.rules[.microcompact], edge("microcompact")))
        #expect(isNear(tally.rules[.apiError], edge("api_error")))
        #expect(isNear(tally.kinds[.recap], edge("away_summary")))
        #expect(isNear(tally.kinds[.notification], edge("task-notification")))
        #expect(isNear(tally.kinds[.error], Int(manifest["retries"]?.integer ?? -1)))
        for needle in manifest["needles"]?.array ?? [] {
            let uuid = try #require(needle["uuid"]?.string)
            let word = try #require(needle["needle"]?.string)
            #expect(tally.needles[word]?.contains(uuid) == true, "\(word) is not in \(uuid)")
        }
    }

    @Test func `no planted secret is left in what was read`() throws {
        let (root, manifest) = try Corpus.generate(["--seed", "21", "--mb", "8", "--edge"])
        defer { Corpus.remove(root) }
        let secrets = try #require(manifest["secret_values"]?.array).compactMap { $0["value"]?.string }
        #expect(secrets.count == 9)
        #expect(manifest["secret_plants"]?.array?.isEmpty == false)
        let heads = secrets.map { String($0.prefix(12)) }
        let open = try Corpus.tally(of: root, watching: heads)
        #expect(!open.watched.isEmpty)
        let closed = try Corpus.tally(of: root, watching: heads, exactValues: secrets)
        #expect(closed.watched.isEmpty)
    }
}
