import BinaryTesting
import JSON
import Testing

/// Where the redactor cannot be made as the user wants it, nothing is captured.
@Suite("A redactor that cannot be made", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct RedactorFailureTests {
    struct Flaw: Sendable, CustomStringConvertible {
        var flag: String
        /// `nil` for a file that is not there.
        var content: String?
        var says: String

        var description: String { "\(flag) \(content.map { String($0.prefix(60)) } ?? "missing"): \(says)" }
    }

    /// Stands in files that are refused, and must not stand in what is said of them.
    static let secret = "kept-0ut-0f-Err0rs"

    static let flaws = [
        Flaw(flag: "--secrets-file", content: nil, says: "No such file"),
        Flaw(flag: "--secrets-file", content: "[\"\(secret)\"", says: "not valid JSON"),
        Flaw(flag: "--secrets-file", content: "{\"a\": \"\(secret)\"}", says: "a JSON list of strings"),
        Flaw(flag: "--secrets-file", content: "[\"\(secret)\", 12345678]", says: "entry number 2"),
        Flaw(flag: "--secrets-file", content: "[\"\(secret)\", \"abc\"]", says: "6"),
        Flaw(flag: "--redaction-rules", content: nil, says: "No such file"),
        Flaw(flag: "--redaction-rules", content: "{\"patterns\": [", says: "not valid JSON"),
        Flaw(flag: "--redaction-rules", content: "{\"pattern\": []}", says: "no rule called"),
        Flaw(flag: "--redaction-rules", content: rules("acme_[0-9"), says: "pattern number 1"),
        // What makes a backtracking matcher run for years cannot be said at all.
        Flaw(flag: "--redaction-rules", content: rules("(a+)+$"), says: "pattern number 1"),
        Flaw(flag: "--redaction-rules", content: rules("(acme[a-z]{1,9}(x)?)?"), says: "a part within a part"),
        Flaw(flag: "--redaction-rules", content: rules("[a-z]{1,4096}acme"), says: "before its first literal"),
        Flaw(flag: "--redaction-rules", content: rules("[a-z]{20,}"), says: "no literal text"),
    ]

    private static func rules(_ pattern: String) -> String { "{\"patterns\": [{\"name\": \"acme\", \"pattern\": \"\(pattern)\"}]}" }

    @Test(arguments: flaws)
    func `every way of capturing stops with the reason, and nothing is stored`(flaw: Flaw) async throws {
        try await Scratch.with { scratch in
            let transcripts = try Transcript.zoo.write(in: scratch)
            let file = flaw.content == nil ? scratch.path("missing.json") : try scratch.write(flaw.content ?? "", to: "flawed.json")
            let store = ["--store", "\(try scratch.folder("store"))/memory.sqlite"]
            for command in [
                ["import", transcripts], ["serve", "--listen", "localhost:0", "--transcripts", transcripts], ["stdio", "--transcripts", transcripts],
                ["redact", "\(transcripts)/-home-dev-zoo/\(Transcript.session).jsonl"],
            ] {
                let process = try Magenta.start(command + store + [flaw.flag, file], in: scratch)
                let status = try await process.exit(within: .seconds(20))
                #expect(status == .code(1) || status == .code(64), "\(command[0]): \(status)")
                #expect(process.errorText.contains(flaw.says), "\(command[0]): \(process.errorText)")
                #expect(process.errorText.contains(file) || flaw.says == "6", "\(command[0]): \(process.errorText)")
                #expect(!process.errorText.contains(Self.secret))
                #expect(process.output.isEmpty, "\(command[0])")
            }
            for path in try Scratch.files(in: scratch.path("store")) { #expect(!Scratch.bytes(at: path).contains("zebra".utf8), "\(path)") }
            // The control: without the flaw the same words are stored.
            _ = try await Magenta.run(["import", transcripts] + store, in: scratch)
            #expect(try await Magenta.json(["search", "zebra"] + store, in: scratch).messageIDs == [Transcript.id(2)])
        }
    }

    @Test func `the dearest pattern that is allowed takes seconds for a text made to hurt it`() async throws {
        try await Scratch.with { scratch in
            let pattern = "[a-z]{1,128}aaa[a-z ]{1,4096}[0-9]{4}"
            let rules = try scratch.write(Self.rules(pattern), to: "rules.json")
            for unit in ["a", "aaa ", "aaa-"] {
                let text = String(repeating: unit, count: 50_000 / unit.utf8.count)
                let file = try scratch.write(text, to: "hostile.txt")
                let start = ContinuousClock.now
                // Some 128 steps a byte: a second in a debug build. A matcher that goes back takes years.
                let output = try await Magenta.run(["redact", file, "--redaction-rules", rules], in: scratch, within: .seconds(120))
                print("counted: \(pattern) over 50,000 bytes of \"\(unit)\": \(ContinuousClock.now - start)")
                #expect(output == text)
            }
        }
    }

    @Test func `a secret that is listed later is redacted in what comes after`() async throws {
        try await Scratch.with { scratch in
            let store = ["--store", "\(try scratch.folder("store"))/memory.sqlite"]
            let list = try scratch.write("[]", to: "secrets.json")
            var transcript = Transcript()
            transcript.prompt(1, "before \(Self.secret)")
            let folder = try transcript.write(in: scratch)
            let arguments = ["import", folder, "--secrets-file", list] + store
            _ = try await Magenta.run(arguments, in: scratch)
            try scratch.write("[\"\(Self.secret)\"]", to: "secrets.json")
            transcript.prompt(2, "behind \(Self.secret)")
            try transcript.write(in: scratch)
            _ = try await Magenta.run(arguments, in: scratch)
            func text(_ number: Int) async throws -> String? {
                try await Magenta.json(["show", Transcript.id(number)] + store, in: scratch)["messages"]?.array?.first?["text"]?.string
            }
            #expect(try await text(1) == "before \(Self.secret)")
            #expect(try await text(2)?.hasPrefix("behind [redacted:exact:") == true)
        }
    }
}
