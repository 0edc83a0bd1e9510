package import Logging
import MemoryStore
import Transcripts

/// Reads all that is on disk into a sink, oldest first, and then whatever is written, until it is cancelled. docs/capture.md says what
/// it promises.
///
/// Only one process may capture into a store at a time: take the store's capture lock first.
package struct SourceWatch: Sendable {
    private let sink: any LineSink
    private let context: SourceContext
    private let roots: [String]
    private let logger: Logger
    private let timing: WatchTiming
    private let clock: WatchClock
    private let changes: DirectoryChangesSource
    private let nudges: WatchNudges
    private let onEvent: @Sendable (WatchEvent) -> Void

    /// - Parameters:
    ///   - roots: directories of transcripts, absolute; one that does not exist yet is waited for.
    ///   - onEvent: is called between two turns, so it should return at once.
    package init(
        into sink: any LineSink, context: SourceContext, roots: [String], logger: Logger, timing: WatchTiming = WatchTiming(),
        clock: WatchClock = .continuous, changes: DirectoryChangesSource = .platform, nudges: WatchNudges = WatchNudges(),
        onEvent: @escaping @Sendable (WatchEvent) -> Void = { _ in }
    ) {
        self.sink = sink
        self.context = context
        self.roots = roots.map { root in
            let end = root.lastIndex { $0 != "/" }
            return end.map { String(root[...$0]) } ?? "/"
        }
        self.logger = logger
        self.timing = timing
        self.clock = clock
        self.changes = changes
        self.nudges = nudges
        self.onEvent = onEvent
    }

    /// Ends when its task is cancelled; the batch under way is then in the sink or it is not, as a whole.
    package func run() async {
        let bell = WakeUp()
        nudges.attach(bell)
        defer { nudges.attach(nil) }
        await withTaskExecutorPreference(BlockingExecutor(label: "magenta.watch")) {
            var scan = WatchScan(
                roots: roots, timing: timing, clock: clock, changes: changes, nudges: nudges, bell: bell, logger: logger, onEvent: onEvent)
            defer { scan.stop() }
            await run(&scan, bell)
        }
    }

    private func run(_ scan: inout WatchScan, _ bell: WakeUp) async {
        var plan = WatchPlan(timing: timing)
        var wasCaughtUp = false
        while !Task.isCancelled {
            scan.look(into: &plan)
            if let turn = plan.next(at: clock.now()) {
                if await take(turn, &plan, &scan) { wasCaughtUp = false }
                continue
            }
            if plan.isCaughtUp, !wasCaughtUp {
                wasCaughtUp = true
                onEvent(.caughtUp)
            }
            let due = min(scan.nextDue, plan.nextDue ?? scan.nextDue)
            let wasRung = await bell.wait(for: max(.zero, due - clock.now()), clock)
            // A burst becomes one batch. Cancelled: the loop ends anyway.
            if wasRung { try? await clock.sleep(timing.coalesce) }
        }
    }

    /// - Returns: whether there was something to read.
    private func take(_ turn: WatchPlan.Turn, _ plan: inout WatchPlan, _ scan: inout WatchScan) async -> Bool {
        let path = turn.source.location.path
        if turn.isLive { scan.attend(turn.source) }
        // Before it is opened: what is written from now on makes another stamp.
        guard let stamp = turn.source.stamp else {
            plan.remove(path)
            onEvent(.gone(path: path))
            return true
        }
        guard stamp != turn.stamp else {
            _ = plan.succeeded(path, stamp, isAtEnd: true)
            return false
        }
        onEvent(.seen(SourceSight(path: path, stamp)))
        var report = ImportReport()
        do {
            let reach = try await SourceReading(turn.source, context: context).run(into: sink, &report, batches: 1) { batch, counts in
                onEvent(.taken(SourceProgress(path: path, position: batch.end, size: batch.size, counts: counts)))
            }
            for refusal in report.refusals { onEvent(.refused(refusal)) }
            if reach.isAtEnd { onEvent(.read(path: path, position: reach.position, lookedTo: reach.lookedTo)) }
            // What time alone may complete is read again with the next look at everything.
            if plan.succeeded(path, reach.isOpen ? nil : stamp, isAtEnd: reach.isAtEnd) {
                logger.notice("capture goes on", metadata: ["source": "\(path)"])
            }
        } catch let error as ImportError {
            if plan.unreadable(path, "\(error)", at: clock.now()) {
                logger.warning("cannot read a transcript; it will be tried again", metadata: ["reason": "\(error)"])
                onEvent(.failed(WatchFailure(side: .source, path: path, reason: "\(error)", retryIn: timing.rescan)))
            }
        } catch {
            guard !Task.isCancelled else { return true }
            let failure = plan.failed(path, at: clock.now())
            let level: Logger.Level = failure.isFirst ? .error : .debug
            logger.log(
                level: level, "what was read could not be stored; nothing is lost, it will be tried again",
                metadata: ["source": "\(path)", "reason": "\(error)", "in": "\(failure.pause)"])
            onEvent(.failed(WatchFailure(side: .sink, path: path, reason: "\(error)", retryIn: failure.pause)))
        }
        return true
    }
}

extension SourceSight {
    init(path: String, _ stamp: FileStamp) {
        self.init(path: path, size: stamp.size, modified: stamp.modified / 1_000_000)
    }
}
