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

/// `magenta import` on real transcripts and on a generated corpus whose manifest is the truth.
@Suite("Import through the binary", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ImportTests {
    @Test(
        "Real transcripts lose no line, and a rerun stores nothing",
        .enabled(if: Components.realTranscripts != nil, "no real transcripts: MAGENTA_SHARED names their folder"))
    func real() async throws {
        let folder = try #require(Components.realTranscripts)
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let first = try await counts(folder, store, scratch)
            #expect(first.accountsForEveryLine)
            #expect(first.lines == (try newlines(in: folder)))
            #expect(first.refused == 0)
            #expect(first.messages > 0)
            #expect(first.compactions > 0)
            #expect(first.windows > first.compactions)
            try await expectNothingNew(folder, store, first, scratch)
        }
    }

    @Test(
        "A generated corpus agrees with its manifest, line by line and needle by needle",
        .enabled(if: Components.generator != nil, "no generator: MAGENTA_SHARED names the folder that holds tools/"))
    func generated() async throws {
        try await Scratch.with { scratch in
            let corpus = try await Corpus.generate(megabytes: 4, in: scratch)
            let store = scratch.path("memory.sqlite")
            let first = try await counts(corpus.folder, store, scratch)
            #expect(first.accountsForEveryLine)
            #expect(first.lines == corpus.manifest["lines"]?.integer)
            #expect(first.refused == corpus.refusedLines, "exactly the hostile lines")
            #expect(first.repeated >= corpus.edgeLines("duplicate-line"))

            // Every compaction opens a window of its own: as many windows as summaries, and none shared.
            let continuations = try corpus.continuations()
            #expect(continuations.count == Int(corpus.manifest["compactions"]?.integer ?? 0))
            var windows: Set<Int64> = []
            for id in continuations {
                let shown = try await Magenta.json(["show", id, "--store", store], in: scratch)
                let message = try #require(shown["messages"]?.array?.first { $0["id"]?.string == id })
                #expect(message["kind"]?.string == "continuation")
                windows.insert(try #require(message["window"]?.integer))
            }
            #expect(windows.count == continuations.count)

            #expect(!corpus.needles.isEmpty)
            for needle in corpus.needles {
                let found = try await Magenta.json(["search", needle.word, "--store", store], in: scratch)
                #expect(found.messageIDs?.contains(needle.id) == true, "\(needle)")
            }
            try await expectNothingNew(corpus.folder, store, first, scratch)
        }
    }

    @Test(
        "A secret of the secrets file is in no file that the product writes",
        .enabled(if: Components.generator != nil, "no generator: MAGENTA_SHARED names the folder that holds tools/"))
    func secrets() async throws {
        try await Scratch.with { scratch in
            let corpus = try await Corpus.generate(megabytes: 4, in: scratch)
            let secrets = corpus.secrets
            let list = try scratch.write(JSONValue.array(secrets.map(JSONValue.string)).description, to: "secrets.json")
            // The generator draws which secrets it plants; here each stands in each kind of place.
            var transcript = Transcript()
            for (index, secret) in secrets.enumerated() {
                transcript.prompt(4 * index + 1, "the value is \(secret), keep it")
                transcript.toolUse(4 * index + 2, "Bash", ["command": .string("echo '\(secret)'")])
                transcript.toolResult(4 * index + 3, text: .string(secret), structured: ["out": .string(secret)], server: "other")
                transcript.reply(4 * index + 4, secret)
            }
            try scratch.write(transcript.text, to: "\(corpus.name)/-home-dev-zoo/\(Transcript.session).jsonl")

            // The control: without the list the same search finds them, so a search that finds nothing says something.
            let open = try scratch.folder("open")
            _ = try await counts(corpus.folder, "\(open)/memory.sqlite", scratch)
            try await dump(open, scratch)
            // Those that look like a token are taken out anyway, by their shape.
            let shapeless = secrets.filter { !$0.hasPrefix("sk-") && !$0.hasPrefix("-----") }
            #expect(shapeless.count >= 2)
            for secret in shapeless { #expect(try !filesHolding(secret, in: open).isEmpty) }

            let closed = try scratch.folder("closed")
            _ = try await counts(corpus.folder, "\(closed)/memory.sqlite", scratch, ["--secrets-file", list])
            try await dump(closed, scratch)
            let home = try scratch.folder("home")
            for secret in secrets {
                #expect(try filesHolding(secret, in: closed) + filesHolding(secret, in: home) == [])
            }
        }
    }

    @Test("A message of 2 MB comes back whole")
    func large() async throws {
        try await Scratch.with { scratch in
            var transcript = Transcript()
            let words = (0..<250_000).map { "word\($0 % 5000)" }.joined(separator: " ") + " giraffe"
            transcript.prompt(1, words)
            #expect(words.utf8.count > 2_000_000)
            let store = scratch.path("memory.sqlite")
            let counts = try await counts(try transcript.write(in: scratch), store, scratch)
            #expect(counts.stored == 1)
            let found = try await Magenta.json(["search", "giraffe", "--store", store], in: scratch)
            #expect(found.messageIDs == [Transcript.id(1)])

            // No budget holds it, so it comes in parts, each with the cursor of the next.
            var text = ""
            var cursor: String?
            repeat {
                let more = cursor.map { ["--cursor", $0] } ?? []
                let shown = try await Magenta.json(["show", Transcript.id(1), "--store", store] + more, in: scratch)
                text += shown["messages"]?.array?.first?["text"]?.string ?? ""
                cursor = shown["cursor"]?.string
            } while cursor != nil && text.utf8.count < words.utf8.count
            #expect(text == words)
        }
    }

    @Test(
        "An import that is killed loses nothing and resumes",
        .enabled(if: Components.generator != nil, "no generator: MAGENTA_SHARED names the folder that holds tools/"))
    func killed() async throws {
        try await Scratch.with { scratch in
            let corpus = try await Corpus.generate(megabytes: 4, in: scratch)
            let whole = try await counts(corpus.folder, scratch.path("whole.sqlite"), scratch)

            let store = scratch.path("killed.sqlite")
            let process = try Magenta.start(["import", corpus.folder, "--store", store, "--json"], in: scratch)
            // Killed in the middle: at about half of what the whole import came to.
            let half = Scratch.bytes(at: scratch.path("whole.sqlite")).count / 2
            _ = try await eventually(within: .seconds(60), "the import to write") {
                process.exitStatus != nil || Scratch.bytes(at: store + "-wal").count > half ? true : nil
            }
            process.send(SIGKILL)
            let ended = try await process.exit()
            let resumed = try await counts(corpus.folder, store, scratch)
            #expect(resumed.accountsForEveryLine)
            #expect(resumed.messages == whole.messages)
            #expect(resumed.windows == whole.windows)
            print("counted: an import killed (\(ended)) had \(resumed.stored) of \(whole.stored) records left to store when it resumed")

            for needle in corpus.needles {
                let found = try await Magenta.json(["search", needle.word, "--store", store], in: scratch)
                #expect(found.messageIDs?.contains(needle.id) == true, "\(needle)")
            }
            // Both stores hold the same, whatever the way.
            let (left, right) = (try await newest(store, scratch), try await newest(scratch.path("whole.sqlite"), scratch))
            #expect(left == right)
            try await expectNothingNew(corpus.folder, store, whole, scratch)
        }
    }

    /// The ids of the newest messages.
    private func newest(_ store: String, _ scratch: Scratch) async throws -> [String]? {
        try await Magenta.json(["show", "--limit", "100", "--store", store], in: scratch).messageIDs
    }

    private func counts(_ folder: String, _ store: String, _ scratch: Scratch, _ more: [String] = []) async throws -> ImportCounts {
        try ImportCounts(try await Magenta.json(["import", folder, "--store", store] + more, in: scratch, within: .seconds(300)))
    }

    /// Imports again: whatever is read is `repeated`, and the store gains nothing.
    private func expectNothingNew(_ folder: String, _ store: String, _ first: ImportCounts, _ scratch: Scratch) async throws {
        let again = try await counts(folder, store, scratch)
        #expect(again.accountsForEveryLine)
        #expect(again.stored == 0)
        #expect(again.lines == again.repeated)
        #expect(again.lines + again.skipped == first.lines, "each line is repeated or passed over by its offset")
        #expect(again.messages == first.messages)
        #expect(again.windows == first.windows)
    }

    private func newlines(in folder: String) throws -> Int64 {
        try Scratch.files(in: folder).filter { $0.hasSuffix(".jsonl") }.reduce(0) { sum, file in
            let bytes = Scratch.bytes(at: file)
            // A last line without its newline is half written, unless the file is whole.
            return sum + Int64(bytes.count { $0 == UInt8(ascii: "\n") }) + (bytes.last == UInt8(ascii: "\n") || bytes.isEmpty ? 0 : 1)
        }
    }

    /// Writes what the databases in `folder` hold, unpacked, into files beside them.
    private func dump(_ folder: String, _ scratch: Scratch) async throws {
        let python = try #require(Components.python)
        let script = "\(Components.package)/Tests/Interop/dump_store.py"
        let process = try ChildProcess([python, script, folder, "\(folder)/dump"], environment: [:], in: scratch)
        let status = try await process.exit(within: .seconds(60))
        #expect(status == .code(0), "\(process.errorText)")
    }

    /// The files below `folder` that hold `secret` as it is or as a JSON string would hold it.
    private func filesHolding(_ secret: String, in folder: String) throws -> [String] {
        let written = JSONValue.string(secret).description.dropFirst().dropLast()
        let forms = Set([Array(secret.utf8), Array(written.utf8)])
        return try Scratch.files(in: folder).filter { file in
            let bytes = Data(Scratch.bytes(at: file))
            return forms.contains { bytes.firstRange(of: $0) != nil }
        }
    }
}
