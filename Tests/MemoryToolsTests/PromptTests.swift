import JSON
import MCPCore
import MCPTesting
import MemoryRecall
import MemoryStoreTesting
import Testing

@Suite struct `Memory prompts` {
    private func text(_ memory: MemoryFixture, _ name: String, _ arguments: JSONObject = [:]) async throws -> String {
        let result = try await memory.client().request("prompts/get", ["name": .string(name), "arguments": .object(arguments)])
        let messages = try #require(result["messages"]?.array)
        #expect(messages.count == 1)
        #expect(messages.first?["role"] == "user")
        return try #require(messages.first?["content"]?["text"]?.string)
    }

    @Test func `two are offered, with what they need`() async throws {
        try await MemoryFixture.withZoo { memory in
            let prompts = try #require(try await memory.client().request("prompts/list")["prompts"]?.array)
            #expect(prompts.compactMap { $0["name"]?.string } == ["bootstrap", "recall"])
            let arguments = prompts.map { $0["arguments"]?.array?.compactMap { $0["name"]?.string } }
            #expect(arguments == [["project"], ["query", "project", "era", "kind"]])
            #expect(prompts[1]["arguments"]?.array?[0]["required"] == true)
            #expect(prompts[1]["arguments"]?.array?[1]["required"] == false)
        }
    }

    @Test func `bootstrap says in a sentence what it is, then what is remembered`() async throws {
        try await MemoryFixture.withZoo { memory in
            let all = try await text(memory, "bootstrap")
            expectQuoted(all)
            #expect(all.hasPrefix("What magenta remembers of earlier sessions, to know before we begin:\n\n\(RecallAnswer.mark)"))
            #expect(all.contains("said of the zebra") && all.contains("no barn"))
            let barn = try await text(memory, "bootstrap", ["project": "barn"])
            #expect(barn.contains("earlier sessions, project \"barn\",") && barn.contains("no barn") && !barn.contains("bridge"))
            let unknown = try await text(memory, "bootstrap", ["project": "nowhere"])
            #expect(unknown.contains("No project is called \"nowhere\"") && unknown.contains("no barn"))
        }
    }

    @Test func `recall shows what holds the words`() async throws {
        try await MemoryFixture.withZoo { memory in
            let all = try await text(memory, "recall", ["query": "zebra"])
            expectQuoted(all)
            #expect(all.hasPrefix("What magenta finds of \"zebra\" in earlier sessions:\n\n\(RecallAnswer.mark)"))
            #expect(all.contains("[zoo-m2]") && all.contains("[zoo-m4]") && all.contains("[barn-m1]"))
            let some = try await text(memory, "recall", ["query": "zebra", "project": "atlas", "era": "era 1", "kind": "reply"])
            #expect(some.contains("earlier sessions, project \"atlas\", era \"Era 1\", kind \"reply\":"))
            #expect(some.contains("[zoo-m2]") && !some.contains("[zoo-m4]") && !some.contains("[barn-m1]"))
            #expect(try await text(memory, "recall", ["query": "giraffe"]).contains("No message fits."))
        }
    }

    @Test func `words that a client dealt out to the other arguments are words of the query`() async throws {
        try await MemoryFixture.withZoo { memory in
            // As Claude Code 2.1.330 sends `/mcp__magenta-memory__recall giraffe two no owls today`: dealt out in order, the rest left out.
            let found = try await text(memory, "recall", ["query": "giraffe", "project": "two", "era": "no", "kind": "owls"])
            #expect(found.hasPrefix("What magenta finds of \"giraffe two no owls\" in earlier sessions:"))
            #expect(found.contains("[zoo-m2]"))
        }
    }

    @Test(arguments: [[:], ["query": ""], ["query": "  "]] as [JSONObject])
    func `recall without anything to look for is refused`(arguments: JSONObject) async throws {
        try await MemoryFixture.withZoo { memory in
            let error = await #expect(throws: JSONRPCError.self) { try await text(memory, "recall", arguments) }
            #expect(error?.code == .invalidParams)
        }
    }

    @Test func `a long memory stays within the budget and names what goes on`() async throws {
        try await MemoryFixture.with({ $0.long(200) }) { memory in
            let bootstrap = try await text(memory, "bootstrap", ["project": "atlas"])
            #expect((2500...4000).contains(TokenEstimate.tokens(in: bootstrap)))
            let found = try await text(memory, "recall", ["query": "word1", "project": "atlas"])
            #expect((4500...6000).contains(TokenEstimate.tokens(in: found)))
            #expect(found.contains("More follows; go on with search_messages with query \"word1\", project \"atlas\" and cursor \"n"))
        }
    }
}
