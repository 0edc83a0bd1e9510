import ArgumentParser
import JSON
import MemoryStore
import Redaction

struct RedactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact", abstract: "Show what magenta would store of a text: without its secrets.",
        discussion: """
            Reads FILE, or standard input, and prints it with a placeholder for each secret. How many of each shape were found goes to standard \
            error. The secrets file, the environment (secrets-env) and the redaction rules are those of serve; docs/redaction.md has the shapes.
            --rescan passes everything that is stored through the present rules again, after a change of the secrets file or the rules, and \
            rewrites what they change; what stood there before is gone from the file then. Where it was cut short, the same call goes on. Stop \
            nothing: the server may run.
            Exit code 0; with --check 1 where something was found, with --rescan 1 where it could not be finished.
            """)

    @Argument(help: ArgumentHelp("A file, or - for standard input.", valueName: "file"))
    var file = "-"

    @Flag(help: "The text is JSON, one value a line, and is redacted value by value, as transcripts are.")
    var jsonl = false

    @Flag(help: "Print nothing but the counts, and exit with 1 where something was found.")
    var check = false

    @Flag(help: "Print the table of all shapes as Markdown.")
    var shapes = false

    @Flag(help: "Redact what is stored again, by the present rules.")
    var rescan = false

    @Flag(help: "With --rescan: print one JSON object.")
    var json = false

    @OptionGroup var options: SettingOptions

    func run() async throws {
        guard !shapes else { return Terminal.print(Self.table) }
        let settings = try Settings(options)
        guard rescan || !json else { throw UsageError("--json goes with --rescan") }
        if rescan {
            guard file == "-", !jsonl, !check else { throw UsageError("--rescan is for what is stored; it takes no file, --jsonl or --check") }
            return try await runRescan(settings)
        }
        let redactor = try await OpenStore.redactor(settings)
        let input = try TextInput.bytes(file == "-" ? nil : Settings.absolute(file, home: settings.home))
        var counts = RedactionCounts()
        if jsonl {
            for (number, line) in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
                guard line.contains(where: { $0 > 0x20 }) else { continue }
                let text = try Self.redacted(line, number: number + 1, by: redactor, &counts)
                if !check { Terminal.print(text) }
            }
        } else {
            let text = redactor.redact(String(decoding: input, as: UTF8.self), counting: &counts).value
            if !check { Terminal.write(text) }
        }
        Terminal.complain(Self.summary(counts))
        if check, counts.total > 0 { throw ExitCode(1) }
    }

    private func runRescan(_ settings: Settings) async throws {
        let store = try await OpenStore.forReading(settings)
        let redactor = try await OpenStore.redactor(settings, for: store)
        let fingerprint = try OpenStore.redactionFingerprint(settings, key: try await store.serverKey())
        let counts = try await store.rescan(redactor, fingerprint: fingerprint) { Terminal.progress($0) }
        if try await store.pendingErasure() != nil { try await ForgetCommand.finish(store) }
        Terminal.endProgress()
        let copies = counts.hasChanges ? try await CopyNotes.remaining(store) : []
        guard json else {
            Terminal.print(
                "\(counts.changedMessages) of \(counts.messages) messages, \(counts.changedRecords) of \(counts.records) records and "
                    + "\(counts.changedNames) names changed\(counts.isContinued ? " since it was cut short" : "")")
            Terminal.complain(Self.summary(counts.replaced))
            for line in CopyNotes.lines(copies) { Terminal.print(line) }
            return
        }
        Terminal.print([
            "messages": .integer(Int64(counts.messages)), "messages_changed": .integer(Int64(counts.changedMessages)),
            "records": .integer(Int64(counts.records)), "records_changed": .integer(Int64(counts.changedRecords)),
            "names_changed": .integer(Int64(counts.changedNames)), "continued": .bool(counts.isContinued),
            "copies": .array(copies.map(CopyNotes.value)),
        ])
    }

    private static func redacted(
        _ line: ArraySlice<UInt8>, number: Int, by redactor: Redactor, _ counts: inout RedactionCounts
    ) throws -> String {
        let value: JSONValue
        do {
            value = try JSONReader(maximumDepth: Redactor.maximumDepth, loneSurrogates: .replace, refusesDuplicateKeys: false).read(Array(line))
        } catch {
            throw UsageError("line \(number) is not valid JSON (byte \(error.offset) of the line); without --jsonl any text will do")
        }
        return try redactor.redact(value, counting: &counts).text.value
    }

    private static func summary(_ counts: RedactionCounts) -> String {
        guard counts.total > 0 else { return "nothing found" }
        let each = counts.byShape.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { "\($0.key) \($0.value)" }
        return "\(counts.total) redacted: \(each.joined(separator: ", "))"
    }

    private static var table: String {
        let rows = ShapeRow.all.map { row in
            "| `\(row.shape)` | \(row.issuer) | \(row.looks.replacing("|", with: "\\|")) |"
        }
        return (["| shape | of | looks like |", "|---|---|---|"] + rows).joined(separator: "\n")
    }
}
