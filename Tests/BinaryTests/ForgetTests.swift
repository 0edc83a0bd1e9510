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

/// `magenta forget`, and what must not come back.
@Suite("Forgetting through the binary", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ForgetTests {
    @Test("A message is gone from every byte of the store, and does not come back with its file, a copy or an archive")
    func message() async throws {
        try await Scratch.with { scratch in
            let store = try zoo(in: scratch)
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            let archive = scratch.path("before.jsonl")
            _ = try await Magenta.run(["export", archive, "--store", store], in: scratch)
            // The controls.
            #expect(try files(holding: "quagga", besides: store).count > 0)
            #expect(try await exported(store, scratch).contains("quagga"))

            let preview = try await Magenta.json(["forget", Transcript.id(2), "--dry-run", "--store", store], in: scratch)
            #expect(preview["messages"]?.integer == 1 && preview["samples"]?.array?.first?["text"]?.string == "A quagga and two owls live there.")
            #expect(try await exported(store, scratch).contains("quagga"), "a dry run changes nothing")

            let done = try await Magenta.json(["forget", Transcript.id(2), "--yes", "--store", store], in: scratch)
            #expect(done["forgotten"]?.bool == true)
            #expect(done["copies"]?.array?.contains { $0["path"]?.string == archive && $0["kind"]?.string == "export" } == true)
            try await expectGone("quagga", store, scratch)

            // The same file from its start, as if the store had lost its place, a copy of it elsewhere, and the archive.
            try scratch.write(text, to: "copies/-home-dev-zoo/\(Transcript.session).jsonl")
            for source in [scratch.path("transcripts"), scratch.path("copies"), archive] {
                _ = try await Magenta.run(["import", source, "--store", store], in: scratch)
                try await expectGone("quagga", store, scratch)
            }
            let rest = try await Magenta.json(["search", "animals", "--store", store], in: scratch)
            #expect(rest.messageIDs == [Transcript.id(1)])
            #expect(try await Magenta.json(["check", "--store", store], in: scratch)["ok"]?.bool == true)
        }
    }

    @Test(
        "A directory goes with what was said below it, and an export by it holds that too",
        arguments: ["/home/dev/zoo", "/home/dev/zoo/", "/home/dev", "zoo", "cages"])
    func below(_ project: String) async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            // One session that goes on in a subdirectory, and directories whose names only begin alike.
            var inside = Transcript()
            inside.prompt(1, "A quagga in the cage")
            var outside = Transcript()
            outside.prompt(1, "A walrus beside it")
            let places = [("a", inside, "/home/dev/zoo/cages/deep"), ("b", outside, "/srv/dev/zoo2/cages2"), ("c", outside, "/home/dev2")]
            for (number, place) in places.enumerated() {
                try scratch.write(
                    place.1.text.replacing("/home/dev/zoo", with: place.2).replacing(Transcript.session, with: place.0)
                        .replacing(Transcript.id(1), with: Transcript.id(1 + number)), to: "transcripts/-p-\(place.0)/\(place.0).jsonl")
            }
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            let part = try await Magenta.run(["export", "-", "--project", project, "--store", store], in: scratch)
            #expect(part.contains("quagga") && !part.contains("walrus"))
            let shown = try await Magenta.json(["show", "--project", project, "--store", store], in: scratch)
            #expect(shown.messageIDs == [Transcript.id(1)])
            let done = try await Magenta.json(["forget", "--project", project, "--yes", "--store", store], in: scratch)
            #expect(done["forgotten"]?.bool == true && done["messages"]?.integer == 1, "\(done)")
            try await expectGone("quagga", store, scratch)
            #expect(try await exported(store, scratch).contains("walrus"))
            #expect(try await Magenta.json(["check", "--store", store], in: scratch)["ok"]?.bool == true)
        }
    }

    @Test("It works while the server runs and watches, and the server answers without it")
    func running() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            let file = "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl"
            try scratch.write(text, to: file)
            try await Magenta.serving(["--store", store], in: scratch) { _ in
                _ = try await eventually(within: .seconds(20), "the message to be stored") {
                    let found = try? await Magenta.json(["search", "quagga", "--store", store], in: scratch)
                    return found?.messageIDs == [Transcript.id(2)] ? true : nil
                }
                _ = try await Magenta.run(["forget", "--conversation", Transcript.session, "--yes", "--store", store], in: scratch)
                try await expectGone("quagga", store, scratch)
                // What is written then is stored.
                var more = Transcript()
                more.prompt(9, "And a walrus?")
                try append(more.text, to: scratch.path(file))
                _ = try await eventually(within: .seconds(20), "the next message to be stored") {
                    let found = try? await Magenta.json(["search", "walrus", "--store", store], in: scratch)
                    return found?.messageIDs == [Transcript.id(9)] ? true : nil
                }
                try await expectGone("quagga", store, scratch)
            }
        }
    }

    @Test("One that is killed again and again is finished by the next, and no byte is left")
    func killed() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            for session in 0..<40 {
                var transcript = Transcript()
                for number in 1...50 { transcript.prompt(session * 50 + number, "quagga \(session) \(number) in the barn") }
                let name = "session-\(session)"
                try scratch.write(transcript.text.replacing(Transcript.session, with: name), to: "transcripts/-home-dev-zoo/\(name).jsonl")
            }
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            var kills = 0
            for round in 0..<10 {
                let arguments = round == 0 ? ["--project", "zoo", "--yes"] : ["--finish"]
                let process = try Magenta.start(["forget", "--store", store] + arguments, in: scratch)
                // Each is killed once it has written as much as some steps of an erasure come to; all of them write some megabytes.
                let before = Scratch.bytes(at: store + "-wal").count
                _ = try await eventually(within: .seconds(60), "the moment to kill it") {
                    process.exitStatus != nil || Scratch.bytes(at: store + "-wal").count > before + 300_000 ? true : nil
                }
                process.send(SIGKILL)
                if try await process.exit() == .signal(SIGKILL) { kills += 1 }
                let check = try Magenta.start(["check", "--json", "--store", store], in: scratch)
                try await check.exit()
                let findings = try JSONReader().read(check.outputText)["findings"]?.array ?? []
                #expect(findings.allSatisfy { $0["check"]?.string == "erasure" }, "\(findings)")
            }
            #expect(kills > 0)
            print("counted: an erasure was killed \(kills) times before it was done")
            // Killed before it had begun, it has to be said again; otherwise nothing fits any more.
            _ = try await Magenta.run(["forget", "--text", "quagga", "--yes", "--store", store], in: scratch)
            _ = try await Magenta.run(["forget", "--finish", "--store", store], in: scratch)
            try await expectGone("quagga", store, scratch)
            #expect(try await Magenta.json(["check", "--store", store], in: scratch)["ok"]?.bool == true)
        }
    }

    @Test("An exact text goes wherever it stands, read from standard input too")
    func exactText() async throws {
        try await Scratch.with { scratch in
            let store = try zoo(in: scratch)
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            let process = try Magenta.start(["forget", "--text", "-", "--yes", "--store", store], in: scratch, hasInput: true)
            try await process.write(Array("quagga\n".utf8))
            process.closeInput()
            #expect(try await process.exit() == .code(0), "\(process.errorText)")
            try await expectGone("quagga", store, scratch)
            #expect(try await exported(store, scratch).contains("Thank you"))
        }
    }

    @Test("Wrong usage is 64, an unknown id is 1, and neither changes anything")
    func mistakes() async throws {
        try await withZoo { scratch, store in
            let before = try await exported(store, scratch)
            let cases: [(arguments: [String], code: Int32)] = [
                (["forget"], 64), (["forget", Transcript.id(1)], 64), (["forget", "--text", "", "--yes"], 64),
                (["forget", "--since", "yesterday", "--yes"], 64), (["forget", "--finish", Transcript.id(1)], 64),
                (["forget", "absent", "--yes"], 1), (["forget", "--conversation", "absent", "--yes"], 1),
                (["forget", "--project", "absent", "--dry-run"], 1), (["forget", "--text", "no such text", "--yes"], 0),
                (["exclude", "add"], 64), (["exclude", "add", "--project", "a", "--path", "b"], 64), (["exclude", "remove", "absent"], 1),
                (["retention", "set", "--keep", "soon"], 64), (["retention", "remove"], 1), (["redact", "--rescan", "--check"], 64),
            ]
            for (arguments, code) in cases {
                let process = try Magenta.start(arguments + ["--store", store], in: scratch)
                #expect(try await process.exit() == .code(code), "\(arguments): \(process.errorText)")
            }
            #expect(try await exported(store, scratch) == before)
        }
    }

    @Test("Backups and exports that magenta wrote are named while they are there")
    func copies() async throws {
        try await withZoo { scratch, store in
            _ = try await Magenta.run(["backup", scratch.path("one.sqlite"), "--store", store], in: scratch)
            _ = try await Magenta.run(["backup", scratch.path("two.sqlite"), "--store", store], in: scratch)
            _ = try await Magenta.run(["export", scratch.path("text"), "--format", "markdown", "--store", store], in: scratch)
            try FileManager.default.removeItem(atPath: scratch.path("one.sqlite"))
            let said = try await Magenta.run(["forget", Transcript.id(2), "--yes", "--store", store], in: scratch)
            #expect(said.contains("two.sqlite") && said.contains(scratch.path("text")) && !said.contains("one.sqlite"), "\(said)")
        }
    }

    @Test("What is left of a backup or an export that was cut short is named, noted before it was written")
    func drafts() async throws {
        try await withZoo { scratch, store in
            // The backup fails at its key, the export at its folder. What a kill leaves is put there by hand: no test can time one.
            try scratch.folder("one.sqlite.key.partial/full")
            _ = try await Magenta.run(["backup", scratch.path("one.sqlite"), "--store", store], in: scratch, exits: 1)
            _ = try await Magenta.run(["export", scratch.path("later/two.jsonl"), "--store", store], in: scratch, exits: 1)
            let unnamed = try await Magenta.run(["forget", Transcript.id(2), "--dry-run", "--store", store], in: scratch)
            #expect(!unnamed.contains(".partial"), "\(unnamed)")
            let left = [try scratch.write("quagga", to: "one.sqlite.partial"), try scratch.write("quagga", to: "later/two.jsonl.partial-4711")]
            let said = try await Magenta.json(["forget", Transcript.id(2), "--dry-run", "--store", store], in: scratch)
            #expect(said["copies"]?.array?.compactMap { $0["path"]?.string } == left, "\(said)")
        }
    }

    @Test("The backup that a store was restored from is named")
    func restored() async throws {
        try await withZoo { scratch, store in
            let backup = scratch.path("backup.sqlite")
            _ = try await Magenta.run(["backup", backup, "--store", store], in: scratch)
            _ = try await Magenta.run(["restore", backup, "--store", store], in: scratch)
            let said = try await Magenta.json(["forget", Transcript.id(2), "--dry-run", "--store", store], in: scratch)
            #expect(said["copies"]?.array?.contains { $0["path"]?.string == backup && $0["kind"]?.string == "backup" } == true, "\(said)")
        }
    }

    @Test("A rescan with a new secrets file leaves no byte of the secret")
    func rescan() async throws {
        try await Scratch.with { scratch in
            let store = try zoo(in: scratch)
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            #expect(try files(holding: "quagga", besides: store).count > 0)
            let secrets = try scratch.write(#"["A quagga and two owls"]"#, to: "secrets.json")
            _ = chmod(secrets, 0o600)
            let arguments = ["redact", "--rescan", "--secrets-file", secrets, "--store", store]
            let counts = try await Magenta.json(arguments, in: scratch)
            #expect(counts["messages_changed"]?.integer == 1 && counts["records_changed"]?.integer == 1, "\(counts)")
            try await expectGone("quagga", store, scratch)
            #expect(try await Magenta.json(arguments, in: scratch)["messages_changed"]?.integer == 0)
            #expect(try await Magenta.json(["check", "--store", store], in: scratch)["ok"]?.bool == true)
        }
    }

    private var text: String { Transcript.zoo.text.replacing("zebra", with: "quagga") }

    /// The zoo's transcript with a quagga in it; gives where a store may be made, in a folder of its own.
    private func zoo(in scratch: Scratch) throws -> String {
        try scratch.write(text, to: "transcripts/-home-dev-zoo/\(Transcript.session).jsonl")
        return scratch.path("memory/memory.sqlite")
    }

    private func exported(_ store: String, _ scratch: Scratch) async throws -> String {
        try await Magenta.run(["export", "-", "--store", store], in: scratch)
    }

    /// Every file beside the store byte for byte; an archive holds what packed records say.
    private func expectGone(_ word: String, _ store: String, _ scratch: Scratch) async throws {
        #expect(try files(holding: word, besides: store) == [])
        #expect(try await !exported(store, scratch).contains(word))
    }

    private func files(holding word: String, besides store: String) throws -> [String] {
        let folder = String(store[..<(store.lastIndex(of: "/") ?? store.startIndex)])
        let needle = Data(word.utf8)
        return try Scratch.files(in: folder).filter { Data(Scratch.bytes(at: $0)).firstRange(of: needle) != nil }
    }
}
