import Diagnosis

/// What Claude Code's cleanup will delete, and whether memory has it.
enum CaptureRules {
    static func checks(_ report: Report) -> [Check] {
        let facts = report.capture
        guard let days = facts.cleanupDays.value, let count = facts.transcripts.value else { return [] }
        guard count > 0 else { return [Check(.captureCleanup, .ok, "transcripts", "none on this host")] }
        let next = facts.next.first.map { "; next goes \($0.path.fileName) \(when($0.deletedAfter, report.time))" } ?? ""
        let subject = "\(count) transcripts"
        guard let missing = facts.missing.value else {
            return [Check(.captureCleanup, .skip, subject, "Claude Code deletes them after \(days) days\(next); not checked: \(reason(facts))")]
        }
        guard missing > 0 else {
            return [Check(.captureCleanup, .ok, subject, "all in the store; Claude Code deletes them after \(days) days\(next)")]
        }
        return [
            Check(
                .captureCleanup, .warn, subject, "\(missing) not in the store in full; Claude Code deletes them after \(days) days\(next)",
                cause: "they were written after the last import, or nothing imports them", fix: "magenta import, or let magenta serve run")
        ]
    }

    private static func reason(_ facts: CaptureFacts) -> String {
        if case .notChecked(let reason) = facts.missing { reason } else { "" }
    }

    private static func when(_ time: Int64, _ now: Int64) -> String {
        let hours = (time - now) / 3600
        return hours <= 0 ? "at Claude Code's next start" : hours < 48 ? "in \(hours) hours" : "in \(hours / 24) days"
    }
}

extension String {
    fileprivate var fileName: Substring { split(separator: "/").last ?? self[...] }
}
