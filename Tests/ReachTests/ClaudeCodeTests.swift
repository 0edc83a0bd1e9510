import BinaryTesting
import JSON
import ReachTesting
import Testing

/// The real Claude Code on this machine itself: what the tests in containers build on.
@Suite(
    "Claude Code", .enabled(if: Components.magenta != nil, "no magenta binary"),
    .enabled(if: ClaudeCode.missing == nil, Comment(rawValue: ClaudeCode.missing ?? "")))
struct ClaudeCodeTests {
    @Test("Adds the server, lists it as connected, and names one that is not there", arguments: ["http", "sse"])
    func list(transport: String) async throws {
        try await Scratch.with { scratch in
            try await Magenta.serving(["--no-watch"], in: scratch) { server in
                let claude = try ClaudeCode(in: scratch)
                try await claude.add(ClaudeCode.Entry("memory", transport, "http://localhost:\(server.port)/mcp"))
                try await claude.add(ClaudeCode.Entry("nobody", transport, "http://127.0.0.1:9/mcp"))
                let states = try await claude.states()
                #expect(states["memory"] == ClaudeCode.connected)
                #expect(states["nobody"]?.contains("ECONNREFUSED") == true, "\(states)")
            }
        }
    }

    @Test("Calls a tool in a session, and the model gets the result", arguments: ["http", "sse"])
    func session(transport: String) async throws {
        try await Scratch.with { scratch in
            let transcripts = try SampleMemory.write(in: scratch)
            _ = try await Magenta.json(["import", transcripts], in: scratch)
            try await Magenta.serving(["--no-watch"], in: scratch) { server in
                let memory = ClaudeCode.Entry("memory", transport, "http://localhost:\(server.port)/mcp")
                let session = try ClaudeCode(in: scratch).session(
                    [memory], [.call(memory.tool(SampleMemory.tool), SampleMemory.arguments), .say("It is a zebra.")])
                let results = try await session.finish()
                #expect(results.map(\.isError) == [false])
                #expect(results.first?.text.contains(SampleMemory.messageID) == true)
                #expect(session.process.outputText == "It is a zebra.\n")
            }
        }
    }
}
