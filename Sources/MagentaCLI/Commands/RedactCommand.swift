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
            Exit code 0; with --check 1 where something was found.
            """)

    @Argument(help: ArgumentHelp("A file, or - for standard input.", valueName: "file"))
    var file = "-"

    @Flag(help: "The text is JSON, one value a line, and is redacted value by value, as transcripts are.")
    var jsonl = false

    @Flag(help: "Print nothing but the counts, and exit with 1 where something was found.")
    var check = false

    @Flag(help: "Print the table of all shapes as Markdown.")
    var shapes = false

    @OptionGroup var options: SettingOptions

    func run() async throws {
        guard !shapes else { return Terminal.print(Self.table) }
        let settings = try Settings(options)
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
