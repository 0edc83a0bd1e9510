import BinaryTesting
import FoundationEssentials
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `magenta watch --to` and `magenta serve`, over loopback.
@Suite("Watching for a server elsewhere", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct RemoteWatchTests {
    private static let words = ["zebra", "quagga", "okapi", "gnu"]

    /// A session of one message for each word.
    private func session(_ words: [String], session: Int = 1) -> String {
        words.enumerated().map { number, word in
            let record: JSONValue = [
                "parentUuid": nil, "isSidechain": false, "userType": "external", "cwd": "/home/dev/zoo", "sessionId": .string(id(session, 0)),
                "version": "2.1.330", "type": "user", "uuid": .string(id(session, number + 1)),
                "message": ["role": "user", "content": .string("lighthouse \(word) \(session)")],
                "timestamp": .string("2026-03-01T10:0\(number % 10):00.000Z"),
            ]
            return "\(record)\n"
        }.joined()
    }

    private func id(_ session: Int, _ number: Int) -> String { "4e307e00-0000-4000-8000-00\(1_000_000_000 + session * 1_000_000 + number)" }

    private func token(_ scope: String, _ store: String, _ scratch: Scratch, _ more: String...) async throws -> String {
        let file = scratch.path("token-\(scope)-\(more.last ?? "")")
        _ = try await Magenta.run(
            ["token", "create", "\(scope)\(more.count)", "--scope", scope, "--output", file, "--store", store] + more, in: scratch)
        return file
    }

    private func arguments(_ port: Int, _ name: String, _ scratch: Scratch, token: String? = nil, _ more: String...) -> [String] {
        ["watch", "--to", "http://localhost:\(port)", "--spool", scratch.path("\(name).spool"), "--transcripts", scratch.path(name)]
            + (token.map { ["--token-file", $0] } ?? []) + more
    }

    private func texts(_ words: String, _ store: String, _ scratch: Scratch, _ more: String...) async throws -> [String] {
        let found = try await Magenta.json(["search", words, "--store", store] + more, in: scratch)
        return (found["messages"]?.array ?? []).compactMap { $0["text"]?.string }.sorted()
    }

    private func messages(_ count: Int64, _ store: String, _ scratch: Scratch) async throws {
        _ = try await eventually(within: .seconds(30), "\(count) messages") {
            let found = try await Magenta.json(["search", "lighthouse", "--limit", "50", "--store", store], in: scratch)
            return found["messages"]?.array.map { Int64($0.count) } == count
                ? true : nil
        }
    }

    private func stop(_ process: ChildProcess) async throws {
        let start = ContinuousClock.now
        process.send(SIGTERM)
        #expect(try await process.exit(within: .seconds(10)) == .code(0), "\(process.errorText)")
        #expect(start.duration(to: .now) < .seconds(3))
    }

    private func said(_ text: String, _ process: ChildProcess) async throws {
        do {
            _ = try await eventually(within: .seconds(20), text) { process.errorText.contains(text) ? true : nil }
        } catch { throw TestFailure("\(error): \(process.errorText.suffix(2000))") }
    }

    @Test("Two containers with the same path and one token each arrive side by side, and a token says whose they are")
    func attribution() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let bound = try await token("write", store, scratch, "--user", "bo")
            let free = try await token("write", store, scratch)
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                // The same path, at different times.
                for (session, file) in [(1, bound), (2, free)] {
                    try scratch.write(self.session(Self.words, session: session), to: "agent/-home-dev-zoo/a.jsonl")
                    var call = arguments(server.port, "agent", scratch, token: file, "--user", "ana", "--machine", "box-\(session)", "--once")
                    call[4] = scratch.path("spool-\(session)")
                    _ = try await Magenta.run(call, in: scratch)
                }
            }
            #expect(try await texts("zebra", store, scratch) == ["lighthouse zebra 1", "lighthouse zebra 2"])
            #expect(
                try await texts("zebra", store, scratch, "--from", "bo@box-1") == ["lighthouse zebra 1"], "the token's user, whatever the sender says"
            )
            #expect(try await texts("zebra", store, scratch, "--from", "ana@box-2") == ["lighthouse zebra 2"])
            let tokens = try await Magenta.json(["token", "list", "--store", store], in: scratch)
            #expect(tokens["tokens"]?.array?.compactMap { $0["user"]?.string } == ["bo"])
        }
    }

    @Test("While the server is away lines wait, through restarts of the watch, and then they arrive in order, once")
    func away() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let file = try scratch.write(session(["zebra"]), to: "agent/-home-dev-zoo/a.jsonl")
            var port = 0
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                port = server.port
                let watch = try Magenta.start(arguments(port, "agent", scratch), in: scratch)
                try await messages(1, store, scratch)
                try await server.stop()
                let lines = session(Self.words).split(separator: "\n").map { "\($0)\n" }
                try append(lines[1], to: file)
                try await said("cannot reach", watch)
                try await stop(watch)
                let again = try Magenta.start(arguments(port, "agent", scratch), in: scratch)
                try await said("watching", again)
                try append(lines[2], to: file)
                try await said("cannot reach", again)
                again.send(SIGKILL)
                try await again.exit()
                // The container's end takes the file with it.
                let late = try Magenta.start(arguments(port, "agent", scratch), in: scratch)
                try await said("cannot reach", late)
                try append(lines[3], to: file)
                _ = try await eventually(within: .seconds(20), "the last line in the spool") {
                    Scratch.bytes(at: scratch.path("agent.spool-wal")).count > 0
                        && String(
                            decoding: Scratch.bytes(at: scratch.path("agent.spool")) + Scratch.bytes(at: scratch.path("agent.spool-wal")),
                            as: UTF8.self
                        ).contains("lighthouse gnu 1") ? true : nil
                }
                try await stop(late)
            }
            #expect(unlink(file) == 0)
            try await Magenta.serving(["--store", store, "--no-watch"], port: port, in: scratch) { _ in
                let watch = try Magenta.start(arguments(port, "agent", scratch), in: scratch)
                try await messages(4, store, scratch)
                try await said("sent", watch)
                try await stop(watch)
            }
            let stored = try await Magenta.run(["export", "-", "--store", store], in: scratch)
            let places = Self.words.map { stored.firstRange(of: "lighthouse \($0) 1")?.lowerBound }
            #expect(!places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted(), "\(stored)")
        }
    }

    @Test("A text is forgotten out of a spool, to its last byte, and the other lines arrive")
    func forgottenInSpool() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let file = try scratch.write(session(Self.words), to: "agent/-home-dev-zoo/a.jsonl")
            let spool = scratch.path("agent.spool")
            func holds(_ text: String) throws -> Bool {
                try Scratch.files(in: scratch.root).filter { $0.contains("agent.spool") }
                    .contains { String(decoding: Scratch.bytes(at: $0), as: UTF8.self).contains(text) }
            }
            var port = 0
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in port = server.port }
            let watch = try Magenta.start(arguments(port, "agent", scratch), in: scratch)
            try await said("cannot reach", watch)
            _ = try await eventually(within: .seconds(20), "the lines in the spool") { try holds("lighthouse gnu 1") ? true : nil }
            let forget = ["forget", "--text", "lighthouse quagga 1", "--spool", spool, "--yes"]
            let held = try Magenta.start(forget, in: scratch)
            #expect(try await held.exit(within: .seconds(20)) == .code(1))
            #expect(held.errorText.contains("another magenta watch uses it"), "\(held.errorText)")
            try await stop(watch)
            #expect(try holds("lighthouse quagga 1"), "the positive control")
            #expect(try await Magenta.run(forget, in: scratch).contains("forgot 1 lines"))
            #expect(try !holds("quagga"))
            #expect(try holds("lighthouse gnu 1"))
            #expect(unlink(file) == 0)
            try await Magenta.serving(["--store", store, "--no-watch"], port: port, in: scratch) { _ in
                let watch = try Magenta.start(arguments(port, "agent", scratch), in: scratch)
                try await messages(Int64(Self.words.count - 1), store, scratch)
                try await stop(watch)
            }
            #expect(try await texts("quagga", store, scratch).isEmpty)
            _ = try await Magenta.run(["forget", "--spool", spool, "--yes", "id"], in: scratch, exits: 64)
        }
    }

    @Test("A store that lost what it had gets everything again, from the spool and from the files")
    func lostStore() async throws {
        try await Scratch.with { scratch in
            let file = try scratch.write(session(["zebra", "quagga"]), to: "agent/-home-dev-zoo/a.jsonl")
            let other = scratch.path("other.sqlite")
            try await Magenta.serving(["--store", scratch.path("memory.sqlite"), "--no-watch"], in: scratch) { server in
                _ = try await Magenta.run(arguments(server.port, "agent", scratch, "--once"), in: scratch)
            }
            try append(session(Self.words).split(separator: "\n").suffix(2).map { "\($0)\n" }.joined(), to: file)
            try await Magenta.serving(["--store", other, "--no-watch"], in: scratch) { server in
                let watch = try Magenta.start(arguments(server.port, "agent", scratch), in: scratch)
                try await messages(4, other, scratch)
                try await said("lacks what came before", watch)
                try await stop(watch)
            }
            for word in Self.words { #expect(try await texts(word, other, scratch) == ["lighthouse \(word) 1"]) }
        }
    }

    @Test("What the server refuses is told in a sentence, and nothing is lost by it")
    func refusals() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            try scratch.write(session(Self.words), to: "agent/-home-dev-zoo/a.jsonl")
            let reading = try await token("read", store, scratch)
            let writing = try await token("write", store, scratch)
            try await Magenta.serving(["--store", store, "--no-watch", "--rate-limit", "1"], in: scratch) { server in
                let nameless = try Magenta.start(arguments(server.port, "agent", scratch), in: scratch)
                try await said("does not know the token, or wants one", nameless)
                try await stop(nameless)
                let reader = try Magenta.start(arguments(server.port, "agent", scratch, token: reading), in: scratch)
                try await said("takes nothing from here", reader)
                #expect(reader.errorText.contains("--scope write"))
                try await stop(reader)
                // One request a minute: the second one is too many.
                _ = try await Magenta.run(arguments(server.port, "agent", scratch, token: writing, "--once"), in: scratch)
                try scratch.write(session(["lynx"], session: 3), to: "agent/-home-dev-zoo/b.jsonl")
                let eager = try Magenta.start(arguments(server.port, "agent", scratch, token: writing), in: scratch)
                try await said("too much at a time", eager)
                try await stop(eager)
                let once = try Magenta.start(arguments(server.port, "agent", scratch, token: writing, "--once"), in: scratch)
                #expect(try await once.exit(within: .seconds(30)) == .code(1))
                #expect(
                    once.errorText.contains("1 batches of lines are not sent") && once.errorText.contains("stay in the spool"), "\(once.errorText)")
                #expect(!once.errorText.contains(try String(contentsOfFile: writing, encoding: .utf8).trimmed))
            }
            #expect(try await texts("lighthouse", store, scratch).count == 4)
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                _ = try await Magenta.run(arguments(server.port, "agent", scratch, token: writing, "--once"), in: scratch)
            }
            #expect(try await texts("lighthouse", store, scratch).count == 5)
        }
    }

    @Test("A server that answers with impossible numbers, or with gaps for ever, neither stops the watch nor fills its spool")
    func strangeAnswers() async throws {
        try await Scratch.with { scratch in
            try scratch.write(session(["zebra"]), to: "own/-home-dev-zoo/session.jsonl")
            func answer(_ result: String) -> StrangeServer.Manner {
                let body = "{\"results\":[\(result)]}"
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                return .answering(Array((head + body).utf8))
            }
            let largest = Int64.max
            let gap = answer("{\"status\":\"gap\",\"generation\":\(largest),\"reason\":\"none\"}")
            try await StrangeServer.with(gap) { server in
                let process = try Magenta.start(arguments(server.port, "own", scratch), in: scratch)
                try await said("from its start", process)
                try await stop(process)
            }
            // What it read again after each gap waits beside the first reading.
            #expect(Scratch.bytes(at: scratch.path("own.spool")).count < 1 << 20)
            let taken = answer("{\"status\":\"taken\",\"stored\":\(largest),\"known\":\(largest)}")
            try await StrangeServer.with(taken) { server in
                let process = try Magenta.start(arguments(server.port, "own", scratch, token: nil, "--once"), in: scratch)
                #expect(try await process.exit(within: .seconds(60)) == .code(0), "\(process.errorText)")
            }
        }
    }

    @Test("The server refuses what is no request for it, and takes none of it")
    func hostile() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                func post(_ body: String, type: String = "application/json") async throws -> HTTPAnswer {
                    try await exchange(
                        HTTPCall("POST", "/ingest", headers: [("Content-Type", type)], body: Array(body.utf8)), "127.0.0.1", server.port)
                }
                #expect(try await post("{}").status == 400)
                #expect(try await post("{}", type: "text/plain").status == 415)
                #expect(try await post(String(repeating: "[", count: 1 << 20)).status == 400)
                func batches(_ proof: String) -> String {
                    let proof = String(repeating: proof, count: 64)
                    return #"{"format":1,"spool":"3f1c2a4e-0000-4000-8000-00000000abcd","proof":"\#(proof)","batches":[{"path":"/a"},7]}"#
                }
                let bad = try await post(batches("a"))
                #expect(bad.status == 200)
                #expect(try bad.message()["results"]?.array?.map { $0["status"] } == ["refused", "refused"])
                let foreign = try await post(batches("b"))
                #expect(foreign.status == 403, "the spool's first request had another proof")
                let large = try await exchange(
                    HTTPCall("POST", "/ingest", headers: [("Content-Type", "application/json"), ("Content-Length", "\(65 << 20)")]), "127.0.0.1",
                    server.port)
                #expect(large.status == 413)
            }
            #expect(try await Magenta.json(["search", "lighthouse", "--store", store], in: scratch)["messages"] == [])
        }
    }

    @Test("Without a server it watches into the local store, and a wrong use is told")
    func local() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            try scratch.write(session(Self.words), to: "agent/-home-dev-zoo/a.jsonl")
            let watch = try Magenta.start(["watch", "--store", store, "--transcripts", scratch.path("agent")], in: scratch)
            _ = try await eventually(within: .seconds(20), "the store") { Scratch.isFile(store) ? true : nil }
            try await messages(4, store, scratch)
            try await stop(watch)
            _ = try await Magenta.run(["watch", "--once"], in: scratch, exits: 64)
            _ = try await Magenta.run(["watch", "--to", "ftp://host"], in: scratch, exits: 64)
            let secret = try Magenta.start(["watch", "--to", "http://ana:secret@host"], in: scratch)
            #expect(try await secret.exit(within: .seconds(20)) == .code(64))
            #expect(!secret.errorText.contains("secret"))
            _ = try await Magenta.run(["watch", "--to", "http://host", "--spool-limit", "3"], in: scratch, exits: 64)
            _ = try await Magenta.run(["watch", "--to", "http://host", "--token-file", scratch.path("none")], in: scratch, exits: 64)
        }
    }

    @Test(
        "Watchers, servers and writers that are killed at random lose no line and store none twice",
        .enabled(if: Components.python != nil, "no python3"))
    func killed() async throws {
        try await Scratch.with { scratch in
            let rounds = ProcessInfo.processInfo.environment["MAGENTA_KILL_ROUNDS"].flatMap { Int($0) } ?? 12
            let process = try ChildProcess(
                [
                    try #require(Components.python), "\(Components.package)/Tests/Interop/kill_watch.py", try #require(Components.magenta),
                    "--remote",
                    "--rounds", "\(rounds)",
                ], environment: [:], in: scratch)
            let status = try await process.exit(within: .seconds(180 + 5 * rounds))
            print("counted: \(process.outputText.replacing("\n", with: "; "))")
            #expect(status == .code(0) && process.outputText.contains(" 0 problems"), "\(process.outputText)\(process.errorText.suffix(2000))")
        }
    }
}

extension String {
    fileprivate var trimmed: String { split(whereSeparator: \.isWhitespace).joined() }
}
