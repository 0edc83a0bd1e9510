import BinaryTesting
import JSON
import ReachTesting
import Testing

/// What the real Claude Code writes, while it is watched.
@Suite(
    "Claude Code's own transcript", .enabled(if: Components.magenta != nil, "no magenta binary"),
    .enabled(if: ClaudeCode.missing == nil, Comment(rawValue: ClaudeCode.missing ?? "")))
struct ClaudeCodeCaptureTests {
    @Test("Arrives in the store while the session runs, line by line, and no line of it is refused")
    func capture() async throws {
        try await Scratch.with { scratch in
            let configuration = scratch.path("configuration")
            let projects = "\(configuration)/projects"
            try await Magenta.serving(["--transcripts", projects], in: scratch) { server in
                let memory = ClaudeCode.Entry("memory", "http", "http://localhost:\(server.port)/mcp")
                let go = scratch.path("go")
                let tool = memory.tool(SampleMemory.tool)
                let session = try ClaudeCode(in: scratch).session(
                    [memory],
                    [
                        .call(tool, SampleMemory.arguments), .call(tool, SampleMemory.arguments, wait: go),
                        .say("A heron nests behind the mill."),
                    ], environment: ["CLAUDE_CONFIG_DIR": configuration])
                // The prompt is found while the model still thinks about its second step.
                _ = try await eventually(within: .seconds(60), "the prompt to be found") {
                    try await Magenta.json(["search", "Look it up"], in: scratch)["messages"]?.array?.isEmpty == false ? true : nil
                }
                #expect(session.process.exitStatus == nil)
                try scratch.write("", to: "go")
                #expect(try await session.finish().map(\.isError) == [false, false])
                _ = try await eventually(within: .seconds(20), "the last answer to be found") {
                    let found = try await Magenta.json(["search", "heron mill"], in: scratch)["messages"]?.array ?? []
                    return found.contains { $0["text"]?.string == "A heron nests behind the mill." } ? true : nil
                }
                let written = try Scratch.files(in: projects).filter { $0.hasSuffix(".jsonl") }
                    .reduce(0) { $0 + Scratch.bytes(at: $1).count { $0 == UInt8(ascii: "\n") } }
                let counts = try await eventually(within: .seconds(20), "every line") { () -> JSONValue? in
                    let health = try await exchange(HTTPCall("GET", "/health"), "127.0.0.1", server.port).message()
                    return health["import"]?["lines"]?.integer == Int64(written) ? health["import"] : Optional.none
                }
                #expect(written > 5 && counts["refused"]?.integer == 0)
                print("counted: Claude Code wrote \(written) lines, of which \(counts["stored"]?.description ?? "?") became messages")
            }
        }
    }
}
