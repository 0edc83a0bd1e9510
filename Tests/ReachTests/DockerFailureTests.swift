import BinaryTesting
import ReachTesting
import Testing

/// What a client sees of a server that stops, restarts, or listens where nobody can reach it.
@Suite(
    "Failures in Docker", .enabled(if: Components.magenta != nil, "no magenta binary"),
    .enabled(if: ClaudeCode.missing == nil, Comment(rawValue: ClaudeCode.missing ?? "")),
    .enabled(Needs.docker) { await DockerEngine.isRunning })
struct DockerFailureTests {
    @Test("A session of Claude Code goes on when the server's container is restarted", arguments: ["http", "sse"])
    func restarted(transport: String) async throws {
        try await Scratch.with { scratch in
            let engine = try await DockerEngine.shared()
            try await engine.withNetwork(.ipv4Only) { network in
                try await engine.withMagenta(network: network, in: scratch) { server in
                    try await engine.withClient(network: network, in: scratch) { client in
                        let memory = ClaudeCode.Entry("memory", transport, "http://mcp-server:8000/mcp")
                        let call = memory.tool(SampleMemory.tool)
                        let session = try ClaudeCode(in: scratch) { try client.start($0, $1, in: scratch) }.session(
                            [memory],
                            [
                                .call(call, SampleMemory.arguments),
                                .call(call, SampleMemory.arguments, wait: scratch.path("restarted")), .say("Done."),
                            ])
                        try await eventually(within: .seconds(30), "the first result") { try session.results().isEmpty ? nil : () }
                        try await engine.docker(["restart", server.name])
                        try await server.healthy()
                        // Over sse, a call before Claude Code has opened the stream again has no stream to be answered on.
                        if transport == "sse" { try await server.isConnected() }
                        try scratch.write("", to: "restarted")
                        let results = try await session.finish()
                        #expect(results.map(\.isError) == [false, false], "\(results)")
                        #expect(results.allSatisfy { $0.text.contains(SampleMemory.messageID) }, "\(results)")
                    }
                }
            }
        }
    }

    @Test("Claude Code says that it cannot connect when the server's container is stopped, and connects when it is started again")
    func stopped() async throws {
        try await Scratch.with { scratch in
            let engine = try await DockerEngine.shared()
            try await engine.withNetwork(.ipv4Only) { network in
                try await engine.withMagenta(network: network, in: scratch) { server in
                    try await engine.withClient(network: network, in: scratch) { client in
                        let claude = try ClaudeCode(in: scratch) { try client.start($0, $1, in: scratch) }
                        try await claude.add(ClaudeCode.Entry("memory", "http", "http://mcp-server:8000/mcp"))
                        try await engine.docker(["stop", server.name])
                        #expect(try await server.inspect("{{.State.ExitCode}}") == "0")
                        let state = try await claude.states(environment: ["MCP_TIMEOUT": "5000"])["memory"]
                        #expect(state?.hasPrefix("✘") == true, "\(state ?? "not listed")")
                        try await engine.docker(["start", server.name])
                        try await server.healthy()
                        #expect(try await claude.states()["memory"] == ClaudeCode.connected)
                    }
                }
            }
        }
    }

    @Test(
        "The founding bug: uvicorn on :: in a network without IPv6 refuses Claude Code and Node",
        .enabled(if: FoundingBug.missing == nil, Comment(rawValue: FoundingBug.missing ?? "")),
        .enabled(if: Components.node != nil, "no node"))
    func foundingBug() async throws {
        try await Scratch.with { scratch in
            try await withFoundingBug(in: scratch) { bug in
                let claude = try ClaudeCode(in: scratch) { try bug.client.start($0, $1, in: scratch) }
                for transport in ["http", "sse"] {
                    let state = try await claude.states(of: [ClaudeCode.Entry("memory", transport, bug.url)])["memory"]
                    #expect(state?.contains("ECONNREFUSED") == true, "\(transport): \(state ?? "not listed")")
                }
                let script = "fetch('\(bug.url)').catch(error => console.log(error.message, error.cause.code))"
                let node = try await bug.client.output(of: [Components.node ?? "node", "-e", script])
                #expect(node == "fetch failed ECONNREFUSED\n")
            }
        }
    }
}

extension DockerContainer {
    /// Waits for a client that is connected to port 8000.
    func isConnected() async throws {
        try await eventually(within: .seconds(20), "a client of \(name)") {
            let pid = try await inspect("{{.State.Pid}}")
            let sockets = try await engine.docker(
                ["-t", pid, "-n", "ss", "-Htn", "state", "established", "( sport = :8000 )"], program: "nsenter")
            return sockets.isEmpty ? nil : ()
        }
    }
}
