import BinaryTesting
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("The command line", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct CommandLineTests {
    @Test("Health says which families answer, to people without a token and to scripts by its exit code")
    func health() async throws {
        try await withZoo { scratch, store in
            let listen = try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                for host in Loopback.all {
                    let answer = try await exchange(HTTPCall("GET", "/health"), host.rawValue, server.port)
                    #expect(answer.status == 200)
                    let health = try answer.message()
                    #expect(health["name"]?.string?.contains("magenta") == true)
                    #expect(health["families"] != nil && health["version"] != nil)
                }
                let listen = ["--listen", "localhost:\(server.port)"]
                let printed = try await Magenta.json(["health"] + listen, in: scratch, within: .seconds(10))
                #expect(printed["server"]?["store"]?["kind"]?.string == "sqlite" && printed["server"]?["listeners"] != nil)
                return listen
            }
            // The port is closed again.
            _ = try await Magenta.run(["health"] + listen, in: scratch, exits: 1, within: .seconds(10))
        }
    }

    @Test("Health does not take another program on the port for the server")
    func foreignHealth() async throws {
        try await Scratch.with { scratch in
            guard let python = Components.python else { throw TestFailure("no python3 on PATH") }
            let program = """
                import http.server, sys
                server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
                print(server.server_port, flush=True)
                server.serve_forever()
                """
            let other = try ChildProcess([python, "-c", program], environment: [:], in: scratch)
            let port = try await eventually(within: .seconds(30), "another server to listen") { Int(other.outputText.prefix { $0 != "\n" }) }
            let text = try await Magenta.run(["health", "--listen", "127.0.0.1:\(port)"], in: scratch, exits: 1, within: .seconds(10))
            #expect(text.contains("another program"))
            other.send(SIGKILL)
        }
    }

    @Test("A port that is taken is an error that names its owner")
    func taken() async throws {
        try await withZoo { scratch, store in
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                let arguments = ["serve", "--listen", "localhost:\(server.port)", "--store", scratch.path("other.sqlite"), "--no-watch"]
                let second = try Magenta.start(arguments, in: scratch)
                #expect(try await second.exit(within: .seconds(20)) != .code(0))
                #expect(second.errorText.contains("\(server.process.pid)"), "\(second.errorText)")
            }
        }
    }

    @Test("A foreign Host is turned away with the flag that would let it in, a foreign Origin is refused")
    func hosts() async throws {
        try await withZoo { scratch, store in
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                var call = ClaudeCodeRecording.discover("/mcp")
                call.headers.append(("Host", "evil.example"))
                let host = try await exchange(call, "127.0.0.1", server.port)
                #expect(host.status == 421)
                #expect(host.text.contains("--allow-host evil.example"))

                var service = ClaudeCodeRecording.discover("/mcp")
                service.headers.append(("Host", "mcp-server:8000"))
                #expect(try await exchange(service, "127.0.0.1", server.port).status == 200, "a service name needs no setting")

                var page = ClaudeCodeRecording.discover("/mcp")
                page.headers.append(("Origin", "https://evil.example"))
                #expect(try await exchange(page, "127.0.0.1", server.port).status == 403)
            }
        }
    }

    @Test("serve imports the transcripts of its home while it serves")
    func importsWhileServing() async throws {
        try await Scratch.with { scratch in
            let name = "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl"
            try scratch.write(Transcript.zoo.text, to: name)
            try await Magenta.serving([], in: scratch) { server in
                _ = try await eventually(within: .seconds(20), "the zebra to be found") {
                    let answer = try await exchange(ClaudeCodeRecording.modernCall("/mcp"), "127.0.0.1", server.port).message()
                    return answer["result"]?["structuredContent"]?.messageIDs == Zoo.found ? true : nil
                }
            }
        }
    }

    @Test("Eras are listed, started and renamed")
    func eras() async throws {
        try await withZoo { scratch, store in
            _ = try await Magenta.json(["era", "start", "Second", "--store", store], in: scratch)
            _ = try await Magenta.run(["era", "rename", "Second", "The second", "--store", store], in: scratch)
            let listed = try await Magenta.json(["era", "list", "--store", store], in: scratch)
            #expect(listed["eras"]?.array?.last?["name"]?.string == "The second")
        }
    }

    @Test("An empty name is wrong usage, and no other word for the current directory", arguments: ["import", "export", "backup"])
    func emptyName(command: String) async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let process = try Magenta.start([command, "", "--store", store], in: scratch)
            #expect(try await process.exit() == .code(64), "\(process.errorText)")
            #expect(process.errorText.contains("empty"), "\(process.errorText)")
            #expect(!Scratch.isFile(store))
        }
    }

    @Test("An unknown message is an error that says so")
    func unknownMessage() async throws {
        try await withZoo { scratch, store in
            let process = try Magenta.start(["show", Transcript.id(99), "--store", store], in: scratch)
            #expect(try await process.exit() != .code(0))
            #expect(process.errorText.contains(Transcript.id(99)))
        }
    }
}
