import MemoryModel

extension CaptureFinding {
    /// A line that nobody has finished for so long is told of.
    private static let unfinishedSeconds: Double = 600
    /// A watch that has stored nothing of waiting lines for so long stands still.
    private static let stillSeconds: Double = 300
    private static let importing = "run `magenta import` now, or let `magenta serve` run"

    /// What a report says, as sentences, the gravest first.
    static func all(in report: CaptureReport) -> [CaptureFinding] {
        let all =
            unreadable(report) + behind(report) + roots(report) + cleanup(report) + capturing(report) + unfinished(report) + refused(report)
            + excluded(report) + passedOver(report)
        return all.filter { $0.level == .warning } + all.filter { $0.level == .note }
    }

    private static func behind(_ report: CaptureReport) -> [CaptureFinding] {
        let count = report.count(.behind)
        guard count > 0 else { return [] }
        let files = count == 1 ? "1 file has" : "\(count) files have"
        let text = "\(files) lines that are not stored: \(report.lagBytes) bytes, the oldest for \(duration(report.lagSeconds))"
        guard report.isCaptured else { return [CaptureFinding(.warning, text + ", and no process captures", fix: importing)] }
        // Whoever reads a large backlog stores something all the time.
        let stored = report.sources.compactMap(\.storedTime).max() ?? .distantPast
        if report.lagSeconds > stillSeconds, Double(report.time.milliseconds - stored.milliseconds) / 1000 > stillSeconds {
            return [
                CaptureFinding(
                    .warning, text + "; a process holds the right to capture, but takes none of them",
                    fix:
                        "see the log of `magenta serve` or `magenta stdio` for the reason, check that it watches these directories (--transcripts), then restart it"
                )
            ]
        }
        return [CaptureFinding(.warning, text + "; they are being read", fix: "wait; if this does not change, see the server's log")]
    }

    private static func unreadable(_ report: CaptureReport) -> [CaptureFinding] {
        guard let first = report.sources.first(where: { $0.state == .unreadable }) else { return [] }
        let count = report.count(.unreadable)
        let files = count == 1 ? "1 file has" : "\(count) files have"
        return [
            CaptureFinding(
                .warning, "\(files) lines to be stored and cannot be read, such as \(first.path): \(first.reason ?? "no reason given")",
                fix: "let the user that magenta runs as read it: chmod u+r FILE, or chown")
        ]
    }

    private static func roots(_ report: CaptureReport) -> [CaptureFinding] {
        report.missing.prefix(10).map { root in
            if root.isMissing {
                return CaptureFinding(
                    .note, "the directory of transcripts \(root.path) is not there; it is waited for",
                    fix: "nothing, if the agent has not run yet; otherwise name the right directory: --transcripts DIR")
            }
            return CaptureFinding(
                .warning, "\(root.reason), so nobody knows what waits below it", fix: "let the user that magenta runs as read it: chmod u+rx DIR")
        }
    }

    private static func cleanup(_ report: CaptureReport) -> [CaptureFinding] {
        guard let cleanup = report.cleanup, cleanup.soonNotStored > 0 else { return [] }
        let files = cleanup.soonNotStored == 1 ? "1 file that is" : "\(cleanup.soonNotStored) files that are"
        return [
            CaptureFinding(
                .warning,
                "Claude Code deletes \(files) not stored in full within \(CleanupForecast.soonDays) days (cleanupPeriodDays is \(cleanup.days))",
                fix: importing)
        ]
    }

    private static func capturing(_ report: CaptureReport) -> [CaptureFinding] {
        guard !report.isCaptured, report.count(.behind) == 0 else { return [] }
        return [
            CaptureFinding(
                .note, "no process captures: what is written from now on is not stored",
                fix: "let `magenta serve` run; `magenta connect claude-code --service` starts it at login")
        ]
    }

    private static func unfinished(_ report: CaptureReport) -> [CaptureFinding] {
        let old = report.sources.filter { $0.state == .unfinished && $0.lagSeconds ?? 0 > unfinishedSeconds }
        guard let first = old.first else { return [] }
        let files = old.count == 1 ? "1 file ends" : "\(old.count) files end"
        return [
            CaptureFinding(
                .note,
                "\(files) in a line that was never finished, such as \(first.path) (\(first.lagBytes ?? 0) bytes, for \(duration(first.lagSeconds ?? 0)))",
                fix: "nothing, where its agent was killed: all whole lines are stored; it is taken once a line break follows")
        ]
    }

    private static func refused(_ report: CaptureReport) -> [CaptureFinding] {
        let count = report.refused.values.reduce(0, +)
        guard count > 0 else { return [] }
        let reasons = report.refused.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8).map { "\($0.value) \($0.key)" }
        let last = report.lastRefusals.first.map { ", last \($0.path) line \($0.line)" } ?? ""
        let lines = count == 1 ? "1 line was" : "\(count) lines were"
        return [
            CaptureFinding(
                .note, "\(lines) refused (\(reasons.joined(separator: ", "))\(last))",
                fix: "look at the line in its file: what is no JSON cannot be read by its agent either; place, length and hash are kept")
        ]
    }

    /// The lines are not counted here, since that takes a pass over all of them.
    private static func excluded(_ report: CaptureReport) -> [CaptureFinding] {
        guard !report.exclusions.isEmpty else { return [] }
        let count = report.exclusions.count
        let names = report.exclusions.prefix(3).joined(separator: ", ") + (count > 3 ? ", ..." : "")
        return [
            CaptureFinding(
                .note, "\(count == 1 ? "a rule of exclusion keeps" : "\(count) rules of exclusion keep") lines out (\(names))",
                fix: "nothing, where that is meant; `magenta exclude` shows what each names and how many lines it kept out")
        ]
    }

    private static func passedOver(_ report: CaptureReport) -> [CaptureFinding] {
        guard let first = report.passedOver.first else { return [] }
        let more = report.passedOver.count > 1 ? " (and \(report.passedOver.count - 1) more)" : ""
        return [CaptureFinding(.note, first + more, fix: "see Limits in docs/capture.md; `magenta import` names each of them")]
    }

    /// `40 s`, `12 min`, `5 h`, `3 days`: whole units, the largest that is not 1.
    package static func duration(_ seconds: Double) -> String {
        let seconds = Int64(seconds)
        if seconds < 120 { return "\(seconds) s" }
        if seconds < 7200 { return "\(seconds / 60) min" }
        return seconds < 172_800 ? "\(seconds / 3600) h" : "\(seconds / 86_400) days"
    }
}
