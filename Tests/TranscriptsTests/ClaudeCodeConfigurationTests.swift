import BinaryTesting
import Testing
import Transcripts

@Suite("Claude Code's configuration")
struct ClaudeCodeConfigurationTests {
    private func read(
        _ files: [String: String], in directory: String = "project", environment: [String: String] = [:],
        _ check: (ClaudeCodeConfiguration, Scratch) throws -> Void
    ) async throws {
        try await Scratch.with { scratch in
            try scratch.folder("home")
            try scratch.folder(directory)
            for (name, text) in files { try scratch.write(text.replacing("ROOT", with: scratch.root), to: name) }
            let environment = environment.mapValues { $0.replacing("ROOT", with: scratch.root) }
            let configuration = ClaudeCodeConfiguration(
                home: scratch.path("home"), directory: scratch.path(directory), environment: environment, managed: scratch.path("managed"))
            try check(configuration, scratch)
        }
    }

    @Test func `Nothing is wrong where no file exists`() async throws {
        try await read([:]) { configuration, scratch in
            #expect(configuration.servers.isEmpty)
            #expect(configuration.flaws.isEmpty)
            #expect(configuration.cleanupDays == nil)
            #expect(configuration.folder == scratch.path("home/.claude"))
        }
    }

    @Test func `Entries come from .mcp.json of the directory and those above it, and from both places in .claude.json`() async throws {
        let files = [
            "project/sub/.mcp.json": #"{"mcpServers":{"near":{"type":"http","url":"http://n/mcp"}}}"#,
            "project/.mcp.json": #"{"mcpServers":{"above":{"type":"sse","url":"http://a/sse"}}}"#,
            "home/.claude.json": """
            {"mcpServers":{"everywhere":{"type":"stdio","command":"x"}},
             "projects":{"ROOT/project/sub":{"mcpServers":{"here":{"type":"http","url":"http://h/"}}},
                         "ROOT/project":{"mcpServers":{"elsewhere":{"type":"http","url":"http://e/"}}}}}
            """,
        ]
        try await read(files, in: "project/sub") { configuration, scratch in
            #expect(configuration.servers.map(\.name) == ["here", "near", "above", "everywhere"])
            #expect(configuration.servers.map(\.scope) == [.local, .project, .project, .user])
            #expect(configuration.servers.map(\.type) == ["http", "http", "sse", "stdio"])
            #expect(configuration.servers.map(\.approval) == [.notNeeded, .pending, .pending, .notNeeded])
            #expect(configuration.servers[1].file == scratch.path("project/sub/.mcp.json"))
            #expect(configuration.servers.flatMap(\.flaws) == [])
            #expect(configuration.flaws.isEmpty)
        }
    }

    @Test func `In a repository the local entries are those of its root`() async throws {
        let files = [
            "project/.git/HEAD": "",
            "home/.claude.json": #"{"projects":{"ROOT/project":{"mcpServers":{"root":{"type":"http","url":"http://r/"}}}}}"#,
        ]
        try await read(files, in: "project/sub") { configuration, _ in
            #expect(configuration.servers.map(\.name) == ["root"])
        }
    }

    @Test func `CLAUDE_CONFIG_DIR moves the settings and .claude.json with them`() async throws {
        let files = [
            "moved/.claude.json": #"{"mcpServers":{"moved":{"type":"http","url":"http://m/"}}}"#,
            "moved/settings.json": #"{"cleanupPeriodDays":7}"#,
            "home/.claude.json": #"{"mcpServers":{"old":{"type":"http","url":"http://o/"}}}"#,
            "home/.claude/settings.json": #"{"cleanupPeriodDays":99}"#,
        ]
        try await read(files, environment: ["CLAUDE_CONFIG_DIR": "ROOT/moved"]) { configuration, scratch in
            #expect(configuration.servers.map(\.name) == ["moved"])
            #expect(configuration.cleanupDays == 7)
            #expect(configuration.folder == scratch.path("moved"))
        }
    }

    @Test func `The settings that stand nearest say how long transcripts are kept`() async throws {
        let files = [
            "home/.claude/settings.json": #"{"cleanupPeriodDays":10}"#,
            "project/.claude/settings.json": #"{"cleanupPeriodDays":20}"#,
            "project/.claude/settings.local.json": #"{"cleanupPeriodDays":30.0}"#,
        ]
        try await read(files) { configuration, _ in #expect(configuration.cleanupDays == 30) }
        try await read(files.merging(["managed/managed-settings.json": #"{"cleanupPeriodDays":3}"#]) { $1 }) { configuration, _ in
            #expect(configuration.cleanupDays == 3)
        }
        try await read(["home/.claude/settings.json": #"{"cleanupPeriodDays":"soon"}"#]) { configuration, _ in
            #expect(configuration.cleanupDays == nil)
        }
    }

    private static let two = #"{"mcpServers":{"a":{"type":"http","url":"http://a/"},"b":{"type":"http","url":"http://b/"}}}"#

    @Test(
        arguments: [
            (["home/.claude/settings.json": #"{"enableAllProjectMcpServers":true}"#], [ConfiguredServer.Approval.approved, .approved]),
            (["home/.claude/settings.json": #"{"enabledMcpjsonServers":["b"]}"#], [.pending, .approved]),
            (
                [
                    "home/.claude/settings.json": #"{"enableAllProjectMcpServers":true}"#,
                    "project/.claude/settings.local.json": #"{"disabledMcpjsonServers":["a"]}"#,
                ], [.rejected, .approved]
            ),
            // A directory that nobody trusts cannot approve itself.
            (["project/.claude/settings.local.json": #"{"enableAllProjectMcpServers":true}"#], [.pending, .pending]),
            (
                [
                    "project/.claude/settings.local.json": #"{"enabledMcpjsonServers":["a"]}"#,
                    "home/.claude.json": #"{"projects":{"ROOT/project":{"hasTrustDialogAccepted":true}}}"#,
                ], [.approved, .pending]
            ),
            (["home/.claude.json": #"{"projects":{"ROOT/project":{"enabledMcpjsonServers":["b"]}}}"#], [.pending, .approved]),
        ] as [([String: String], [ConfiguredServer.Approval])])
    func `A project's entry is approved, pending or rejected`(files: [String: String], expected: [ConfiguredServer.Approval]) async throws {
        try await read(files.merging(["project/.mcp.json": Self.two]) { $1 }) { configuration, _ in
            #expect(configuration.servers.map(\.approval) == expected)
        }
    }

    @Test func `An entry that another one of its name stands before says so, and a pending one stands before nobody`() async throws {
        let files = [
            "project/.mcp.json": Self.two,
            "home/.claude/settings.json": #"{"enabledMcpjsonServers":["b"]}"#,
            "home/.claude.json": #"{"mcpServers":{"a":{"type":"http","url":"http://u/"},"b":{"type":"http","url":"http://u/"}}}"#,
        ]
        try await read(files) { configuration, scratch in
            #expect(configuration.servers.map { "\($0.name) \($0.scope)" } == ["a project", "b project", "a user", "b user"])
            #expect(
                configuration.servers.map(\.flaws) == [
                    [], [], [], ["an entry of the same name in \(scratch.path("project/.mcp.json")) is used in its place"],
                ])
        }
    }

    @Test func `An entry that is skipped stands before nobody`() async throws {
        let files = [
            "home/.claude.json": """
            {"mcpServers":{"a":{"type":"http","url":"http://u/"}},"projects":{"ROOT/project":{"mcpServers":{"a":{"url":"http://l/"}}}}}
            """
        ]
        try await read(files) { configuration, _ in
            #expect(configuration.servers.map { "\($0.scope) \($0.isSkipped)" } == ["local true", "user false"])
        }
    }

    @Test func `An entry that is disabled for the project says so`() async throws {
        let files = [
            "home/.claude.json": """
            {"mcpServers":{"a":{"type":"http","url":"http://u/"}},"projects":{"ROOT/project":{"disabledMcpServers":["a"]}}}
            """
        ]
        try await read(files) { configuration, _ in
            #expect(configuration.servers.map(\.flaws) == [["it is disabled for this project; enable it again with /mcp"]])
        }
    }

    @Test func `Variables are replaced in the URL and the headers, and those that are not set are named`() async throws {
        let files = [
            "project/.mcp.json": """
            {"mcpServers":{"a":{"type":"http","url":"${BASE:-http://localhost:8000}/mcp","headers":{"Authorization":"Bearer ${MISSING}",\
            "X-Kind":"${KIND}"}}}}
            """
        ]
        try await read(files, environment: ["KIND": "k"]) { configuration, _ in
            let server = try #require(configuration.servers.first)
            #expect(server.url == "${BASE:-http://localhost:8000}/mcp")
            #expect(server.expandedURL == "http://localhost:8000/mcp")
            #expect(server.headers == ["Authorization": "Bearer ${MISSING}", "X-Kind": "k"])
            #expect(server.missingVariables == ["MISSING"])
        }
    }

    @Test func `No description of an entry shows what may be a secret`() async throws {
        let files = [
            "project/.mcp.json": """
            {"mcpServers":{"a":{"type":"http","url":"http://h/mcp?key=topsecret","headers":{"Authorization":"Bearer topsecret"}}}}
            """
        ]
        try await read(files) { configuration, _ in
            let server = try #require(configuration.servers.first)
            var dumped = ""
            dump(configuration, to: &dumped)
            for text in ["\(server)", String(reflecting: server), "\(configuration)", dumped] { #expect(!text.contains("topsecret")) }
        }
    }

    @Test(
        arguments: [
            (#"{"url":"http://a/"}"#, ["it has a url and no type, so Claude Code skips it; add \"type\": \"http\""]),
            (#"{"type":"http"}"#, ["its type is http and it has no url, so Claude Code skips it"]),
            (#"{"type":"streamable-http","url":"http://a/"}"#, []),
            (
                #"{"type":"web","url":"http://a/"}"#,
                ["its type is none that Claude Code knows, so it skips the entry; use \"type\": \"http\" or \"sse\""]
            ),
            (
                #"{"type":"stdio","command":"x","url":"http://a/"}"#,
                ["its type is stdio, for which the url counts for nothing; use \"type\": \"http\""]
            ),
            (#"{"command":"x"}"#, []),
            (#"[]"#, ["the entry is an array and no object, so Claude Code skips it"]),
            (
                #"{"type":"http","url":"http://a/","Authorization":"Bearer t"}"#,
                ["\"Authorization\" stands beside \"headers\" and not in it, so it is not sent"]
            ),
            (#"{"type":"http","url":"http://a/","headers":"Bearer t"}"#, ["its headers are a string and no object, so Claude Code skips it"]),
            (
                #"{"type":"http","url":"http://a/","headers":{"X":1}}"#,
                ["the value of a header is a number and no string, so Claude Code skips the entry"]
            ),
        ])
    func `What is wrong with an entry's form is said`(entry: String, flaws: [String]) async throws {
        try await read(["project/.mcp.json": #"{"mcpServers":{"a":\#(entry)}}"#]) { configuration, _ in
            #expect(configuration.servers.map(\.flaws) == [flaws])
            #expect(configuration.servers.map(\.isSkipped) == [flaws.contains { $0.contains("skips") }])
        }
    }

    @Test func `A file that is broken is a flaw with its place, and the others are read all the same`() async throws {
        let files = [
            "project/.mcp.json": #"{"mcpServers":{"a":{"type":"http",}}}"#,
            "home/.claude/settings.json": "[1]",
            "home/.claude.json": "\u{FEFF}" + #"{"mcpServers":{"u":{"type":"http","url":"http://u/"}}}"#,
        ]
        try await read(files) { configuration, scratch in
            #expect(configuration.servers.map(\.name) == ["u"])
            #expect(
                configuration.flaws == [
                    ConfigurationFlaw(file: scratch.path("home/.claude/settings.json"), reason: "it holds no JSON object"),
                    ConfigurationFlaw(
                        file: scratch.path("project/.mcp.json"), reason: "unexpected byte 0x7d (byte 34)", offset: 34),
                ])
        }
    }

    @Test func `A file with another client's shape is a flaw`() async throws {
        try await read(["project/.mcp.json": #"{"servers":{}}"#]) { configuration, _ in
            #expect(
                configuration.flaws.map(\.reason) == [
                    #"it has no "mcpServers", so Claude Code finds nothing in it; "servers" is another client's word for it"#
                ])
        }
        try await read(["project/.mcp.json": #"{"mcpServers":[]}"#, "home/.claude.json/x": ""]) { configuration, _ in
            #expect(configuration.flaws.map(\.reason) == ["it is no regular file", "\"mcpServers\" is an array and no object"])
        }
    }
}
