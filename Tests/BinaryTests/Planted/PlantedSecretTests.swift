import BinaryTesting
import FoundationEssentials
import JSON
import Testing

/// Secrets in every place that text can hide, and then a search through every byte that the product wrote.
@Suite("Planted secrets", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct PlantedSecretTests {
    @Test func `no planted secret is in any file that the product writes`() async throws {
        try await Scratch.with { scratch in
            let (places, search) = try await Self.plantAndSearch(isControl: false, in: scratch)
            let finds = search.finds(places.flatMap(\.secret.all))
            let found = places.flatMap { place in
                finds.filter { place.secret.all.contains($0.text) }.map { "\(place.name): \($0.text), \($0.form), in \($0.path)" }
            }
            print(
                "counted: \(places.count * 4) secrets in \(places.count) places, \(search.bytes) bytes in \(search.count) files searched: "
                    + "\(found.count) found")
            #expect(found == [])
        }
    }

    @Test func `the control: without redaction the same search finds what was planted in each place`() async throws {
        try await Scratch.with { scratch in
            let (places, search) = try await Self.plantAndSearch(isControl: true, in: scratch)
            let found = Set(search.finds(places.flatMap(\.secret.all)).map(\.text))
            let missed = places.filter { $0.trace != .nowhere }.flatMap { place in
                place.secret.all.filter { !found.contains($0) }.map { "\(place.name): \($0)" }
            }
            print("counted: control: \(places.count { $0.trace != .nowhere }) places, \(missed.count) secrets not found")
            #expect(missed == [])
        }
    }

    /// Runs the product on a world of secrets, and gives a search of what it wrote: everything in the scratch folder but `world/`.
    private static func plantAndSearch(isControl: Bool, in scratch: Scratch) async throws -> ([PlantedWorld.Place], FileSearch) {
        var world = PlantedWorld(isControl: isControl)
        let sources = try world.write(in: scratch)
        let questions = PlantedQuestions(&world)
        let store = ["--store", "\(try scratch.folder("store"))/memory.sqlite"]
        let product = try Product(world, in: scratch)

        // A line that cannot be read is told, and ends nothing.
        _ = try await product.run(["import"] + sources + store + ["--json"])
        _ = try await product.run(["import"] + sources + store)
        try await questions.ask(product, store, in: scratch)
        _ = try await product.run(["export", scratch.path("archive.jsonl")] + store)
        _ = try await product.run(["export", "--format", "markdown", scratch.path("markdown")] + store)
        _ = try await product.run(["backup", scratch.path("backup.sqlite")] + store)
        _ = try await product.run(["show", "--json"] + store)
        _ = try await product.run(["check"] + store)
        // It prints what it was given, so in the control it would hide what the control is for.
        if !isControl {
            // The other transcript has secrets that are cut in two, which a plain text does not show.
            let transcripts = try Scratch.files(in: scratch.path("world/transcripts")).filter { $0.hasSuffix("\(Transcript.session).jsonl") }
                .flatMap { Scratch.bytes(at: $0) }
            let redact = try product.start(["redact", "-"] + store, hasInput: true)
            try await redact.write(transcripts + world.places.flatMap { Array("\n\($0.secret.text)".utf8) })
            redact.closeInput()
            #expect(try await redact.exit(within: .seconds(60)) == .code(0))
            #expect(redact.outputText.contains("[redacted:acme:"))
        }

        let python = try #require(Components.python)
        let dump = try ChildProcess(
            [python, "\(Components.package)/Tests/Interop/dump_store.py", scratch.root, scratch.path("dump")], environment: [:], in: scratch)
        #expect(try await dump.exit(within: .seconds(60)) == .code(0), "\(dump.errorText)")
        let written = try Scratch.files(in: scratch.root).filter { !$0.hasPrefix(scratch.path("world/")) }
        return (world.places, FileSearch(written))
    }
}

/// The binary with everything that a user may say of secrets, or in the control with nothing.
struct Product {
    private let scratch: Scratch
    private let environment: [String: String]
    private let settings: [String]

    init(_ world: PlantedWorld, in scratch: Scratch) throws {
        self.scratch = scratch
        var environment = try Magenta.environment(in: scratch)
        guard !world.isControl else {
            (self.environment, settings) = (environment, [])
            return
        }
        for (number, place) in world.places.enumerated() { environment["ZOO_\(number)_TOKEN"] = place.secret.inherited }
        let list = JSONValue.array(world.places.map { .string($0.secret.listed) })
        let rules: JSONValue = ["patterns": [PlantedSecret.pattern]]
        settings = [
            "--secrets-file", try scratch.write(list.description, to: "world/secrets.json"),
            "--redaction-rules", try scratch.write(rules.description, to: "world/rules.json"),
        ]
        self.environment = environment
    }

    func start(_ arguments: [String], hasInput: Bool = false) throws -> ChildProcess {
        let binary = try #require(Components.magenta)
        return try ChildProcess([binary] + arguments + settings, environment: environment, in: scratch, hasInput: hasInput)
    }

    func run(_ arguments: [String]) async throws -> String {
        let process = try start(arguments)
        let status = try await process.exit(within: .seconds(120))
        guard status == .code(0) else {
            throw TestFailure(
                "magenta \(arguments[0]) ended with \(status): \(process.errorText.suffix(2000)) \(process.outputText.suffix(2000))")
        }
        return process.outputText
    }
}
