import ArgumentParser
import FoundationEssentials
import JSON
import MemoryModel
import MemoryStore
import MemoryStoreSQLite
import TranscriptIngest

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Remove messages for good: by id, conversation, project, time or text.",
        discussion: """
            magenta forget ID...                              single messages
            magenta forget --conversation ID                  a conversation
            magenta forget --project zoo --until 2026-01-01   what is older, of a project
            magenta forget --text -                           whatever holds the text that standard input gives

            magenta forget --text - --spool FILE              the text, from what waits in the spool of `magenta watch --to`

            Conditions are joined by and. Rows, index, raw records, titles and names go, then the file is written anew and its log is cut. What was \
            forgotten does not come back with its transcript, a copy of it or an archive. Backups and exports are out of reach: those that magenta \
            wrote are listed. --dry-run shows what would go. Asks before it begins; without a terminal --yes is needed. The server may run.
            Exit code 0 when it is gone from the file, 1 when not (the reason on stderr). docs/forget.md says more.
            """)

    @Argument(help: ArgumentHelp("Ids of messages.", valueName: "id"))
    var ids: [String] = []

    @Option(help: ArgumentHelp("Whatever holds this text, exactly; - reads it from standard input, where no history keeps it.", valueName: "text"))
    var text: String?

    @OptionGroup var selection: SelectionOptions

    @Flag(help: "Show what would go, and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: ArgumentHelp("Remove the text from lines that wait in this spool, in place of the store. Stop its watch first.", valueName: "file"))
    var spool: String?

    @Flag(help: "Finish what was begun and cut short; says so where nothing was.")
    var finish = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try Settings(options)
        let chosen = try chosen(settings)
        guard finish || dryRun || yes || isatty(STDIN_FILENO) == 1 else {
            throw UsageError("nobody can be asked here; say --yes to forget, or --dry-run to see what would go")
        }
        if let spool { return try await forget(chosen, inSpool: Settings.absolute(spool, home: settings.home)) }
        let store = try await OpenStore.forReading(settings)
        if let chosen {
            if dryRun || !yes {
                let preview = try await store.previewErasure(chosen)
                if dryRun || preview.isEmpty { return try await show(preview, store, isDone: false) }
                guard confirmed(preview) else {
                    Terminal.complain("nothing was forgotten")
                    throw ExitCode(1)
                }
            }
            let begun = try await store.beginErasure(chosen)
            if begun.isEmpty { return try await show(begun, store, isDone: false) }
            try await Self.finish(store)
            return try await show(begun, store, isDone: true)
        }
        guard let pending = try await store.pendingErasure() else { return say("nothing is left to finish", ["pending": false]) }
        try await Self.finish(store)
        say(
            pending.isOnlyFile ? "the file is written anew" : "\(pending.rows) messages and records removed, the file is written anew",
            ["pending": false])
    }

    private func forget(_ chosen: ErasureSelection?, inSpool path: String) async throws {
        guard let text = chosen?.text, ids.isEmpty, chosen?.filter == MessageFilter(), !dryRun else {
            throw UsageError("--spool goes with --text alone: what waits in a spool has no ids, projects or times yet")
        }
        guard FileManager.default.fileExists(atPath: path) else { throw UsageError("there is no spool at \(path)") }
        let spool = try await LineSpool.open(path: path, limit: LineSpool.smallestLimit)
        let lines = try await SpoolErasure(spool, text: text).run()
        try spool.close()
        say("forgot \(lines) lines that waited in \(path); their places are sent without them", ["forgotten": true, "lines": .integer(Int64(lines))])
    }

    /// `nil` to finish what was begun.
    private func chosen(_ settings: Settings) throws -> ErasureSelection? {
        var chosen = ErasureSelection()
        chosen.ids = ids
        chosen.filter = try selection.filter ?? MessageFilter()
        if let project = chosen.filter.project { chosen.filter.project = try ProjectName.resolved(project, home: settings.home) }
        chosen.text = try text.map { $0 == "-" ? try Self.standardInput() : $0 }
        if finish {
            guard chosen.isEmpty, !dryRun else { throw UsageError("--finish goes alone: it ends what was begun") }
            return nil
        }
        guard !chosen.isEmpty else {
            throw UsageError("say what to forget: ids, --conversation, --project, --since, --until, --user, --machine or --text")
        }
        guard chosen.text?.isEmpty != true else { throw UsageError("the text to forget is empty") }
        return chosen
    }

    /// Without the line break that an editor or `echo` puts behind it.
    private static func standardInput() throws -> String {
        var text = String(decoding: try TextInput.bytes(nil), as: UTF8.self)
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    static func finish(_ store: any MemoryStore) async throws {
        defer { Terminal.endProgress() }
        try await store.finishErasure(.wholeFile) { Terminal.progress($0) }
    }

    private func confirmed(_ preview: ErasurePreview) -> Bool {
        for line in Self.lines(preview) { Terminal.complain(line) }
        Terminal.complain("Forget this for good? Type yes:")
        return readLine() == "yes"
    }

    private func say(_ text: String, _ value: JSONObject) {
        Terminal.print(json ? JSONValue.object(value).description : text)
    }

    private func show(_ preview: ErasurePreview, _ store: any MemoryStore, isDone: Bool) async throws {
        let copies = try await CopyNotes.remaining(store)
        guard json else {
            if preview.isEmpty { return Terminal.print("nothing fits, nothing to forget") }
            if isDone {
                Terminal.print("forgot \(Self.summary(preview)); nothing of it is left in the file")
            } else {
                for line in Self.lines(preview) { Terminal.print(line) }
                Terminal.print("nothing was changed")
            }
            for line in CopyNotes.lines(copies) { Terminal.print(line) }
            return
        }
        let samples = preview.samples.map { sample -> JSONValue in
            ["id": .string(sample.id), "time": .string(sample.time.description), "text": .string(Self.firstLine(sample.text))]
        }
        var object: JSONObject = [
            "forgotten": .bool(isDone), "messages": .integer(Int64(preview.messages)), "records": .integer(Int64(preview.records)),
            "titles": .integer(Int64(preview.titles)), "conversations": .integer(Int64(preview.conversations)),
            "copies": .array(copies.map(CopyNotes.value)),
        ]
        if !isDone { object["samples"] = .array(samples) }
        Terminal.print(.object(object))
    }

    private static func summary(_ preview: ErasurePreview) -> String {
        "\(preview.messages) messages of \(preview.conversations) conversations, \(preview.records) records, \(preview.titles) titles"
    }

    private static func lines(_ preview: ErasurePreview) -> [String] {
        let samples = preview.samples.map { "  \($0.time)  \($0.id)  \(firstLine($0.text))" }
        let more = preview.messages > preview.samples.count ? ["  and \(preview.messages - preview.samples.count) more"] : []
        return [summary(preview)] + samples + more
    }

    private static func firstLine(_ text: String) -> String {
        // A terminal must not be told what to do by what somebody said.
        let line = text.prefix { !$0.isNewline }.prefix(80)
        return String(String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }))
    }
}
