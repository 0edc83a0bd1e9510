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

/// What the memory says of itself: how far it is behind, what was refused, what goes next.
@Suite("Capture health", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct StatusTests {
    private static let file = "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl"

    @Test("Status tells a memory that has everything from one that is behind, by words, by numbers and by its exit code")
    func behind() async throws {
        try await Scratch.with { scratch in
            let path = try scratch.write(Transcript.zoo.text, to: Self.file)
            let store = try await imported(scratch)
            let text = try await Magenta.run(["status", "--store", store], in: scratch)
            #expect(text.hasPrefix("The memory is current.\n") && text.contains("- no process captures"))
            let current = try await Magenta.json(["status", "--store", store], in: scratch)
            #expect(current["current"] == true && current["captured"] == false && current["sources"]?["current"]?.integer == 1)
            #expect(current["worst"]?[0]?["lag"]?["bytes"]?.integer == 0 && current["worst"]?[0]?["agent"]?.string == "claude-code")

            var more = Transcript.zoo
            more.prompt(4, "And a quagga?")
            try append(more.lines[3] + "\n", to: path)
            let late = try await status(store, scratch, exits: 1)
            let source = try #require(late["worst"]?[0])
            #expect(late["current"] == false && late["sources"]?["behind"]?.integer == 1)
            #expect(source["state"]?.string == "behind" && source["stored"]?.integer == Int64(Transcript.zoo.text.utf8.count))
            #expect(source["lag"]?["bytes"]?.integer == Int64(more.lines[3].utf8.count + 1))
            // The line says when it was written, which is long ago.
            #expect(source["lag"]?["seconds"]?.double ?? 0 > 86_400 && late["lag"]?["bytes"] == source["lag"]?["bytes"])
            let shown = try await Magenta.run(["status", "--store", store], in: scratch, exits: 1)
            #expect(shown.hasPrefix("The memory is behind.\n! 1 file has lines that are not stored: "))
            #expect(shown.contains("no process captures") && shown.contains("    run `magenta import` now"))

            _ = try await imported(scratch)
            #expect(try await status(store, scratch)["lag"]?["bytes"]?.integer == 0)
            // A file that another one took the place of waits from its start.
            try scratch.write(Transcript.zoo.lines[0] + "\n", to: Self.file)
            let replaced = try await status(store, scratch, exits: 1)
            #expect(replaced["worst"]?[0]?["lag"]?["bytes"]?.integer == Int64(Transcript.zoo.lines[0].utf8.count + 1))
        }
    }

    @Test("A session begins with one line about a memory that is behind, and with none about one that is not")
    func briefing() async throws {
        try await Scratch.with { scratch in
            let path = try scratch.write(Transcript.zoo.text, to: Self.file)
            let store = try await imported(scratch)
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                func briefings() async throws -> [String] {
                    var texts: [String] = []
                    for directory in ["/home/dev/zoo", "/home/dev/unknown"] {
                        let body = "{\"event\":\"SessionStart\",\"cwd\":\"\(directory)\"}"
                        texts.append(
                            try await exchange(
                                HTTPCall("POST", "/hook", headers: [("Content-Type", "application/json")], body: Array(body.utf8)), "127.0.0.1",
                                server.port
                            ).text)
                    }
                    return texts
                }
                #expect(try await briefings().allSatisfy { $0.contains("Note: search_messages") && !$0.contains("The memory is behind") })
                var more = Transcript.zoo
                more.prompt(4, "And a quagga?")
                try append(more.lines[3] + "\n", to: path)
                // What was seen a moment ago is not looked at again at once.
                _ = try await serverHealth(server) { $0["capture"]?["current"] == false }
                for text in try await briefings() {
                    let lines = text.split(separator: "\n").filter { $0.contains("The memory is behind: 1 file has lines that are not stored") }
                    #expect(lines.count == 1 && lines[0].hasPrefix("Note: ") && lines[0].contains("Fix: run `magenta import` now"), "\(text)")
                }
                _ = try await imported(scratch)
                _ = try await serverHealth(server) { $0["capture"]?["current"] == true }
                #expect(try await briefings().allSatisfy { !$0.contains("The memory is behind") })
            }
        }
    }

    @Test("What was refused is counted by its reason and named by its place, after a restart too; a half line is no lag")
    func refused() async throws {
        try await Scratch.with { scratch in
            let half = "{\"type\":\"user\",\"uuid\":\"half"
            let path = try scratch.write(Transcript.zoo.text + "{no json}\n[1]\n" + half, to: Self.file)
            let store = try await imported(scratch)
            try setAge(hours: 2, of: path)
            let state = try await status(store, scratch)
            #expect(state["refused"]?["lines"]?.integer == 2 && state["refused"]?["reasons"]?["invalid-json"]?.integer == 1)
            #expect(state["refused"]?["reasons"]?["not-an-object"]?.integer == 1 && state["refused"]?["reasons"]?["other"]?.integer == 0)
            #expect(state["refused"]?["last"]?[0]?["line"]?.integer == Int64(Transcript.zoo.lines.count + 2))
            #expect(state["sources"]?["unfinished"]?.integer == 1 && state["worst"]?[0]?["refused"]?.integer == 2)
            #expect(state["worst"]?[0]?["lag"]?["bytes"]?.integer == Int64(half.utf8.count) && state["lag"]?["bytes"]?.integer == 0)
            let texts = texts(state)
            #expect(
                texts.contains { $0.hasPrefix("1 file ends in a line that was never finished") && $0.contains("(\(half.utf8.count) bytes, for 2 h)") }
            )
            #expect(texts.contains { $0.hasPrefix("2 lines were refused (1 invalid-json, 1 not-an-object, last ") })
            try await Magenta.serving(["--store", store], in: scratch) { server in
                let health = try await serverHealth(server) { $0["store"]?["capturing"] == true && $0["capture"]?["captured"] == true }
                #expect(health["capture"]?["refused"] == state["refused"] && health["capture"]?["current"] == true)
                let page = try MetricsPage(try await exchange(HTTPCall("GET", "/metrics"), "127.0.0.1", server.port).text)
                #expect(page.values["magenta_capture_refused_lines{reason=\"invalid-json\"}"] == 1)
                #expect(page.values["magenta_capture_refused_lines{reason=\"other\"}"] == 0 && page.values["magenta_capture_lag_bytes"] == 0)
                #expect(page.values["magenta_capture_sources{state=\"unfinished\"}"] == 1 && page.values["magenta_capture_current"] == 1)
                #expect(page.values["magenta_capture_running"] == 1)
            }
        }
    }

    @Test("What Claude Code's cleanup deletes next is named, by its own settings, and counts where it is not stored")
    func cleanup() async throws {
        try await Scratch.with { scratch in
            try scratch.write("{\"cleanupPeriodDays\": 5}", to: "home/.claude/settings.json")
            let path = try scratch.write(Transcript.zoo.text, to: Self.file)
            let other = try scratch.write(Transcript.zoo.text, to: "home/.claude/projects/-home-dev-zoo/5e551011-0000-4000-8000-000000000002.jsonl")
            // A store that has the other one alone.
            let store = scratch.path("memory.sqlite")
            _ = try await Magenta.json(["import", other, "--store", store], in: scratch)
            try setAge(hours: 4 * 24, of: path)
            let state = try await status(store, scratch, exits: 1)
            #expect(state["cleanup"]?["days"]?.integer == 5 && state["cleanup"]?["within3days"]?.integer == 1)
            #expect(state["cleanup"]?["within3daysNotStored"]?.integer == 1 && state["cleanup"]?["next"]?.array?.count == 2)
            #expect(state["cleanup"]?["next"]?[0]?["path"]?.string == path && state["cleanup"]?["next"]?[0]?["stored"] == false)
            #expect(state["cleanup"]?["next"]?[1]?["stored"] == true)
            #expect(texts(state).contains { $0.hasPrefix("Claude Code deletes 1 file that is not stored in full within 3 days") })
            _ = try await imported(scratch)
            let stored = try await status(store, scratch)
            #expect(stored["cleanup"]?["next"]?[0]?["stored"] == true && stored["cleanup"]?["within3daysNotStored"]?.integer == 0)
        }
    }

    @Test("A process that captures elsewhere, a source that cannot be read and a directory that is missing are told of, each with a fix")
    func troubles() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let elsewhere = try scratch.folder("elsewhere")
            let path = try scratch.write(Transcript.zoo.text, to: Self.file)
            try setAge(hours: 1, of: path)
            try scratch.write("{\"sessionId\": oops", to: "home/.gemini/tmp/zoo/chats/session-one.json")
            try setAge(hours: 1, of: scratch.path("home/.gemini/tmp/zoo/chats/session-one.json"))
            try await Magenta.serving(["--store", store, "--transcripts", elsewhere], in: scratch) { server in
                _ = try await serverHealth(server) { $0["capture"]?["captured"] == true && $0["capture"]?["current"] == true }
                let state = try await status(store, scratch, exits: 1)
                #expect(state["captured"] == true && state["sources"]?["behind"]?.integer == 1 && state["sources"]?["unreadable"]?.integer == 1)
                let texts = texts(state)
                #expect(texts.contains { $0.contains("a process holds the right to capture, but takes none of them") }, "\(texts)")
                #expect(
                    texts.contains { $0.hasPrefix("1 file has lines to be stored and cannot be read, such as ") && $0.contains("Gemini CLI") },
                    "\(texts)")
            }
            let missing = try await Magenta.json(["status", "--store", store, "--transcripts", scratch.path("nowhere")], in: scratch)
            #expect(texts(missing).contains { $0.contains("nowhere is not there; it is waited for") })
            let fixes = missing["findings"]?.array?.map { $0["fix"]?.string ?? "" } ?? []
            #expect(fixes.count == 2 && fixes.allSatisfy { !$0.isEmpty })
        }
    }

    private func imported(_ scratch: Scratch) async throws -> String {
        let store = scratch.path("memory.sqlite")
        _ = try await Magenta.json(["import", scratch.path("home/.claude/projects"), "--store", store], in: scratch)
        return store
    }

    private func status(_ store: String, _ scratch: Scratch, exits code: Int32 = 0) async throws -> JSONValue {
        try JSONReader().read(try await Magenta.run(["status", "--store", store, "--json"], in: scratch, exits: code))
    }

    private func texts(_ state: JSONValue) -> [String] { state["findings"]?.array?.compactMap { $0["text"]?.string } ?? [] }

    private func setAge(hours: Double, of path: String) throws {
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -hours * 3600)], ofItemAtPath: path)
    }
}

extension JSONValue {
    fileprivate subscript(index: Int) -> JSONValue? {
        guard let elements = array, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}
