import BinaryTesting
import Testing
import Transcripts

@Suite("Claude Code's log of a connection")
struct ClaudeCodeLogTests {
    private let folder = ".cache/claude-cli-nodejs/-home-dev-my-zoo/mcp-logs-magenta-memory"

    private func newest(in scratch: Scratch, environment: [String: String] = [:]) -> ClaudeCodeLog? {
        ClaudeCodeLog.newest(of: "magenta-memory", home: scratch.root, directory: "/home/dev/my.zoo", environment: environment)
    }

    @Test("The newest attempt counts, with the first line of its last error")
    func error() async throws {
        try await Scratch.with { scratch in
            try scratch.write(#"{"error":"old","timestamp":"2026-01-01T00:00:00.000Z"}"# + "\n", to: "\(folder)/2026-01-01T00-00-00-000Z.jsonl")
            try scratch.write(
                """
                {"debug":"Starting","timestamp":"2026-01-02T00:00:00.000Z"}
                {"error":"TypeError: fetch failed\\n    at x","timestamp":"2026-01-02T00:00:01.000Z"}
                {"error":"Connection failed (ECONNREFUSED): Unable to connect","timestamp":"2026-01-02T00:00:02.000Z"}
                {"debug":"unfinis
                """, to: "\(folder)/2026-01-02T00-00-00-000Z.jsonl")
            let log = try #require(newest(in: scratch))
            #expect(log.error == "Connection failed (ECONNREFUSED): Unable to connect")
            #expect(log.time == "2026-01-02T00:00:02.000Z")
        }
    }

    @Test("An attempt without an error has none, and without a log there is nothing")
    func good() async throws {
        try await Scratch.with { scratch in
            #expect(newest(in: scratch) == nil)
            try scratch.write(#"{"debug":"Successfully connected","timestamp":"2026-01-02T00:00:00.000Z"}"# + "\n", to: "\(folder)/a.jsonl")
            let log = try #require(newest(in: scratch))
            #expect(log.error == nil)
            #expect(log.time == "2026-01-02T00:00:00.000Z")
            #expect(newest(in: scratch, environment: ["XDG_CACHE_HOME": "/nowhere"]) == nil)
        }
    }
}
