import BinaryTesting
import JSON
import Testing

/// What magenta itself answered comes back in the next transcript. It must not be found as if somebody had said it.
@Suite("Memory and its own echo", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct MemoryEchoTests {
    @Test("A recalled answer in the next transcript adds no hit", arguments: ["magenta-memory", "mm"])
    func echo(server name: String) async throws {
        try await withZoo { scratch, store in
            let answer = try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                try await exchange(ClaudeCodeRecording.modernCall("/mcp"), "127.0.0.1", server.port).message()
            }
            let result = try #require(answer["result"])
            let structured = try #require(result["structuredContent"])
            #expect(structured.messageIDs == Zoo.found)

            // As Claude Code goes on: the call under the name that the user gave the server, the answer, and a reply about something else.
            var transcript = Transcript.zoo
            transcript.toolUse(4, "mcp__\(name)__search_messages", ["query": "zebra", "limit": 3])
            transcript.toolResult(5, text: try #require(result["content"]), structured: structured, server: "magenta-memory")
            transcript.reply(6, "The owls hoot at night.")
            let counts = try ImportCounts(
                try await Magenta.json(["import", try transcript.write(in: scratch), "--store", store], in: scratch))
            #expect(counts.accountsForEveryLine)
            #expect(counts.refused == 0)

            let found = try await Magenta.json(["search", "zebra", "--store", store], in: scratch)
            #expect(found.messageIDs == Zoo.found)
            // The control: what stands behind the echo was read.
            let owls = try await Magenta.json(["search", "hoot", "--store", store], in: scratch)
            #expect(owls.messageIDs == [Transcript.id(6)])
            let recent = try await Magenta.json(["show", "--store", store], in: scratch)
            #expect(recent.messageIDs?.contains(Transcript.id(5)) == false, "recent work is not what memory answered")
        }
    }
}
