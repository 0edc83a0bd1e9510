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

/// `magenta serve` and `magenta stdio` while transcripts are written.
@Suite("Watching through the binary", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct WatchTests {
    @Test("A line that is written while it serves is found, also below directories that did not exist")
    func live() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            try await Magenta.serving(["--store", store], in: scratch) { server in
                _ = try await health(server) { $0["import"]?["missing"]?.array?.count == 1 }
                let file = "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl"
                try scratch.write(Transcript.zoo.text, to: file)
                try await found("zebra", [Transcript.id(2)], store, scratch)
                var more = Transcript.zoo
                more.prompt(4, "And a quagga?")
                try append(more.lines[3] + "\n", to: scratch.path(file))
                try await found("quagga", [Transcript.id(4)], store, scratch)
                let state = try await health(server) { $0["import"]?["running"]?.bool == false }
                #expect(state["store"]?["capturing"]?.bool == true && state["import"]?["missing"] == [])
                #expect(state["import"]?["lines"]?.integer == 4 && state["import"]?["sources"]?.integer == 1)
                #if os(Linux)
                    #expect(state["import"]?["mode"]?.string == "events")
                #endif
            }
        }
    }

    @Test("When the process that captures dies, another one of the store goes on")
    func takeover() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let file = try scratch.write(Transcript.zoo.text, to: "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl")
            let first = try Magenta.start(["serve", "--listen", "localhost:0", "--store", store], in: scratch)
            _ = try await Magenta.ready(first)
            try await found("zebra", [Transcript.id(2)], store, scratch)
            try await Magenta.serving(["--store", store], in: scratch) { second in
                _ = try await health(second) { $0["store"]?["capturing"]?.bool == false && $0["import"]?.isNull == true }
                first.send(SIGKILL)
                try await first.exit()
                var more = Transcript.zoo
                more.prompt(4, "And a quagga?")
                try append(more.lines[3] + "\n", to: file)
                try await found("quagga", [Transcript.id(4)], store, scratch)
                _ = try await health(second) { $0["store"]?["capturing"]?.bool == true }
            }
        }
    }

    @Test("A process that only reads tells its client what another one captured")
    func subscription() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let file = try scratch.write(Transcript.zoo.text, to: "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl")
            try await Magenta.serving(["--store", store], in: scratch) { _ in
                try await found("zebra", [Transcript.id(2)], store, scratch)
                let reader = try Magenta.start(["stdio", "--store", store], in: scratch, hasInput: true)
                let uri = "memory://conversation/\(Transcript.session)"
                let lines: [JSONValue] = [
                    [
                        "jsonrpc": "2.0", "id": 1, "method": "initialize",
                        "params": [
                            "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "test", "version": "1"],
                        ],
                    ],
                    ["jsonrpc": "2.0", "method": "notifications/initialized"],
                    ["jsonrpc": "2.0", "id": 2, "method": "resources/subscribe", "params": ["uri": .string(uri)]],
                ]
                try await reader.write(Array(lines.map { "\($0)\n" }.joined().utf8))
                _ = try await eventually(within: .seconds(20), "the subscription") { try answers(reader).first { $0["id"] == 2 } }
                // Lines until one is told of: the reader may not have looked at the store for the first time yet.
                var more = Transcript.zoo
                let update = try await eventually(within: .seconds(30), "an update") { () -> JSONValue? in
                    let number = more.lines.count + 1
                    if number < 55 {
                        more.prompt(number, "And quagga \(number)?")
                        try append(more.lines[number - 1] + "\n", to: file)
                    }
                    try await found("quagga \(number)", nil, store, scratch)
                    return try answers(reader).first { $0["method"]?.string == "notifications/resources/updated" }
                }
                #expect(update["params"]?["uri"]?.string == uri)
                reader.closeInput()
                #expect(try await reader.exit(within: .seconds(20)) == .code(0))
            }
        }
    }

    @Test(
        "SIGTERM in the middle of a backfill ends it at once, and the next start stores the rest",
        .enabled(if: Components.generator != nil, "no generator: MAGENTA_SHARED names the folder that holds tools/"))
    func drain() async throws {
        try await Scratch.with { scratch in
            let corpus = try await Corpus.generate(megabytes: 4, in: scratch)
            let store = scratch.path("memory.sqlite")
            try await Magenta.serving(["--store", store, "--transcripts", corpus.folder], in: scratch) { server in
                _ = try await health(server) { $0["import"]?["lines"]?.integer ?? 0 > 0 }
                let start = ContinuousClock.now
                server.process.send(SIGTERM)
                #expect(try await server.process.exit(within: .seconds(20)) == .code(0))
                let stopped = start.duration(to: .now)
                #expect(stopped < .seconds(5))
                print("counted: serve stopped in the middle of a backfill within \(stopped)")
            }
            try await Magenta.serving(["--store", store, "--transcripts", corpus.folder], in: scratch) { server in
                _ = try await health(server) { $0["import"]?["running"]?.bool == false }
            }
            let whole = try ImportCounts(
                try await Magenta.json(["import", corpus.folder, "--store", scratch.path("whole.sqlite")], in: scratch))
            let rest = try ImportCounts(try await Magenta.json(["import", corpus.folder, "--store", store], in: scratch))
            #expect(rest.stored == 0 && rest.messages == whole.messages && rest.windows == whole.windows)
        }
    }

    private func health(_ server: Server, _ isSo: (JSONValue) -> Bool) async throws -> JSONValue { try await serverHealth(server, isSo) }

    /// Searches until `words` finds these messages, or any.
    private func found(_ words: String, _ ids: [String]?, _ store: String, _ scratch: Scratch) async throws {
        _ = try await eventually(within: .seconds(20), "\(words) to be found") {
            let found = try await Magenta.json(["search", words, "--store", store], in: scratch).messageIDs ?? []
            return ids.map { $0 == found } ?? !found.isEmpty ? true : nil
        }
    }

    private func answers(_ process: ChildProcess) throws -> [JSONValue] {
        // The last line may be half written.
        let lines = process.outputText.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return try lines.map { try JSONReader().read(String($0)) }
    }
}

/// Appends to a file as an agent does: one write at its end.
func append(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw TestFailure("opening \(path): errno \(errno)") }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw TestFailure("writing \(path): errno \(errno)") }
}
