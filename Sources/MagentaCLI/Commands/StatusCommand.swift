import ArgumentParser
import JSON
import MemoryModel
import MemoryStore
import TranscriptIngest

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how far the memory is behind the transcripts, what was refused, and what cleanup deletes next.",
        discussion: """
            Compares the transcripts on this host with the store; no server need run, and one that does is not disturbed. It shows what is behind and \
            since when, what cannot be read, which lines were refused and where, who else sends here, and which files Claude Code's cleanup deletes \
            next and whether they are stored. Each trouble comes with a sentence that says what to do.

            Exit codes: 0 the memory is current; 1 it is behind, or something keeps new lines out (a line that begins with "!" says what). Lines that \
            were refused, or that their agent never finished, are told of and do not count: nothing can be done about them. --json prints what the \
            server's /health has as `capture` (docs/health.md).
            """)

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var capturing: CaptureOptions
    @OptionGroup var origin: OriginOptions
    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try Settings(options, capture: capturing, origin: origin)
        let store = try await OpenStore.forReading(settings)
        let redactor = try await OpenStore.redactor(settings, for: store)
        let health = CaptureHealth(settings, store: store, capture: LocalCapture(settings, store: store, redactor: redactor))
        let report = try await health.report()
        if json { Terminal.print(report.value) } else { Terminal.print(StatusText(report).text) }
        if !report.isCurrent { throw ExitCode(1) }
    }
}

/// A report for people: what is wrong first, then the numbers.
struct StatusText {
    private let report: CaptureReport

    init(_ report: CaptureReport) { self.report = report }

    var text: String {
        let state = report.isCurrent ? "The memory is current." : "The memory is behind."
        let findings = report.findings.map { "\($0.level == .warning ? "!" : "-") \($0.text)\n    \($0.fix)" }
        return ([state] + findings + [counts] + [worst, spools, cleanup].filter { !$0.isEmpty }).joined(separator: "\n")
    }

    private var counts: String {
        let states = SourceHealth.State.allCases.map { "\(report.count($0)) \($0.rawValue)" }.joined(separator: ", ")
        let capture = report.isCaptured ? "a process captures" : "no process captures"
        return "\(report.sources.count) files: \(states); \(report.refused.values.reduce(0, +)) lines refused; \(capture)"
    }

    /// Of current files only those with refused lines are of interest.
    private var worst: String {
        let shown = report.sources.filter { $0.state != .current || $0.refused > 0 }.prefix(CaptureReport.shown)
        guard !shown.isEmpty else { return "" }
        return table(
            ["STATE", "BEHIND", "FOR", "REFUSED", "WRITTEN", "STORED", "FROM", "FILE"],
            shown.map { source in
                [
                    source.state.rawValue, source.lagBytes.map { "\($0) B" } ?? "-", source.lagSeconds.map(CaptureFinding.duration) ?? "-",
                    "\(source.refused)", minute(source.modified), source.storedTime.map(minute) ?? "never",
                    "\(source.user)@\(source.machine) (\(source.agent))", source.path,
                ]
            })
    }

    private var spools: String {
        guard !report.spools.isEmpty else { return "" }
        return table(
            ["SENDER", "FILES", "LAST CONTACT", "REFUSED", "SPOOL"],
            report.spools.prefix(CaptureReport.shown).map { spool in
                [
                    "\(spool.user)@\(spool.machine)", "\(spool.sources)", spool.lastContact.map(minute) ?? "never", "\(spool.refused)", spool.spool,
                ]
            })
    }

    private var cleanup: String {
        guard let cleanup = report.cleanup, !cleanup.next.isEmpty else { return "" }
        let head = "Claude Code deletes files after \(cleanup.days) days, \(cleanup.soon) within \(CleanupForecast.soonDays) days; next go:"
        return head + "\n"
            + table(
                ["AFTER", "STORED", "FILE"],
                cleanup.next.prefix(3).map { [minute($0.deletedAfter), $0.isPart ? "part" : $0.isStored ? "yes" : "NO", $0.path] })
    }

    private func minute(_ time: Timestamp) -> String {
        "\(time.description.prefix(16))Z"
    }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        // A path may hold anything; a line break or an escape must not reach the terminal.
        let all = ([head] + rows).map { $0.map { String($0.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) }) } }
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            return "  " + cells.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
