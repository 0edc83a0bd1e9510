package import MemoryModel

/// How far the memory is behind what stands on disk, and what is in its way. docs/health.md says what each number means.
package struct CaptureReport: Sendable {
    package var time: Timestamp
    /// Whether a process holds the right to capture.
    package var isCaptured: Bool
    /// The files on this host, the worst first.
    package var sources: [SourceHealth] = []
    /// Who sends from elsewhere, the one that was silent longest first.
    package var spools: [SpoolHealth] = []
    /// Lines that were refused, by the word for the reason, of all sources that were ever read.
    package var refused: [String: Int] = [:]
    package var lastRefusals: [RefusedPlace] = []
    /// What is not read by design though it may hold transcripts, a sentence each, redacted.
    package var passedOver: [String] = []
    /// The names of the rules that keep lines out.
    package var exclusions: [String] = []
    package var cleanup: CleanupForecast?
    /// Directories of transcripts that are not there or cannot be read.
    package var missing: [MissingRoot] = []
    /// What somebody should know or do, the gravest first.
    package var findings: [CaptureFinding] = []

    package init(time: Timestamp, isCaptured: Bool) {
        self.time = time
        self.isCaptured = isCaptured
    }

    /// Whether all whole lines on this host are stored, as far as can be seen, and nothing keeps new ones out.
    package var isCurrent: Bool { !findings.contains { $0.level == .warning } }
    /// Bytes of whole lines, and of a line that is being written, that are not stored.
    package var lagBytes: Int64 { behind.reduce(0) { $0 + ($1.lagBytes ?? 0) } }
    /// Seconds for which the oldest line has been waiting.
    package var lagSeconds: Double { behind.map { $0.lagSeconds ?? 0 }.max() ?? 0 }

    package func count(_ state: SourceHealth.State) -> Int { sources.count { $0.state == state } }

    private var behind: [SourceHealth] { sources.filter { $0.state == .behind || $0.state == .unreadable } }
}

/// One file: what stands in it, and how much of that is stored.
package struct SourceHealth: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// It has lines to be stored, and cannot be read.
        case unreadable
        /// It has whole lines that have been waiting for longer than a watch takes.
        case behind
        /// Nothing waits but a line, or a message, that its agent has not finished.
        case unfinished
        case current
    }

    package var state: State
    /// Redacted, as it stands in the store.
    package var path: String
    package var agent: String
    package var user: String
    package var machine: String
    /// The file's length, and when it was written last.
    package var size: Int64
    package var modified: Timestamp
    /// Behind the last line that is stored; of documents, how many records are.
    package var storedOffset: Int64
    /// When a line of it was stored last; `nil` where none was.
    package var storedTime: Timestamp?
    /// `nil` for documents, which have no lines.
    package var lagBytes: Int64?
    /// Since the oldest line that waits was written; `nil` where nothing waits.
    package var lagSeconds: Double?
    package var refused: Int
    /// Why it cannot be read.
    package var reason: String?
}

/// A sender on another host, or in a container, as this store knows it.
package struct SpoolHealth: Sendable, Hashable {
    package var spool: String
    package var user: String
    package var machine: String
    package var sources: Int
    /// When it read the newest line that arrived here, by its own clock.
    package var lastContact: Timestamp?
    package var refused: Int
}

/// The place of a line that was refused.
package struct RefusedPlace: Sendable, Hashable {
    package var path: String
    package var spool: String
    package var line: Int64
    package var offset: Int64
    package var reason: String
}

/// What Claude Code's cleanup deletes next.
package struct CleanupForecast: Sendable, Hashable {
    package struct File: Sendable, Hashable {
        package var path: String
        /// When its time is over; it goes at Claude Code's next start after that.
        package var deletedAfter: Timestamp
        package var isStored: Bool
        /// It is stored but for a line, or a message, that its agent has not finished.
        package var isPart: Bool
    }

    /// `cleanupPeriodDays`.
    package var days: Int
    /// How many go within ``soonDays``, and how many of those are not stored in full.
    package var soon = 0
    package var soonNotStored = 0
    /// The next ones, at most ``shownFiles``.
    package var next: [File] = []

    package static let soonDays = 3
    package static let shownFiles = 10
    /// Claude Code's own default.
    package static let defaultDays = 30
}

package struct MissingRoot: Sendable, Hashable {
    package var path: String
    /// It may come later; anything else is in the way.
    package var isMissing: Bool
    package var reason: String
}

/// A sentence about the state of things, and what to do.
package struct CaptureFinding: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable {
        /// The memory is behind, or will be.
        case warning
        /// Worth knowing; nothing is lost by it.
        case note
    }

    package var level: Level
    package var text: String
    package var fix: String

    package init(_ level: Level, _ text: String, fix: String) {
        self.level = level
        self.text = text
        self.fix = fix
    }
}
