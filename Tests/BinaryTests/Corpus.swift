import BinaryTesting
import FoundationEssentials
import JSON

/// The generator ended with an error: it writes some lines that cannot be encoded, at some seeds.
struct GeneratorFailure: Error {
    var seed: Int
    var errorText: String
}

/// A generated corpus of transcripts, rare and hostile shapes among them, and what its manifest says is in it.
struct Corpus {
    /// Its place in the scratch folder.
    let name: String
    let folder: String
    let manifest: JSONValue
    /// Every `.jsonl` file, by path.
    let files: [String]

    static func generate(megabytes: Int, seed: Int = 7, in scratch: Scratch) async throws -> Corpus {
        guard let python = Components.python, let generator = Components.generator else { throw TestFailure("no generator") }
        let name = "corpus-\(seed)"
        let folder = scratch.path(name)
        let process = try ChildProcess(
            [python, generator, "--seed", "\(seed)", "--out", folder, "--mb", "\(megabytes)", "--max-turns", "20", "--edge"], environment: [:],
            in: scratch)
        guard try await process.exit(within: .seconds(120)) == .code(0) else {
            throw GeneratorFailure(seed: seed, errorText: String(process.errorText.suffix(200)))
        }
        let manifest = try JSONReader(loneSurrogates: .replace, refusesDuplicateKeys: false).read(
            Scratch.bytes(at: "\(folder)/manifest.json"))
        return Corpus(
            name: name, folder: folder, manifest: manifest, files: try Scratch.files(in: folder).filter { $0.hasSuffix(".jsonl") })
    }

    /// A corpus at a seed that is chosen at random, among those at which the generator does not fail itself.
    static func generateAtRandom(megabytes: Int, in scratch: Scratch) async throws -> (corpus: Corpus, seed: Int) {
        for _ in 0..<10 {
            let seed = Int.random(in: 0..<1 << 31)
            do {
                return (try await generate(megabytes: megabytes, seed: seed, in: scratch), seed)
            } catch let failure as GeneratorFailure {
                print("counted: the generator makes nothing at seed \(failure.seed): \(failure.errorText.split(separator: "\n").last ?? "")")
            }
        }
        throw TestFailure("the generator failed at ten seeds, which stand above")
    }

    func edgeLines(_ shape: String) -> Int64 { manifest["edge_lines"]?[shape]?.integer ?? 0 }

    /// The lines that must be refused: those that are no JSON object. The generator counts the copy of one as a copy alone.
    var refusedLines: Int64 {
        let copies = files.reduce(0) { sum, file in
            let lines = Scratch.bytes(at: file).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            return sum + zip(lines, lines.dropFirst()).count { $0 == $1 && !$0.isEmpty && (try? JSONReader().read(Array($0)))?.object == nil }
        }
        return edgeLines("invalid-json") + edgeLines("non-object") + Int64(copies)
    }

    var needles: [(word: String, id: String)] {
        (manifest["needles"]?.array ?? []).compactMap { needle in
            guard let word = needle["needle"]?.string, let id = needle["uuid"]?.string else { return nil }
            return (word, id)
        }
    }

    /// The secrets that were planted, and those that were drawn up and are in no line.
    var secrets: [String] { (manifest["secret_values"]?.array ?? []).compactMap { $0["value"]?.string } }

    /// The lines of all files that hold `text`.
    func lines(with text: String) -> Int64 {
        let wanted = Array(text.utf8)
        return files.reduce(0) { sum, file in
            sum + Int64(Scratch.bytes(at: file).split(separator: UInt8(ascii: "\n")).count { $0.firstRange(of: wanted) != nil })
        }
    }

    /// The uuids of the summaries that open a context window after a compaction.
    func continuations() throws -> Set<String> {
        var found: Set<String> = []
        for file in files {
            for line in Scratch.bytes(at: file).split(separator: UInt8(ascii: "\n"))
            where line.firstRange(of: Array("isCompactSummary".utf8)) != nil {
                guard let id = try JSONReader().read(Array(line))["uuid"]?.string else { continue }
                found.insert(id)
            }
        }
        return found
    }
}

/// The counts of one import, as `magenta import --json` gives them.
struct ImportCounts: Hashable {
    var lines, stored, known, repeated, refused, skipped, messages, windows, compactions: Int64

    init(_ answer: JSONValue) throws {
        func number(_ name: String) throws -> Int64 {
            guard let number = answer[name]?.integer else { throw TestFailure("magenta import --json gave no number \(name): \(answer)") }
            return number
        }
        lines = try number("lines")
        stored = try number("stored")
        known = try number("known")
        repeated = try number("repeated")
        refused = try number("refused")
        skipped = try number("skipped")
        messages = try number("messages")
        windows = try number("windows")
        compactions = try number("compactions")
    }

    var accountsForEveryLine: Bool { lines == stored + known + repeated + refused }
}
