import FoundationEssentials
import MemoryModel
import MemoryStore
import Synchronization
import TranscriptIngest
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How far this store's memory is behind, for whoever asks this process: health, metrics, and the briefing of a session.
final class CaptureHealth: Sendable {
    private struct Last {
        var report: CaptureReport
        var time: ContinuousClock.Instant
        /// What this process had captured then.
        var progress: Progress?
    }

    private struct Progress: Equatable {
        var lines: Int
        var isRunning: Bool
        var failure: String?
    }

    private let survey: CaptureSurvey
    private let storePath: String
    private let status: CaptureStatus?
    private let last = Mutex<Last?>(nil)

    /// A look at thousands of files takes tens of milliseconds, and anybody may ask again and again.
    private static let lifetime = Duration.seconds(2)
    /// What SQLite needs to write a batch and its index.
    private static let neededBytes: Int64 = 16 << 20

    /// - Parameter status: what this process itself captures; `nil` for one that only looks.
    init(_ settings: Settings, store: any MemoryStore, capture: LocalCapture, status: CaptureStatus? = nil) {
        let (home, environment) = (settings.home, settings.environment)
        let directory = FileManager.default.currentDirectoryPath
        survey = CaptureSurvey(store: store, context: capture.context, roots: settings.transcripts) {
            ClaudeCodeConfiguration(home: home, directory: directory, environment: environment).cleanupDays
        }
        storePath = settings.store
        self.status = status
    }

    /// Not older than ``lifetime``, nor than what this process captured.
    func report() async throws(StoreError) -> CaptureReport {
        let progress = status?.capture.map { Progress(lines: $0.counts.lines, isRunning: $0.isRunning, failure: $0.failure) }
        if let last = last.withLock({ $0 }), last.time.duration(to: .now) < Self.lifetime, last.progress == progress { return last.report }
        var report = try await survey.look()
        let own = ownFindings
        report.findings = own.filter { $0.level == .warning } + report.findings
        last.withLock { [report] in $0 = Last(report: report, time: .now, progress: progress) }
        return report
    }

    /// One line for a session that begins; `nil` where the memory is current.
    @Sendable func line() async -> String? {
        do throws(StoreError) { return try await report().line } catch { return "The state of the memory is unknown: \(error)." }
    }

    /// What the survey cannot see: what this process met, and whether the store's disk takes anything.
    private var ownFindings: [CaptureFinding] {
        if let failure = status?.capture?.failure {
            return [
                CaptureFinding(
                    .warning, "the store takes nothing: \(failure)",
                    fix: "make what it says possible; what is written meanwhile is kept where it stands, and stored then")
            ]
        }
        let folder = storePath.lastIndex(of: "/").map { String(storePath[..<$0]) } ?? "."
        if !FileManager.default.isWritableFile(atPath: storePath) || !FileManager.default.isWritableFile(atPath: folder) {
            return [
                CaptureFinding(
                    .warning, "the store \(storePath) cannot be written by this user",
                    fix: "chown the file and its directory to the user that magenta runs as, or mount the disk for writing")
            ]
        }
        if let free = Self.freeBytes(folder), free < Self.neededBytes {
            return [
                CaptureFinding(.warning, "the disk of the store is full: \(free) bytes are left", fix: "make room; capture goes on by itself then")
            ]
        }
        return []
    }

    /// What this user may still write on the disk of a directory.
    private static func freeBytes(_ directory: String) -> Int64? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }
}
