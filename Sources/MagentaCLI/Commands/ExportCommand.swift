import ArgumentParser
import MemoryArchive
import MemoryModel
import MemoryStore
import MemoryStoreSQLite

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what the store holds to a file: everything, or a selection.",
        discussion: """
            magenta export FILE.jsonl                     an archive: everything, in the form that `magenta import` reads back
            magenta export - | zstd > FILE.jsonl.zst      the same to standard output
            magenta export --format markdown DIRECTORY    one readable file a conversation

            An archive imported elsewhere and exported again is the same, byte for byte. Tokens, sessions and the server's key are not in it. \
            With a filter, an archive holds the messages that fit and what they stand in; Markdown holds whole conversations of which a message \
            fits. Files are readable by you alone, and plain text: what was redacted stays redacted, everything else is there to read. \
            A file that is there stays unless --force is said; a backup, and what belongs to the store, stays in any case. \
            The server may run meanwhile. Exit code 0 when all was written.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl, markdown
    }

    @Argument(help: ArgumentHelp("The file, or - for standard output; for Markdown a directory.", valueName: "file"))
    var destination = "-"

    @Option(help: ArgumentHelp("jsonl or markdown.", valueName: "format"))
    var format = Format.jsonl

    @Flag(help: "Replace files that are there.")
    var force = false

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var options: SettingOptions

    func run() async throws {
        guard !destination.isEmpty else {
            throw UsageError("cannot export: the name of the file is empty. Fix: name a file, or - for standard output")
        }
        let settings = try Settings(options)
        let store = try await OpenStore.file(settings)
        var filter = try selection.filter
        if let project = filter?.project { filter?.project = try ProjectName.resolved(project, home: settings.home) }
        let path = destination == "-" ? nil : Settings.absolute(destination, home: settings.home)
        if let path { try await store.checkTarget(path, operation: "write \(path)") }
        switch format {
        case .jsonl:
            if let path { await CopyNotes.noteDraft(.export, path, in: store) }
            let output = path.map { ArchiveExport.Destination.file($0, replaces: force) } ?? .standardOutput
            let written = try await ArchiveExport(of: store, selection: filter).run(to: output)
            await CopyNotes.note(.export, path ?? "-", in: store)
            Terminal.complain("\(written.messages) messages in \(written.lines) lines\(path.map { " of \($0)" } ?? "")")
        case .markdown:
            guard let path else { throw UsageError("Markdown is one file a conversation; name the directory for them") }
            // Before it as well: one that is cut short leaves whole files there.
            await CopyNotes.note(.markdown, path, in: store)
            let files = try await MarkdownExport(of: store, selection: filter).run(to: path, replaces: force) {
                Terminal.progress("\($0) conversations")
            }
            Terminal.endProgress()
            Terminal.complain("\(files) conversations in \(path)")
        }
    }
}

/// Which messages of the store are meant.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A directory or its last component, with all below it, or a repository.", valueName: "name"))
    var project: String?

    @Option(help: ArgumentHelp("The id of a conversation.", valueName: "id"))
    var conversation: String?

    @Option(help: ArgumentHelp("At or after this ISO 8601 date or time.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Before this ISO 8601 date or time.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Whose conversations.", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("The machine that they are from.", valueName: "name"))
    var machine: String?

    /// `nil` where nothing is said: everything.
    var filter: MessageFilter? {
        get throws {
            var filter = MessageFilter()
            filter.project = project
            filter.conversation = conversation
            filter.since = try since.map { try FilterOptions.time($0, "--since") }
            filter.until = try until.map { try FilterOptions.time($0, "--until") }
            filter.user = user
            filter.machine = machine
            return filter == MessageFilter() ? nil : filter
        }
    }
}
