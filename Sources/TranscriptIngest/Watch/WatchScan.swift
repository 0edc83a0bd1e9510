import Logging
import Transcripts

/// Where a watch looks for changes: at what the kernel tells, and now and then at everything.
struct WatchScan {
    private let roots: [String]
    private let timing: WatchTiming
    private let source: DirectoryChangesSource
    private let nudges: WatchNudges
    private let bell: WakeUp
    private let logger: Logger
    private let onEvent: @Sendable (WatchEvent) -> Void

    private let clock: WatchClock

    private var changes: (any DirectoryChanges)?
    private var mode: WatchMode?
    /// When everything is looked at next.
    private(set) var nextDue = Duration.zero
    /// A look at very many files must not follow on the last one at once.
    private var notBefore = Duration.zero
    /// Why a root could not be read last time, and what below one could not be or was passed over: told once.
    private var missing: [String: String] = [:]
    private var closed: [String: Set<TranscriptProblem>] = [:]
    private let cache = RecognitionCache()
    /// Directories that are watched for as long as their sessions are among the last that were written to, the oldest first.
    private var attended: [String] = []

    /// A session kept in many files has a directory for each message: all of them would use up the kernel's watches.
    private static let maximumAttended = 64

    init(
        roots: [String], timing: WatchTiming, clock: WatchClock, changes: DirectoryChangesSource, nudges: WatchNudges, bell: WakeUp, logger: Logger,
        onEvent: @escaping @Sendable (WatchEvent) -> Void
    ) {
        self.roots = roots
        self.timing = timing
        self.clock = clock
        source = changes
        self.nudges = nudges
        self.bell = bell
        self.logger = logger
        self.onEvent = onEvent
    }

    func stop() { changes?.stop() }

    /// Brings into the plan what has changed. Costs nothing where nothing is told and nothing is due.
    mutating func look(into plan: inout WatchPlan) {
        if let told = changes?.take() { follow(told, into: &plan) }
        follow(nudges.take(), into: &plan)
        if nextDue <= clock.now() { lookAtEverything(into: &plan) }
    }

    private mutating func follow(_ told: DirectoryChangeSet, into plan: inout WatchPlan) {
        let now = clock.now()
        // A root that was missing, or something above it, has come.
        let came = told.directories.union(told.paths)
        let hasCome = missing.keys.contains { root in came.contains { root == $0 || root.hasPrefix($0 + "/") } }
        if told.isIncomplete || hasCome { nextDue = min(nextDue, max(now, notBefore)) }
        for root in roots {
            for directory in told.directories.sorted() where directory != root && TranscriptFiles.isReached(directory, from: root) {
                if TranscriptFiles.isPart(directory) {
                    attend([directory])
                    // What was written before it was watched.
                    for source in SourceDiscovery.sources(withPartsIn: directory, under: root) { plan.changed(source, at: now) }
                    continue
                }
                // Gone again, or closed: the look at everything says so.
                let found = try? SourceDiscovery.sources(below: root, in: directory, cache: cache, entering: { _ = watch($0) }, report: { _ in })
                for one in found ?? [] { plan.changed(one.source, at: now) }
            }
            for path in told.paths.sorted() where TranscriptFiles.isReached(path, from: root) {
                // A session's transcript may lie elsewhere than its part that was told of.
                guard let source = SourceDiscovery.source(at: path, under: root), TranscriptFiles.isReached(source.location.path, from: root)
                else { continue }
                plan.changed(source, at: now)
            }
        }
    }

    private mutating func lookAtEverything(into plan: inout WatchPlan) {
        let start = clock.now()
        var limit: DirectoryChangesError?
        if changes == nil {
            do throws(DirectoryChangesError) { changes = try source.make { [bell] in bell.ring() } } catch { limit = error }
        }
        var isDueAgain = false
        for root in roots {
            var problems: Set<TranscriptProblem> = []
            do throws(TranscriptFilesError) {
                let found = try SourceDiscovery.sources(below: root, cache: cache) { directory in
                    // With one more than the kernel allows, the rest would fail too.
                    if limit == nil { limit = watch(directory) }
                } report: { problem in
                    problems.insert(problem)
                }
                // A root that is a file.
                if found.first?.file.path == root { limit = limit ?? watch(Self.above(root)) }
                if missing.removeValue(forKey: root) != nil {
                    logger.notice("a directory of transcripts is there now", metadata: ["directory": "\(root)"])
                    onEvent(.rootFound(path: root))
                }
                tell(problems, of: root)
                add(found, of: root, to: &plan)
            } catch {
                miss(root, error)
                drop(plan.missing(under: root, found: []), from: &plan)
                guard error.isMissing, limit == nil else { continue }
                let above = watchAbove(root)
                limit = above.error
                isDueAgain = isDueAgain || above.hasCome
            }
        }
        set(changes == nil || limit != nil ? .polling(reason: limit.map { "\($0)" }) : .events)
        let end = clock.now()
        notBefore = end + max(timing.coalesce, (end - start) * 10)
        nextDue = isDueAgain ? notBefore : max(notBefore, end + (mode == .events ? timing.rescan : timing.poll))
    }

    private func add(_ found: [SourceDiscovery.Found], of root: String, to plan: inout WatchPlan) {
        for one in found where plan.found(one.source, one.file.stamp) {
            onEvent(.seen(SourceSight(path: one.file.path, one.file.stamp)))
        }
        drop(plan.missing(under: root, found: Set(found.map(\.file.path))), from: &plan)
    }

    private func drop(_ paths: [String], from plan: inout WatchPlan) {
        for path in paths {
            plan.remove(path)
            onEvent(.gone(path: path))
        }
    }

    /// - Returns: what keeps all directories from being watched. One that is gone or closed is no reason to look at everything again and again.
    private func watch(_ directory: String) -> DirectoryChangesError? {
        do throws(DirectoryChangesError) { try changes?.watch(directory) } catch { return error == .notReadable ? nil : error }
        return nil
    }

    /// Has the kernel tell of the parts of a source that is about to be read, where it is kept in many files.
    mutating func attend(_ source: Source) {
        guard changes != nil else { return }
        attend(source.format.partDirectories(of: source.location))
    }

    private mutating func attend(_ directories: [String]) {
        for directory in directories {
            // Again each time: it may not have been there before.
            if watch(directory) != nil { return }
            attended.removeAll { $0 == directory }
            attended.append(directory)
        }
        while attended.count > Self.maximumAttended { changes?.unwatch(attended.removeFirst()) }
    }

    /// Watches for a root that is not there yet: the nearest directory above it that is.
    ///
    /// - Returns: whether something on the way to it came meanwhile.
    private func watchAbove(_ root: String) -> (error: DirectoryChangesError?, hasCome: Bool) {
        var way = root
        while way != "/" {
            let below = way
            way = Self.above(way)
            guard FileStamp.exists(way) else { continue }
            let error = watch(way)
            return (error, FileStamp.exists(below))
        }
        return (nil, false)
    }

    private static func above(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private mutating func miss(_ root: String, _ error: TranscriptFilesError) {
        guard missing[root] != error.cause else { return }
        missing[root] = error.cause
        if error.isMissing {
            logger.notice("a directory of transcripts is not there; it is waited for", metadata: ["directory": "\(root)"])
        } else {
            logger.warning("cannot read a directory of transcripts; it will be tried again", metadata: ["reason": "\(error)"])
        }
        onEvent(.rootMissing(path: root, reason: "\(error)"))
    }

    private mutating func tell(_ problems: Set<TranscriptProblem>, of root: String) {
        for problem in problems.subtracting(closed[root] ?? []).sorted(by: { $0.description < $1.description }) {
            if case .passedOver(let reason) = problem {
                logger.notice("not everything below a directory is read", metadata: ["reason": "\(reason)"])
            } else {
                logger.warning("cannot read everything below a directory; it will be tried again", metadata: ["reason": "\(problem)"])
            }
        }
        closed[root] = problems
    }

    private mutating func set(_ new: WatchMode) {
        guard new != mode else { return }
        switch new {
        case .events where mode != nil: logger.notice("changes of transcripts are told by the kernel again")
        case .events: break
        case .polling(nil): logger.info("changes of transcripts are looked for", metadata: ["every": "\(timing.poll)"])
        case .polling(let reason?):
            logger.warning("cannot be told of changes, so it looks for them", metadata: ["every": "\(timing.poll)", "reason": "\(reason)"])
        }
        mode = new
        onEvent(.mode(new))
    }
}
