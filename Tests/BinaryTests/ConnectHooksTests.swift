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

/// `magenta connect claude-code --hooks` on files as they lie on a disk; what is merged how is tested beside the type.
@Suite("Connecting hooks", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ConnectHooksTests {
    private static let theirs = """
        {
          "model": "opus",
          "hooks": {
            "Stop": [ { "hooks": [ { "type": "command", "command": "say done" } ] } ]
          }
        }
        """

    private func connect(_ arguments: [String], in scratch: Scratch, exits code: Int32 = 0) async throws -> String {
        try await Magenta.run(["connect", "claude-code"] + arguments, in: scratch, exits: code)
    }

    private func text(_ path: String) -> String { String(decoding: Scratch.bytes(at: path), as: UTF8.self) }

    /// The permission bits, in octal.
    private func mode(_ path: String) throws -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { throw TestFailure("no \(path)") }
        let bits = status.st_mode & 0o7777
        return String(bits, radix: 8)
    }

    @Test func `Hooks go into the user's settings, run what installed them, and leave without a trace`() async throws {
        try await Scratch.with { scratch in
            let file = try scratch.write(Self.theirs, to: "home/.claude/settings.json")
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            let said = try await connect(["--hooks"], in: scratch)
            #expect(said.contains("PreCompact, SessionEnd, SessionStart into \(file)"))
            #expect(said.contains("\(file).before-magenta"))
            let value = try JSONReader().read(text(file))
            let start = try #require(value["hooks"]?["SessionStart"]?.array?.first?["hooks"]?.array?.first)
            let binary = try #require(Components.magenta)
            let real = try FileManager.default.destinationOfSymbolicLinks(binary)
            #expect(start["command"]?.string == "\(real) hook SessionStart")
            #expect(value["hooks"]?["SessionStart"]?.array?.first?["matcher"]?.string == "startup|clear|compact")
            #expect(value["hooks"]?["Stop"]?.array?.first?["hooks"]?.array?.first?["command"]?.string == "say done")
            #expect(try mode(file) == "640")
            #expect(text("\(file).before-magenta") == Self.theirs)

            let once = text(file)
            #expect(try await connect(["--hooks"], in: scratch).contains("already"))
            #expect(text(file) == once)

            let changed = try await connect(["--hooks", "--url", "http://127.0.0.1:9/mcp", "--max-tokens", "500", "--json"], in: scratch)
            #expect(try JSONReader().read(changed)["changed"]?.bool == true)
            #expect(text(file).contains("hook SessionStart --to http://127.0.0.1:9/mcp --max-tokens 500\""))
            #expect(text("\(file).before-magenta") == Self.theirs, "the copy is what stood there before the first change")

            #expect(try await connect(["--remove-hooks"], in: scratch).contains("took the hooks"))
            #expect(text(file) == Self.theirs)
            #expect(try Scratch.files(in: scratch.path("home/.claude")) == [file], "no copy and no draft is left")
            #expect(try await connect(["--remove-hooks"], in: scratch).contains("no hooks of magenta"))
        }
    }

    @Test func `Hooks of a binary that has moved since are replaced and removed all the same`() async throws {
        try await Scratch.with { scratch in
            let file = try scratch.write(
                #"{"hooks":{"PreCompact":[{"hooks":[{"type":"command","command":"/gone/bin/magenta hook PreCompact --to http://x"}]}]}}"#,
                to: "s.json")
            _ = try await connect(["--hooks", "--settings", file], in: scratch)
            #expect(!text(file).contains("/gone"))
            #expect(try JSONReader().read(text(file))["hooks"]?["PreCompact"]?.array?.count == 1)
            _ = try await connect(["--remove-hooks", "--settings", file], in: scratch)
            #expect(text(file) == "{}")
        }
    }

    @Test func `A settings file behind a link is changed where it is, and the link stays`() async throws {
        try await Scratch.with { scratch in
            let file = try scratch.write(Self.theirs, to: "dotfiles/claude.json")
            let folder = try scratch.folder("home/.claude")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/settings.json", withDestinationPath: "../../dotfiles/claude.json")
            _ = try await connect(["--hooks"], in: scratch)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/settings.json") == "../../dotfiles/claude.json")
            #expect(text(file).contains("hook SessionEnd"))
        }
    }

    @Test func `Without a settings file one is made that its owner alone may read`() async throws {
        try await Scratch.with { scratch in
            _ = try await connect(["--remove-hooks"], in: scratch)
            #expect(!Scratch.isFile(scratch.path("home/.claude/settings.json")))
            _ = try await connect(["--hooks"], in: scratch)
            #expect(try mode(scratch.path("home/.claude/settings.json")) == "600")
        }
    }

    @Test(
        "A file that is no JSON object, and one with comments, is refused and left as it is",
        arguments: ["[]", "{ // mine\n}", "{\"hooks\": 7}", "\u{FEFF}{}"])
    func refused(content: String) async throws {
        try await Scratch.with { scratch in
            let file = try scratch.write(content, to: "home/.claude/settings.json")
            let process = try Magenta.start(["connect", "claude-code", "--hooks"], in: scratch)
            #expect(try await process.exit() == .code(64))
            #expect(process.errorText.contains("\(file) is left as it is: "))
            #expect(text(file) == content)
            #expect(try Scratch.files(in: scratch.path("home/.claude")) == [file])
        }
    }

    @Test(
        "Options that contradict each other are refused",
        arguments: [
            ["--hooks", "--remove-hooks"], ["--hooks", "--write"], ["--project"], ["--hooks", "--project", "--settings", "x"],
            ["--hooks", "--max-tokens", "1"], ["--hooks", "--url", "https://memory.example"], ["--settings", "x"],
        ])
    func contradiction(arguments: [String]) async throws {
        try await Scratch.with { scratch in _ = try await connect(arguments, in: scratch, exits: 64) }
    }
}

extension FileManager {
    /// The path behind links, or the path itself.
    fileprivate func destinationOfSymbolicLinks(_ path: String) throws -> String {
        guard let real = realpath(path, nil) else { throw TestFailure("no \(path)") }
        defer { free(real) }
        return String(cString: real)
    }
}
