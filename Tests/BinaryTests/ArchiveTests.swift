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

/// `magenta export` and `magenta import` of what it wrote.
@Suite("Archives through the binary", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ArchiveTests {
    @Test(
        "Real transcripts: exported, imported elsewhere and exported again is the same, byte for byte",
        .enabled(if: Components.realTranscripts != nil, "no real transcripts: MAGENTA_SHARED names their folder"))
    func real() async throws {
        let folder = try #require(Components.realTranscripts)
        try await Scratch.with { scratch in
            let archive = try await roundTrip(folder, in: scratch)
            // The control: what is compared holds every message.
            let messages = try await Magenta.json(["import", folder, "--store", scratch.path("a.sqlite")], in: scratch)["messages"]?.integer
            #expect(lines(of: archive, in: "message") == messages)
        }
    }

    @Test(
        "Generated corpora with hostile shapes: exported, imported elsewhere and exported again is the same, byte for byte",
        .enabled(if: Components.generator != nil, "no generator: MAGENTA_SHARED names the folder that holds tools/"),
        arguments: [7, 11, 23])
    func generated(seed: Int) async throws {
        try await Scratch.with { scratch in
            let corpus = try await Corpus.generate(megabytes: 1, seed: seed, in: scratch)
            let archive = try await roundTrip(corpus.folder, in: scratch)
            #expect(lines(of: archive, in: "record") == corpus.manifest["lines"]?.integer)

            // The new store answers as the old one, and knows every line of the files.
            for needle in corpus.needles {
                let found = try await Magenta.json(["search", needle.word, "--store", scratch.path("b.sqlite")], in: scratch)
                #expect(found.messageIDs?.contains(needle.id) == true, "\(needle)")
            }
            func imported() async throws -> ImportCounts {
                try ImportCounts(try await Magenta.json(["import", corpus.folder, "--store", scratch.path("b.sqlite")], in: scratch))
            }
            // By the other store's key the files cannot be known, so they are read once more, and nothing of them is new.
            let again = try await imported()
            #expect(again.stored == 0 && again.lines == corpus.manifest["lines"]?.integer)
            let third = try await imported()
            #expect(third.lines == 0 && third.skipped == corpus.manifest["lines"]?.integer && third.messages == again.messages)
        }
    }

    @Test(
        "An import that is killed again and again ends as one that was not",
        .enabled(if: Components.generator != nil, "no generator: MAGENTA_SHARED names the folder that holds tools/"))
    func killed() async throws {
        try await Scratch.with { scratch in
            let corpus = try await Corpus.generate(megabytes: 3, seed: 5, in: scratch)
            let archive = try await export(corpus.folder, in: scratch)
            let target = scratch.path("b.sqlite")
            var kills = 0
            for round in 0..<12 {
                let process = try Magenta.start(["import", archive, "--store", target], in: scratch)
                // Somewhere between the start and the end, which no test can see from outside.
                let stop = ContinuousClock.now + .milliseconds(150 * (round + 1))
                _ = try? await eventually(within: .seconds(60), "the moment to kill the import") {
                    process.exitStatus != nil || ContinuousClock.now >= stop ? true : nil
                }
                process.send(SIGKILL)
                if try await process.exit() == .signal(SIGKILL) { kills += 1 }
            }
            #expect(kills > 0)
            _ = try await Magenta.run(["import", archive, "--store", target], in: scratch)
            _ = try await Magenta.run(["export", scratch.path("b.jsonl"), "--store", target], in: scratch)
            #expect(Scratch.bytes(at: scratch.path("b.jsonl")) == Scratch.bytes(at: archive))
        }
    }

    @Test("An archive that was cut or changed is refused with the line, and nothing of it is stored")
    func damaged() async throws {
        try await withZoo { scratch, store in
            let archive = scratch.path("zoo.jsonl")
            _ = try await Magenta.run(["export", archive, "--store", store], in: scratch)
            let bytes = Scratch.bytes(at: archive)
            let breaks = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
            let text = String(decoding: bytes, as: UTF8.self)
            let cases: [(name: String, content: String, says: String)] = [
                ("cut within a line", String(decoding: bytes[..<(breaks[5] + 9)], as: UTF8.self), "line 7"),
                ("cut between lines", String(decoding: bytes[...breaks[5]], as: UTF8.self), "end is missing"),
                ("one word changed", text.replacing("zebra", with: "horse"), "does not agree"),
                ("a line lost", String(decoding: bytes[...breaks[2]] + bytes[(breaks[3] + 1)...], as: UTF8.self), ""),
                ("another version", text.replacing("\"version\":1", with: "\"version\":9"), "version"),
                ("text behind the end", text + "{\"era\":{\"name\":\"x\",\"start\":1}}\n", "behind the end"),
                ("no JSON", text.replacing("{\"conversation\"", with: "{conversation"), "line 3"),
            ]
            for (number, damage) in cases.enumerated() {
                let file = try scratch.write(damage.content, to: "damaged-\(number).jsonl")
                let target = scratch.path("target-\(number).sqlite")
                let process = try Magenta.start(["import", file, "--store", target], in: scratch)
                #expect(try await process.exit() == .code(1), "\(damage.name)")
                #expect(process.errorText.contains(damage.says), "\(damage.name): \(process.errorText)")
                let shown = try await Magenta.json(["show", "--store", target], in: scratch)
                #expect(shown.messageIDs == [], "\(damage.name)")
            }
        }
    }

    @Test("An archive of an earlier day and the file that has grown since are one source, in either order")
    func grown() async throws {
        try await Scratch.with { scratch in
            // Codex gives its messages no ids, so their place in the file is all that tells them apart.
            let file = "codex/sessions/2026/01/01/rollout-2026-01-01T00-00-00-11111111-2222-4333-8444-555555555555.jsonl"
            func line(_ number: Int, _ type: String, _ payload: JSONValue) -> String {
                "\(["timestamp": .string("2026-01-01T00:00:0\(number).000Z"), "type": .string(type), "payload": payload] as JSONValue)\n"
            }
            func prompt(_ number: Int) -> String {
                let content: JSONValue = [["type": "input_text", "text": .string("question \(number)")]]
                return line(number, "response_item", ["type": "message", "role": "user", "content": content])
            }
            let head = line(
                0, "session_meta",
                [
                    "id": "11111111-2222-4333-8444-555555555555", "timestamp": "2026-01-01T00:00:00.000Z", "cwd": "/home/dev/zoo",
                    "originator": "codex", "cli_version": "0.50.0", "instructions": .string(String(repeating: "word ", count: 400)),
                ])
            let store = scratch.path("memory.sqlite")
            func day(_ name: String, _ prompts: ClosedRange<Int>) async throws -> String {
                try scratch.write(head + prompts.map(prompt).joined(), to: file)
                _ = try await Magenta.run(["import", scratch.path("codex"), "--store", store], in: scratch)
                _ = try await Magenta.run(["export", scratch.path(name), "--store", store], in: scratch)
                return scratch.path(name)
            }
            let early = try await day("early.jsonl", 1...2)
            let late = try await day("late.jsonl", 1...3)
            let again = try await Magenta.json(["import", early, "--store", store], in: scratch)
            #expect(again["messages"]?["added"]?.integer ?? again["added"]?.integer ?? 0 == 0, "\(again)")
            _ = try await Magenta.run(["export", scratch.path("after.jsonl"), "--store", store], in: scratch)
            #expect(Scratch.bytes(at: scratch.path("after.jsonl")) == Scratch.bytes(at: late))

            let other = scratch.path("other.sqlite")
            for archive in [early, late, early] { _ = try await Magenta.run(["import", archive, "--store", other], in: scratch) }
            _ = try await Magenta.run(["export", scratch.path("other.jsonl"), "--store", other], in: scratch)
            let shown = try await Magenta.json(["show", "--limit", "50", "--store", other], in: scratch)
            #expect(shown["messages"]?.array?.count == 3, "\(shown)")
        }
    }

    @Test("A selection holds what fits and no more, and can be imported")
    func selection() async throws {
        try await withZoo { scratch, store in
            var other = Transcript()
            other.prompt(9, "A walrus in another project")
            try scratch.write(
                other.text.replacing("/home/dev/zoo", with: "/home/dev/sea").replacing(Transcript.session, with: "sea"),
                to: "more/-home-dev-sea/sea.jsonl")
            _ = try await Magenta.run(["import", scratch.path("more"), "--store", store], in: scratch)
            let archive = scratch.path("zoo.jsonl")
            _ = try await Magenta.run(["export", archive, "--project", "zoo", "--store", store], in: scratch)
            let text = String(decoding: Scratch.bytes(at: archive), as: UTF8.self)
            #expect(text.contains("zebra") && !text.contains("walrus") && !text.contains("/home/dev/sea"))
            #expect(text.hasPrefix(#"{"format":"magenta-archive","version":1,"selection":{"project":"zoo"}}"#))

            let target = scratch.path("b.sqlite")
            _ = try await Magenta.run(["import", archive, "--store", target], in: scratch)
            let found = try await Magenta.json(["search", "zebra", "--store", target], in: scratch)
            #expect(found.messageIDs == [Transcript.id(2)])
            // A part accounts for no file: the file itself is read from its start, and its messages are known by then.
            let counts = try ImportCounts(try await Magenta.json(["import", scratch.path("transcripts"), "--store", target], in: scratch))
            #expect(counts.lines == 3 && counts.repeated == 3 && counts.messages == 3)
        }
    }

    @Test("Files are readable by their owner alone and never replaced unasked")
    func files() async throws {
        try await withZoo { scratch, store in
            let archive = scratch.path("zoo.jsonl")
            _ = try await Magenta.run(["export", archive, "--store", store], in: scratch)
            var status = stat()
            #expect(stat(archive, &status) == 0 && status.st_mode & 0o777 == 0o600)
            try scratch.write("mine", to: "other.jsonl")
            _ = try await Magenta.run(["export", scratch.path("other.jsonl"), "--store", store], in: scratch, exits: 1)
            #expect(Scratch.bytes(at: scratch.path("other.jsonl")) == Array("mine".utf8))
            _ = try await Magenta.run(["export", scratch.path("other.jsonl"), "--force", "--store", store], in: scratch)
            #expect(Scratch.bytes(at: scratch.path("other.jsonl")) == Scratch.bytes(at: archive))
            #expect(try Scratch.files(in: scratch.root).filter { $0.contains("partial") }.isEmpty)
            #expect(
                try await Magenta.run(["export", "-", "--store", store], in: scratch) == String(decoding: Scratch.bytes(at: archive), as: UTF8.self))
        }
    }

    @Test("No copy takes the place of the store or of what belongs to it, under whatever name, with --force or without")
    func ownFiles() async throws {
        try await withZoo { scratch, store in
            let key = Scratch.bytes(at: store + ".key")
            try scratch.folder("folder")
            #expect(symlink(scratch.root, scratch.path("folder/link")) == 0)
            #expect(symlink(store, scratch.path("store-link")) == 0 && link(store, scratch.path("hard-link")) == 0)
            let own = ["", ".key", "-wal", "-shm", ".lock"].map { store + $0 }
            let others = [
                scratch.path("folder/link/memory.sqlite"), scratch.path("folder/link/memory.sqlite-wal"),
                scratch.path("folder/../memory.sqlite.key"), scratch.path("folder/../memory.sqlite.lock"), scratch.path("store-link"),
                scratch.path("hard-link"),
            ]
            for (command, path) in (own + others).flatMap({ [("export", $0), ("backup", $0)] }) {
                for flags in [[], ["--force"]] {
                    let process = try Magenta.start([command, path, "--store", store] + flags, in: scratch)
                    #expect(try await process.exit() == .code(1), "\(command) \(path) \(flags)")
                    #expect(process.errorText.contains("the store") && process.errorText.contains("Fix: "), "\(process.errorText)")
                }
            }
            #expect(Scratch.bytes(at: store + ".key") == key && !key.isEmpty)
            #expect(try await Magenta.json(["check", "--store", store], in: scratch)["ok"]?.bool == true)
            #expect(try await Magenta.json(["search", "zebra", "--store", store], in: scratch).messageIDs == [Transcript.id(2)])
            // The control: a name that only looks like one of them is free.
            _ = try await Magenta.run(["export", scratch.path("folder/memory.sqlite"), "--store", store], in: scratch)
            _ = try await Magenta.run(["backup", store + ".backup", "--store", store], in: scratch)
        }
    }

    @Test("A backup does not draft into the store: one that is named as the backup's draft is refused")
    func draftName() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.partial")
            _ = try await Magenta.run(["import", try Transcript.zoo.write(in: scratch), "--store", store], in: scratch)
            _ = try await Magenta.run(["backup", scratch.path("memory"), "--store", store], in: scratch, exits: 1)
            #expect(try await Magenta.json(["search", "zebra", "--store", store], in: scratch).messageIDs == [Transcript.id(2)])
        }
    }

    @Test("An archive does not take a backup's place, with --force either")
    func backupStays() async throws {
        try await withZoo { scratch, store in
            let backup = scratch.path("backup.sqlite")
            _ = try await Magenta.run(["backup", backup, "--store", store], in: scratch)
            let bytes = Scratch.bytes(at: backup)
            let process = try Magenta.start(["export", backup, "--force", "--store", store], in: scratch)
            #expect(try await process.exit() == .code(1))
            #expect(process.errorText.contains("backup") && process.errorText.contains("Fix: remove it first"), "\(process.errorText)")
            #expect(Scratch.bytes(at: backup) == bytes)
        }
    }

    @Test("An import beside a server is not done, exit code 1, and the error says what does not arrive by itself and what to do")
    func importBesideServer() async throws {
        try await withZoo { scratch, store in
            let archive = scratch.path("zoo.jsonl")
            _ = try await Magenta.run(["export", archive, "--store", store], in: scratch)
            try await Magenta.serving(["--store", store], in: scratch) { _ in
                for path in [archive, scratch.path("transcripts")] {
                    // The server captures a moment after it answers; until then an import may be first.
                    let said = try await eventually(within: .seconds(20), "the import of \(path) to be refused") { () async throws -> String? in
                        let process = try Magenta.start(["import", path, "--store", store], in: scratch)
                        return try await process.exit() == .code(0) ? nil : "\(process.errorText)\(process.exitStatus == .code(1))"
                    }
                    #expect(said.contains(path) && said.contains("--transcripts") && said.contains("stop that process"), "\(said)")
                    #expect(said.hasSuffix("true"), "exit code 1: \(said)")
                }
            }
        }
    }

    @Test("A conversation as Markdown is what was said, with tools folded")
    func markdown() async throws {
        try await Scratch.with { scratch in
            var transcript = Transcript()
            transcript.prompt(1, "Which animals live *here*?")
            transcript.toolUse(2, "Bash", ["command": "ls zoo"])
            transcript.toolResult(3, text: "zebra\n```\nowl", structured: [:], server: "shell")
            transcript.reply(4, "A zebra and an owl.")
            let store = scratch.path("memory.sqlite")
            _ = try await Magenta.run(["import", try transcript.write(in: scratch), "--store", store], in: scratch)
            _ = try await Magenta.run(["export", scratch.path("out"), "--format", "markdown", "--store", store], in: scratch)
            let files = try Scratch.files(in: scratch.path("out"))
            #expect(files.map { $0.split(separator: "/").last } == ["2026-03-01-\(Transcript.session).md"])
            let text = String(decoding: Scratch.bytes(at: try #require(files.first)), as: UTF8.self)
            #expect(
                text == """
                    # \(Transcript.session)

                    - conversation: `\(Transcript.session)`
                    - project: `/home/dev/zoo`
                    - last message: 2026-03-01T10:04:00.000Z

                    ## Start, 2026-03-01T10:01:00.000Z

                    ### human, prompt, 2026-03-01T10:01:00.000Z

                    <!-- \(Transcript.id(1)) -->

                    Which animals live *here*?

                    ### agent (claude-opus-4-6), tool call, 2026-03-01T10:02:00.000Z

                    <!-- \(Transcript.id(2)) -->

                    <details><summary>Tool call: Bash</summary>

                    ```json
                    {
                      "command": "ls zoo"
                    }
                    ```

                    </details>

                    ### tool (Bash), tool result, 2026-03-01T10:03:00.000Z

                    <!-- \(Transcript.id(3)) -->

                    <details><summary>Tool result</summary>

                    ````
                    zebra
                    ```
                    owl
                    ````

                    </details>

                    ### agent (claude-opus-4-6), reply, 2026-03-01T10:04:00.000Z

                    <!-- \(Transcript.id(4)) -->

                    A zebra and an owl.

                    """)
        }
    }

    /// Imports transcripts into `a.sqlite` and exports that.
    private func export(_ transcripts: String, in scratch: Scratch) async throws -> String {
        let store = scratch.path("a.sqlite")
        _ = try await Magenta.run(["import", transcripts, "--store", store], in: scratch)
        _ = try await Magenta.run(["era", "start", "The second age", "--at", "2026-02-01", "--store", store], in: scratch)
        _ = try await Magenta.run(["export", scratch.path("a.jsonl"), "--store", store], in: scratch)
        return scratch.path("a.jsonl")
    }

    /// Exports, imports into `b.sqlite` twice, and exports again after each.
    private func roundTrip(_ transcripts: String, in scratch: Scratch) async throws -> String {
        let archive = try await export(transcripts, in: scratch)
        for time in ["first", "second"] {
            let counts = try await Magenta.json(["import", archive, "--store", scratch.path("b.sqlite")], in: scratch)
            #expect((counts["messages_added"]?.integer == 0) == (time == "second"))
            _ = try await Magenta.run(["export", scratch.path("\(time).jsonl"), "--store", scratch.path("b.sqlite")], in: scratch)
            #expect(Scratch.bytes(at: scratch.path("\(time).jsonl")) == Scratch.bytes(at: archive), "after the \(time) import")
        }
        return archive
    }

    private func lines(of archive: String, in section: String) -> Int64 {
        let start = Array("{\"\(section)\":".utf8)
        return Int64(Scratch.bytes(at: archive).split(separator: UInt8(ascii: "\n")).count { $0.starts(with: start) })
    }
}
