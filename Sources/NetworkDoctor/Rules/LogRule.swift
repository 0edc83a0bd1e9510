import Diagnosis
import Transcripts

/// What Claude Code wrote down when it tried itself: the reason that its own line leaves out.
enum LogRule {
    static func check(_ report: Report) -> Check? {
        guard let log = report.log else { return nil }
        guard let error = log.error else { return Check(.clientLog, .ok, "Claude Code's log", "no error at its last attempt, \(log.time)") }
        guard report.mcp.isAgreed else {
            return Check(
                .clientLog, .warn, "Claude Code's log", "\(log.time): \(error)", cause: "its last attempt failed so",
                fix: "mend what is marked above, then connect anew with /mcp in Claude Code; all of it is in \(log.file)")
        }
        return Check(.clientLog, .ok, "Claude Code's log", "\(log.time): \(error). The way is open now: connect anew with /mcp")
    }
}
