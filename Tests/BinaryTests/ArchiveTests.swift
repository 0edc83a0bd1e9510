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
            let again = try ImportCounts(try await Magenta.json(["import", corpus.folder, "--store", scratch.path("b.sqlite")], in: scratch))
            #expect(again.lines == 0 && again.skipped == corpus.manifest["lines"]?.integer)
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
