import BinaryTesting
import FoundationEssentials
import JSON
import Testing

/// Who and where: several users and machines in one store, and one repository under many directories. Real git makes the repositories.
@Suite("Origins and repositories through the binary", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct OriginTests {
    private static let git = ["/usr/bin/git", "/usr/local/bin/git", "/opt/homebrew/bin/git"].first(where: FileManager.default.isExecutableFile)

    @Test("A worktree, a clone and a clone on another machine are one project", .enabled(if: git != nil, "no git"))
    func meeting() async throws {
        try await Scratch.with { scratch in
            let git = try #require(Self.git)
            let home = try scratch.folder("work")
            func run(_ arguments: String...) async throws {
                let process = try ChildProcess(
                    [git, "-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=main"] + arguments,
                    environment: ["HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "PATH": "/usr/bin:/bin"], in: scratch)
                let status = try await process.exit(within: .seconds(20))
                if status != .code(0) { throw TestFailure("git \(arguments) ended with \(status): \(process.errorText)") }
            }
            // Directories whose names say nothing of each other.
            try await run("init", "-q", home + "/atlas")
            try await run("-C", home + "/atlas", "commit", "-q", "--allow-empty", "-m", "begin")
            try await run("-C", home + "/atlas", "worktree", "add", "-q", home + "/feature-x")
            try await run("-C", home + "/atlas", "remote", "add", "origin", "https://ana:hunter2secret@github.com/Ana/Atlas.git")
            try await run("init", "-q", home + "/second")
            try await run("-C", home + "/second", "remote", "add", "origin", "git@github.com:ana/atlas")
            try await run("init", "-q", home + "/stranger")
            try await run("-C", home + "/stranger", "remote", "add", "origin", "git@github.com:ana/other")
            try FileManager.default.createDirectory(atPath: home + "/second/deep/down", withIntermediateDirectories: true)

            let store = scratch.path("memory.sqlite")
            let places = ["atlas", "feature-x", "second/deep/down", "stranger"]
            for (number, place) in places.enumerated() {
                let line = Self.prompt(number + 1, "the lighthouse of \(place)", cwd: home + "/" + place)
                let folder = "machine-\(number)/-p"
                try scratch.write(line + "\n", to: "\(folder)/\(Self.session(number + 1)).jsonl")
                let flags = ["--user", number == 2 ? "bo" : "ana", "--machine", number == 2 ? "server" : "laptop"]
                _ = try await Magenta.run(["import", scratch.path("machine-\(number)"), "--store", store] + flags, in: scratch)
            }
            for project in ["feature-x", home + "/second/deep/down", "github.com/ana/atlas", "atlas"] {
                let found = try await texts(["search", "lighthouse", "--project", project, "--store", store], scratch)
                #expect(found == places.prefix(3).map { "the lighthouse of \($0)" }.sorted(), "by \(project)")
            }
            #expect(try await texts(["search", "lighthouse", "--project", "stranger", "--store", store], scratch).count == 1)
            #expect(try await texts(["search", "lighthouse", "--from", "bo", "--store", store], scratch) == ["the lighthouse of second/deep/down"])
            #expect(try await texts(["search", "lighthouse", "--from", "Ana@laptop", "--store", store], scratch).count == 3)
            #expect(try await texts(["search", "lighthouse", "--from", "claude-code", "--store", store], scratch).count == 4)
            #expect(try await texts(["search", "lighthouse", "--from", "nobody", "--store", store], scratch) == [])

            let all = try await Magenta.json(["search", "lighthouse", "--store", store], in: scratch)
            #expect(Set(all["messages"]?.array?.compactMap { $0["from"]?.string } ?? []) == ["ana@laptop (claude-code)", "bo@server (claude-code)"])
            let one = try await Magenta.json(["search", "lighthouse", "--from", "bo", "--store", store], in: scratch)
            #expect(one["about"]?["from"] == "bo@server (claude-code)", "said once where all are from one")
            #expect(one["messages"]?.array?.first?["from"] == nil)
            for file in try Scratch.files(in: scratch.root) where file.contains("memory.sqlite") {
                #expect(!String(decoding: Scratch.bytes(at: file), as: UTF8.self).contains("hunter2secret"), "a remote's password in \(file)")
            }
        }
    }

    private func texts(_ arguments: [String], _ scratch: Scratch) async throws -> [String] {
        try await Magenta.json(arguments, in: scratch)["messages"]?.array?.compactMap { $0["text"]?.string }.sorted() ?? []
    }

    private static func session(_ number: Int) -> String { "5e551011-0000-4000-8000-00000000000\(number)" }

    private static func prompt(_ number: Int, _ text: String, cwd: String) -> String {
        let record: JSONValue = [
            "type": "user", "uuid": .string(Transcript.id(number)), "parentUuid": nil, "sessionId": .string(session(number)),
            "timestamp": "2026-03-01T10:00:00.000Z", "cwd": .string(cwd), "version": "2.1.330", "isSidechain": false,
            "message": ["role": "user", "content": .string(text)],
        ]
        return JSONWriter.string(of: record)
    }
}
