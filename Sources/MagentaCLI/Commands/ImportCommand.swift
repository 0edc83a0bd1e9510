import ArgumentParser
import JSON
import Logging
import MemoryArchive
import MemoryStore
import Redaction
import TranscriptIngest
import Transcripts

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import sessions of Claude Code, Codex CLI, Gemini CLI and OpenCode, or an archive of magenta, once.",
        discussion: """
            magenta import                 transcripts from where the agents write them (docs/agents.md)
            magenta import DIR|FILE        transcripts of any of them: the path says whose, or the first records
            magenta import FILE.jsonl      an archive that `magenta export` wrote, told by its first line

            An archive is read through first: one that was cut or changed is refused with the line, and nothing of it is stored. It joins what \
            the store holds; importing it twice changes nothing.


            Running it again imports what is new. --json prints one object: lines is the sum of stored (became a message), known (kept raw), \
            repeated (seen before) and refused (unreadable; see refusals); skipped counts the lines of earlier imports. Of a session that is kept \
            as JSON documents, a line is one of these. A file of no known format is a problem. passed_over names symbolic links, directories too \
            deep and names that are no UTF-8, which are left out and no problem.
            Exit code 0 when every file could be read, 1 when not (see problems), or when another process is capturing into the store.
            """)

    @Argument(
        help: ArgumentHelp("Directories of transcripts, or single files, of any of these agents. Default: the setting transcripts.", valueName: "dir")
    )
    var directories: [String] = []

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var origin: OriginOptions
    @OptionGroup var options: SettingOptions

    func run() async throws {
        // An empty name would stand for the current directory; it comes from a variable that is not set.
        guard !directories.contains("") else {
            throw UsageError("cannot import: the name of a directory or file is empty. Fix: name it, or leave it out for the setting transcripts")
        }
        let settings = try Settings(options, origin: origin)
        let store = try await OpenStore.forWriting(settings)
        guard let lock = try await store.captureLock() else {
            let what = directories.isEmpty ? "transcripts" : directories.joined(separator: ", ")
            throw StoreError(
                .busy, operation: "import \(what) into \(settings.store)",
                cause: "another process (magenta serve, stdio, watch or import) is capturing into it, and only one may. What that one watches "
                    + "arrives by itself; an archive or another directory does not. Fix: stop that process, import, and start it again; or let it watch "
                    + "the directory too, with --transcripts for each")
        }
        defer { lock.release() }
        let redactor = try await OpenStore.redactor(settings, for: store)
        let logger = try Log.logger(settings, redactor: redactor)
        let capture = LocalCapture(settings, store: store, redactor: redactor)
        let home = SettingSources.home(settings.environment)
        let paths = directories.map { Settings.absolute($0, home: home) }
        let archives = paths.filter { ArchiveLines.isArchive($0) }
        for archive in archives { try await take(archive, into: store, redactor: redactor) }
        if !archives.isEmpty && archives.count == paths.count { return }
        let importing = TranscriptImport(into: capture.sink, context: capture.context, logger: logger)
        let roots = paths.isEmpty ? Self.present(settings.transcripts) : paths.filter { !archives.contains($0) }
        let report = try await importing.run(roots) { Terminal.progress(Self.line($0)) }
        Terminal.endProgress()
        show(report, try await store.statistics(), redactor)
        if directories.isEmpty {
            for notice in TranscriptReaders.notices(environment: settings.environment, home: home, exists: FileStamp.exists) {
                Terminal.complain("magenta: \(notice)")
            }
        }
        if !report.problems.isEmpty { throw ExitCode(1) }
    }

    /// Who has one agent need not have the others; where there is none at all, the import says so.
    private static func present(_ roots: [String]) -> [String] {
        let present = roots.filter(FileStamp.exists)
        return present.isEmpty ? roots : present
    }

    private func take(_ archive: String, into store: any MemoryStore, redactor: Redactor) async throws {
        let exclusions = Exclusions(try await store.exclusions())
        let counts = try await ArchiveImport(archive, into: store, redactor: redactor, exclusions: exclusions).run { progress in
            let total = progress.totalLines.map { " of \($0)" } ?? ""
            Terminal.progress("\(progress.isChecking ? "checking" : "storing"): \(progress.lines)\(total) lines")
        }
        Terminal.endProgress()
        guard json else {
            return Terminal.print(
                "\(archive): \(counts.messages) messages added, \(counts.knownMessages) were there; \(counts.records) records of "
                    + "\(counts.sources) new sources added, \(counts.knownRecords) were there")
        }
        Terminal.print([
            "archive": .string(archive), "messages_added": .integer(Int64(counts.messages)),
            "messages_known": .integer(Int64(counts.knownMessages)), "records_added": .integer(Int64(counts.records)),
            "records_known": .integer(Int64(counts.knownRecords)), "sources_added": .integer(Int64(counts.sources)),
            "sources_renamed": .integer(Int64(counts.renamedSources)),
        ])
    }

    private static func line(_ progress: ImportProgress) -> String {
        let share = progress.totalBytes == 0 ? 1 : min(1, Double(progress.bytes) / Double(progress.totalBytes))
        let filled = Int(share * 30)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
        return "[\(bar)] \(Int(share * 100))%  \(progress.files)/\(progress.totalFiles) files  \(progress.lines) lines"
    }

    private func show(_ report: ImportReport, _ statistics: StoreStatistics, _ redactor: Redactor) {
        // A file's name is text as well, and what is printed ends in somebody's log.
        let problems = report.problems.map { redactor.redact($0).value }
        let passedOver = report.passedOver.map { redactor.redact($0).value }
        let counts = report.counts
        guard json else {
            Terminal.print(
                "\(report.files) files, \(counts.lines) lines: \(counts.stored) stored, \(counts.known) known, \(counts.repeated) repeated, "
                    + "\(counts.refused) refused; \(report.skipped) lines were imported before")
            Terminal.print(
                "the store holds \(statistics.messages) messages in \(statistics.conversations) conversations, \(statistics.windows) windows")
            for refusal in report.refusals.prefix(10) {
                Terminal.complain("refused: \(redactor.redact(refusal.file)) line \(refusal.line): \(refusal.reason)")
            }
            for problem in passedOver + problems { Terminal.complain("magenta: \(problem)") }
            return
        }
        let refusals = report.refusals.map { refusal -> JSONValue in
            [
                "file": .string(redactor.redact(refusal.file).value), "line": .integer(refusal.line), "offset": .integer(refusal.offset),
                "reason": .string(refusal.reason),
            ]
        }
        Terminal.print([
            "lines": .integer(Int64(counts.lines)), "stored": .integer(Int64(counts.stored)), "known": .integer(Int64(counts.known)),
            "repeated": .integer(Int64(counts.repeated)), "refused": .integer(Int64(counts.refused)), "skipped": .integer(report.skipped),
            "files": .integer(Int64(report.files)), "messages": .integer(Int64(statistics.messages)),
            "conversations": .integer(Int64(statistics.conversations)), "windows": .integer(Int64(statistics.windows)),
            "compactions": .integer(Int64(statistics.compactions)), "refusals": .array(refusals),
            "problems": .array(problems.map(JSONValue.string)), "passed_over": .array(passedOver.map(JSONValue.string)),
        ])
    }
}
