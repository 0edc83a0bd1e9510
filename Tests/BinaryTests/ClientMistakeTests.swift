import BinaryTesting
import JSON
import Testing

/// What Claude Code shows its user of an answer depends on the status: of a 400, 405, 421 or 5xx the body, of a 404 and a 401 nothing, of a
/// 403 a login; of the answer to POST /register the body.
@Suite("A client that is configured wrongly", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ClientMistakeTests {
    private static func serving(_ arguments: [String] = [], _ body: (Int) async throws -> Void) async throws {
        try await withZoo { scratch, store in
            let file = try scratch.write("a-token-of-twenty-six-bytes", to: "token")
            let arguments = arguments.map { $0 == "TOKEN" ? file : $0 }
            try await Magenta.serving(["--store", store, "--no-watch"] + arguments, in: scratch) { try await body($0.port) }
        }
    }

    private static func plain(_ answer: HTTPAnswer, _ status: Int, _ parts: String...) {
        #expect(answer.status == status && answer.head["content-type"]?.hasPrefix("text/plain") == true)
        // One line that a person can read, with the fix in it.
        #expect(answer.text.hasPrefix("magenta: ") && answer.text.contains("Fix: ") && answer.text.split(separator: "\n").count == 1)
        for part in parts { #expect(answer.text.contains(part), "\(answer.text)") }
    }

    @Test("A wrong path is a 400 that says where the endpoint is, for a message; a 404 for a stream, of which no body would be shown")
    func wrongPath() async throws {
        try await Self.serving { port in
            for path in ["/mpc", "/mcp/v1", "/api/mcp"] {
                for call in [ClaudeCodeRecording.discover(path), ClaudeCodeRecording.initialize(path)] {
                    Self.plain(try await exchange(call, "127.0.0.1", port), 400, "end the URL in /mcp")
                }
                let stream = HTTPCall("GET", path, headers: [("Accept", "text/event-stream")] + ClaudeCodeRecording.streamHeaders())
                #expect(try await exchange(stream, "127.0.0.1", port).status == 404)
            }
        }
    }

    @Test("Either type works on every path of the endpoint", arguments: ["/mcp", "/mcp/", "/sse", "/sse/", "/"])
    func eitherType(path: String) async throws {
        try await Self.serving { port in
            #expect(try await exchange(ClaudeCodeRecording.discover(path), "127.0.0.1", port).status == 200)
            #expect(try await exchange(ClaudeCodeRecording.initialize(path), "127.0.0.1", port).status == 200)
            let type = try await within(.seconds(20), "the endpoint") {
                try await EventStream.with("127.0.0.1", port, path, headers: ClaudeCodeRecording.streamHeaders()) { try await $0.next()?.type }
            }
            #expect(type == "endpoint")
        }
    }

    @Test("A foreign Host is a 421 and never a 403, which would ask the user to log in")
    func host() async throws {
        try await Self.serving { port in
            for var call in [ClaudeCodeRecording.discover("/mcp"), ClaudeCodeRecording.initialize("/mcp"), HTTPCall("GET", "/sse")] {
                call.headers.append(("Host", "memory.example.com:8000"))
                Self.plain(try await exchange(call, "127.0.0.1", port), 421, "--allow-host memory.example.com")
            }
        }
    }

    @Test("Without a token: 401, nothing to be discovered, and the sentence where it is shown")
    func noToken() async throws {
        try await Self.serving(["--token-file", "TOKEN"]) { port in
            let refused = try await exchange(ClaudeCodeRecording.discover("/mcp"), "127.0.0.1", port)
            Self.plain(refused, 401, "Authorization: Bearer TOKEN")
            // resource_metadata would send the client to look for a login that is not there.
            #expect(refused.head["www-authenticate"] == "Bearer")
            for path in [
                "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration",
            ] {
                #expect(try await exchange(HTTPCall("GET", path), "127.0.0.1", port).status == 404)
            }
            let registration = HTTPCall("POST", "/register", headers: [("Content-Type", "application/json")], body: Array("{}".utf8))
            Self.plain(try await exchange(registration, "127.0.0.1", port), 400, "configure the header \"Authorization: Bearer TOKEN\"")
        }
    }

    @Test("With a wrong token: 401 with a body, which is shown where the header is configured")
    func wrongToken() async throws {
        try await Self.serving(["--token-file", "TOKEN"]) { port in
            var call = ClaudeCodeRecording.discover("/mcp")
            call.headers.append(("Authorization", "Bearer ${MAGENTA_TOKEN}"))
            let unexpanded = try await exchange(call, "127.0.0.1", port)
            #expect(unexpanded.status == 400 || unexpanded.status == 401)
            call.headers[call.headers.count - 1].1 = "Bearer not-the-token-of-this-server"
            Self.plain(try await exchange(call, "127.0.0.1", port), 401, "not valid")
        }
    }

    @Test("A session that is gone is a 404, on which clients begin a new one")
    func goneSession() async throws {
        try await Self.serving { port in
            let call = ClaudeCodeRecording.legacyCall("/mcp", session: "gone")
            let answer = try await exchange(call, "127.0.0.1", port)
            #expect(answer.status == 404)
            let posted = try await exchange(ClaudeCodeRecording.legacyCall("/sse?session_id=gone", session: nil), "127.0.0.1", port)
            #expect(posted.status == 404)
        }
    }
}
