import BinaryTesting
import JSON
import MCPCore
import MCPTesting
import MemoryModel
import MemoryRecall
import MemoryStore
import MemoryStoreSQLite
import MemoryStoreTesting
import MemoryTools
import Redaction
import Testing

/// A store with what a test wrote, and the server over it with all that the memory offers.
struct MemoryFixture {
    let store: SQLiteStore
    let server: MCPServer

    static func withZoo(_ body: (MemoryFixture) async throws -> Void) async throws {
        try await with({ $0.zoo() }, body)
    }

    static func with(_ write: (inout TranscriptScript) -> Void, _ body: (MemoryFixture) async throws -> Void) async throws {
        try await Scratch.with { scratch in
            let store = try await SQLiteStore.open(path: scratch.path("memory.sqlite"))
            var script = TranscriptScript("/t/zoo.jsonl")
            write(&script)
            _ = try await store.capture(script.batch())
            let recall = Recall(store: store)
            let server = try MCPServer(
                info: Implementation(name: "magenta-memory", version: "1"), tools: MemoryTools.all(recall),
                templates: MemoryResources.templates(recall), prompts: MemoryPrompts.all(recall))
            server.resources.add(source: MemoryResources.list(recall))
            try await body(MemoryFixture(store: store, server: server))
        }
    }

    func client(_ revision: Revision = .newest) throws -> InProcessClient { try InProcessClient(server, revision: revision) }

    /// The text of a resource that holds one.
    func text(of uri: String, _ revision: Revision = .newest) async throws -> String {
        let result = try await client(revision).request("resources/read", ["uri": .string(uri)])
        let contents = try #require(result["contents"]?.array)
        #expect(contents.count == 1)
        #expect(contents.first?["uri"]?.string == uri)
        #expect(contents.first?["mimeType"] == "text/plain")
        return try #require(contents.first?["text"]?.string)
    }

    /// The values that `completion/complete` gives.
    func completions(of reference: JSONValue, _ name: String, _ value: String) async throws -> [String] {
        let result = try await client().request(
            "completion/complete", ["ref": reference, "argument": ["name": .string(name), "value": .string(value)]])
        return try #require(result["completion"]?["values"]?.array).compactMap(\.string)
    }

    func expectCompletions(
        of reference: JSONValue, _ name: String, _ value: String, _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let values = try await completions(of: reference, name, value)
        #expect(values == expected, sourceLocation: sourceLocation)
    }
}

extension TranscriptScript {
    /// Two conversations about animals: "zoo-1" with two windows, "barn-2" with one in another project.
    mutating func zoo() {
        message("zoo-m1", "Which animals live behind the old bridge?", in: .start("zoo-1"), minute: 1)
        message("zoo-m2", "A zebra and two owls live there.", in: .start("zoo-1"), role: .agent, kind: .reply, minute: 2)
        message("zoo-m3", "The listing of the cages.", in: .start("zoo-1"), role: .tool, kind: .toolResult, minute: 3)
        message("zoo-m4", "What was said of the zebra before.", in: .boundary("b", of: "zoo-1"), role: .system, kind: .continuation, minute: 4)
        known(rule: "title", facts: [.title(.custom, "Behind the bridge", conversation: "zoo-1", leaf: nil)])
        project = "/home/ana/src/barn"
        message("barn-m1", "The zebra is in no barn.", in: .start("barn-2"), minute: 5)
        message(nil, "A record without an id.", in: .start("barn-2"), minute: 6)
    }

    /// One conversation of `count` messages of 200 words each, and a window after the first.
    mutating func long(_ count: Int) {
        for number in 1...count {
            let text = "number \(number): " + (0..<200).map { "word\($0 % 10)" }.joined(separator: " ")
            message("long-\(number)", text, in: .start("long"), minute: Int64(number))
        }
    }
}

/// What every answer from memory holds.
func expectQuoted(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(text.contains(RecallAnswer.mark), sourceLocation: sourceLocation)
}
