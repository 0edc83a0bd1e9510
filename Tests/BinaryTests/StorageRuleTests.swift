import BinaryTesting
import FoundationEssentials
import JSON
import Testing

/// `magenta exclude` and `magenta retention`.
@Suite("Rules of what is stored, through the binary", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct StorageRuleTests {
    @Test("Of an excluded project nothing is stored by import, and its lines are counted under the rule's name")
    func project() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            _ = try await Magenta.run(["exclude", "add", "--project", "/home/dev/zoo", "--name", "animals", "--store", store], in: scratch)
            try Transcript.zoo.write(in: scratch)
            var other = Transcript()
            other.prompt(9, "A walrus in another project")
            try scratch.write(
                other.text.replacing("/home/dev/zoo", with: "/home/dev/sea").replacing(Transcript.session, with: "sea"),
                to: "transcripts/-home-dev-sea/sea.jsonl")
            let counts = try await Magenta.json(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            #expect(counts["messages"]?.integer == 1 && counts["known"]?.integer == 3 && counts["lines"]?.integer == 4)
            #expect(try bytes(below: "memory", in: scratch, hold: "walrus"))
            #expect(try !bytes(below: "memory", in: scratch, hold: "zebra"))
            let rules = try await Magenta.json(["exclude", "list", "--store", store], in: scratch)
            let rule = rules["rules"]?.array?.first
            #expect(rule?["name"]?.string == "animals" && rule?["lines"]?.integer == 3)
            #expect(try await Magenta.json(["check", "--store", store], in: scratch)["ok"]?.bool == true)
            // Whoever looks for a line that is not there is told that a rule may have kept it out.
            let status = try await Magenta.json(["status", "--store", store, "--transcripts", scratch.path("transcripts")], in: scratch)
            let notes = status["findings"]?.array?.filter { $0["level"]?.string == "note" }.compactMap { $0["text"]?.string } ?? []
            #expect(status["current"]?.bool == true && notes.contains("a rule of exclusion keeps lines out (animals)"), "\(status)")
            // So it is with what is not looked at.
            let link = scratch.path("transcripts/-linked")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: scratch.path("transcripts/-home-dev-zoo"))
            let shown = try await Magenta.run(["status", "--store", store, "--transcripts", scratch.path("transcripts")], in: scratch)
            #expect(shown.contains("- passed over \(link)"), "\(shown)")

            // What a rule kept out is not read again when the rule is gone.
            _ = try await Magenta.run(["exclude", "remove", "animals", "--store", store], in: scratch)
            let again = try await Magenta.json(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            #expect(again["lines"]?.integer == 0 && again["messages"]?.integer == 1)
        }
    }

    @Test(
        "A directory may be written in any way that a shell takes",
        arguments: ["home/dev/zoo", "./home/dev/../dev/zoo", "LINK", "ROOT/home//dev/./zoo/", "home/../home/dev/zoo/."])
    func directory(_ written: String) async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            let zoo = try scratch.folder("home/dev/zoo")
            let root = String(zoo.dropLast("/home/dev/zoo".utf8.count))
            try FileManager.default.createSymbolicLink(atPath: scratch.path("link"), withDestinationPath: zoo)
            let project = written.replacing("ROOT", with: root).replacing("LINK", with: "./link")
            let process = try ChildProcess(
                ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, root, try #require(Components.magenta)]
                    + ["exclude", "add", "--project", project, "--store", store],
                environment: ["HOME": scratch.root], in: scratch)
            #expect(try await process.exit(within: .seconds(20)) == .code(0), "\(process.errorText)")
            try scratch.write(
                Transcript.zoo.text.replacing("/home/dev/zoo", with: zoo), to: "transcripts/-p/\(Transcript.session).jsonl")
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            #expect(try !bytes(below: "memory", in: scratch, hold: "zebra"))
        }
    }

    @Test("What names no directory, and a time that nobody can keep, is refused")
    func refused() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            for arguments in [
                ["exclude", "add", "--project", "no/directory"], ["exclude", "add", "--project", "/home/dev/zoo*"],
                ["exclude", "add", "--project", ".no/directory/here"],
                ["exclude", "add", "--project", ""], ["forget", "--project", "", "--yes"],
                ["retention", "set", "--keep", "9223372036854775807w"],
                ["retention", "set", "--keep", "5300w"], ["retention", "set", "--keep", "0d"],
            ] { _ = try await Magenta.run(arguments + ["--store", store], in: scratch, exits: 64) }
            _ = try await Magenta.run(["exclude", "add", "--project", "gitserver/team/atlas", "--store", store], in: scratch)
        }
    }

    @Test("A rule that is made while the server watches keeps out what comes then, by project and by path")
    func watching() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            let projects = "home/.claude/projects"
            try scratch.write(Transcript.zoo.text, to: "\(projects)/-home-dev-zoo/\(Transcript.session).jsonl")
            try await Magenta.serving(["--store", store], in: scratch) { _ in
                try await found("zebra", Transcript.id(2), store, scratch)
                let advice = try Magenta.start(["exclude", "add", "--project", "/home/dev/zoo", "--store", store], in: scratch)
                #expect(try await advice.exit() == .code(0))
                #expect(advice.errorText.contains("magenta forget --project /home/dev/zoo"))
                _ = try await Magenta.run(["exclude", "add", "--path", "**/-home-dev-scratch/**", "--store", store], in: scratch)
                var more = Transcript()
                more.prompt(4, "And a quagga?")
                try append(more.text, to: scratch.path("\(projects)/-home-dev-zoo/\(Transcript.session).jsonl"))
                try scratch.write(
                    more.text.replacing("quagga", with: "pangolin").replacing("/home/dev/zoo", with: "/home/dev/else"),
                    to: "\(projects)/-home-dev-scratch/b.jsonl")
                _ = try await eventually(within: .seconds(20), "both lines to be counted") {
                    let rules = try await Magenta.json(["exclude", "--store", store], in: scratch)
                    return rules["rules"]?.array?.map { $0["lines"]?.integer } == [1, 1] ? true : nil
                }
                // The control: another project is stored meanwhile.
                try scratch.write(
                    more.text.replacing("quagga", with: "walrus").replacing("/home/dev/zoo", with: "/home/dev/sea").replacing(
                        Transcript.id(4), with: Transcript.id(8)), to: "\(projects)/-home-dev-sea/c.jsonl")
                try await found("walrus", Transcript.id(8), store, scratch)
                for word in ["quagga", "pangolin"] { #expect(try !bytes(below: "memory", in: scratch, hold: word), "\(word)") }
            }
        }
    }

    @Test("An archive brings nothing of an excluded project")
    func archive() async throws {
        try await withZoo { scratch, store in
            let archive = scratch.path("zoo.jsonl")
            _ = try await Magenta.run(["export", archive, "--store", store], in: scratch)
            let target = scratch.path("other/memory.sqlite")
            _ = try await Magenta.run(["exclude", "add", "--project", "zoo", "--store", target], in: scratch)
            let counts = try await Magenta.json(["import", archive, "--store", target], in: scratch)
            #expect(counts["messages_added"]?.integer == 0 && counts["records_added"]?.integer == 3)
            let text = try await Magenta.run(["export", "-", "--store", target], in: scratch)
            #expect(!text.contains("zebra") && text.contains("excluded:zoo"))
            #expect(try await Magenta.json(["check", "--store", target], in: scratch)["ok"]?.bool == true)
        }
    }

    @Test("Retention forgets what is too old, project by project, and leaves no byte")
    func retention() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            // Of 2026-03-01, and of a time that is not over.
            try Transcript.zoo.write(in: scratch)
            for (name, word, year) in [("sea", "walrus", "2026"), ("sky", "condor", "2199")] {
                var other = Transcript()
                other.prompt(name == "sea" ? 8 : 9, "A \(word) in another project")
                try scratch.write(
                    other.text.replacing("/home/dev/zoo", with: "/home/dev/\(name)").replacing(Transcript.session, with: name)
                        .replacing("2026-", with: "\(year)-"), to: "transcripts/-home-dev-\(name)/\(name).jsonl")
            }
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            #expect(try bytes(below: "memory", in: scratch, hold: "zebra"))
            _ = try await Magenta.run(["retention", "set", "--keep", "1d", "--store", store], in: scratch)
            _ = try await Magenta.run(["retention", "set", "--keep", "forever", "--project", "sea", "--store", store], in: scratch)
            let preview = try await Magenta.json(["retention", "run", "--dry-run", "--store", store], in: scratch)
            #expect(preview["messages"]?.integer == 3 && preview["forgotten"]?.bool == false)
            #expect(try bytes(below: "memory", in: scratch, hold: "zebra"))
            #expect(try await Magenta.json(["retention", "run", "--store", store], in: scratch)["messages"]?.integer == 3)
            #expect(try !bytes(below: "memory", in: scratch, hold: "zebra"))
            for word in ["walrus", "condor"] { #expect(try bytes(below: "memory", in: scratch, hold: word), "\(word)") }
            #expect(try await Magenta.json(["retention", "run", "--store", store], in: scratch)["messages"]?.integer == 0)
        }
    }

    @Test("A rule by a directory's path or by its name keeps out what is said below it", arguments: ["/home/dev/zoo", "zoo", "/home/dev"])
    func below(_ project: String) async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            _ = try await Magenta.run(["exclude", "add", "--project", project, "--store", store], in: scratch)
            for (number, place) in ["/home/dev/zoo/cages/deep", "/srv/zoo2"].enumerated() {
                var transcript = Transcript()
                transcript.prompt(1, number == 0 ? "A quagga in the cage" : "A walrus beside it")
                try scratch.write(
                    transcript.text.replacing("/home/dev/zoo", with: place).replacing(Transcript.session, with: "s\(number)")
                        .replacing(Transcript.id(1), with: Transcript.id(1 + number)),
                    to: "transcripts/-p-\(number)/s\(number).jsonl")
            }
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            #expect(try !bytes(below: "memory", in: scratch, hold: "quagga"))
            #expect(try bytes(below: "memory", in: scratch, hold: "walrus"))
        }
    }

    @Test("Retention by a directory reaches what is below it, but not what has a rule of its own", arguments: ["/home/dev/zoo/keep", "keep"])
    func nested(_ kept: String) async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory/memory.sqlite")
            for (number, place) in ["/home/dev/zoo/cages", "/home/dev/zoo/keep/deep"].enumerated() {
                var transcript = Transcript()
                transcript.prompt(1, number == 0 ? "A quagga in the cage" : "A walrus to keep")
                try scratch.write(
                    transcript.text.replacing("/home/dev/zoo", with: place).replacing(Transcript.session, with: "s\(number)")
                        .replacing(Transcript.id(1), with: Transcript.id(1 + number)),
                    to: "transcripts/-p-\(number)/s\(number).jsonl")
            }
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)
            _ = try await Magenta.run(["retention", "set", "--keep", "forever", "--project", kept, "--store", store], in: scratch)
            _ = try await Magenta.run(["retention", "set", "--keep", "1d", "--project", "/home/dev/zoo", "--store", store], in: scratch)
            #expect(try await Magenta.json(["retention", "run", "--store", store], in: scratch)["messages"]?.integer == 1)
            #expect(try !bytes(below: "memory", in: scratch, hold: "quagga"))
            #expect(try bytes(below: "memory", in: scratch, hold: "walrus"))
        }
    }

    @Test("The server applies retention by itself")
    func served() async throws {
        try await withZoo { scratch, store in
            _ = try await Magenta.run(["retention", "set", "--keep", "1d", "--store", store], in: scratch)
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                _ = try await eventually(within: .seconds(20), "the server to forget") {
                    server.process.errorText.contains("forgot what was too old") ? true : nil
                }
                let shown = try await Magenta.json(["show", "--store", store], in: scratch)
                #expect(shown.messageIDs == [])
            }
        }
    }

    private func found(_ word: String, _ id: String, _ store: String, _ scratch: Scratch) async throws {
        _ = try await eventually(within: .seconds(20), "\(word) to be found") {
            let answer = try? await Magenta.json(["search", word, "--store", store], in: scratch)
            return answer?.messageIDs == [id] ? true : nil
        }
    }

    private func bytes(below folder: String, in scratch: Scratch, hold word: String) throws -> Bool {
        let needle = Data(word.utf8)
        return try Scratch.files(in: scratch.path(folder)).contains { Data(Scratch.bytes(at: $0)).firstRange(of: needle) != nil }
    }
}
