import MemoryModel
package import MemoryStore
import Redaction
import Synchronization
import Transcripts

/// Compares what stands on disk with what is stored. Reads both and changes neither, whoever captures.
///
/// Keeps what it found of unchanged files, so that a second look costs one `lstat` a file.
package final class CaptureSurvey: Sendable {
    private struct Look {
        var key: SourceKey
        var stamp: FileStamp
        var state: SourceProgressState?
        var tail: SourceTail
    }

    private let store: any CaptureStore & RuleStore
    private let context: SourceContext
    private let roots: [String]
    private let cleanupDays: @Sendable () -> Int?
    private let cache = RecognitionCache()
    private let executor = BlockingExecutor(label: "magenta.survey")
    private let looks = Mutex<[String: Look]>([:])

    /// What waits for less than this is on its way.
    static let grace: Int64 = 10_000

    /// - Parameters:
    ///   - cleanupDays: Claude Code's `cleanupPeriodDays`; may read files. `nil` where nobody set it.
    package init(store: any CaptureStore & RuleStore, context: SourceContext, roots: [String], cleanupDays: @escaping @Sendable () -> Int?) {
        self.store = store
        self.context = context
        self.roots = roots
        self.cleanupDays = cleanupDays
    }

    /// - Throws: where the store cannot be read.
    package func look() async throws(StoreError) -> CaptureReport {
        let isCaptured = try await store.isCaptured()
        // The files before the store: what is written and stored in between must not look as if it were missing.
        let files = await withTaskExecutorPreference(executor) { self.files() }
        let accounts = try await store.captureAccounts()
        let exclusions = try await store.exclusions().map(\.name)
        return await withTaskExecutorPreference(executor) { self.report(files, accounts, exclusions, isCaptured: isCaptured) }
    }

    private struct Files {
        var found: [SourceDiscovery.Found] = []
        var missing: [MissingRoot] = []
        var passedOver: [String] = []
    }

    private func files() -> Files {
        var files = Files()
        var seen: Set<String> = []
        for root in roots {
            do throws(TranscriptFilesError) {
                let found = try SourceDiscovery.sources(below: root, cache: cache) { problem in
                    // A file of no agent is no trouble; a directory that is closed is.
                    switch problem {
                    case .closed(let reason): files.missing.append(MissingRoot(path: root, isMissing: false, reason: reason))
                    case .passedOver(let sentence): files.passedOver.append(sentence)
                    case .unknown: break
                    }
                }
                files.found += found.filter { seen.insert($0.file.path).inserted }
            } catch {
                files.missing.append(MissingRoot(path: root, isMissing: error.isMissing, reason: "\(error)"))
            }
        }
        return files
    }

    private func report(_ files: Files, _ accounts: CaptureAccounts, _ exclusions: [String], isCaptured: Bool) -> CaptureReport {
        let now = context.now()
        var report = CaptureReport(time: now, isCaptured: isCaptured)
        report.missing = files.missing
        report.exclusions = exclusions
        report.passedOver = files.passedOver.map { context.redactor.redact($0).value }
        report.refused = accounts.refused
        report.lastRefusals = accounts.lastRefusals.map {
            RefusedPlace(path: $0.key.path.value, spool: $0.key.spool.value, line: $0.line, offset: $0.offset, reason: $0.reason)
        }
        var own: [SourceKey: SourceAccount] = [:]
        var spools: [String: SpoolHealth] = [:]
        for account in accounts.sources {
            let spool = account.state.key.spool.value
            if spool == context.spool.value { own[account.state.key] = account } else { spools[spool, default: SpoolHealth(account)].add(account) }
        }
        report.spools = spools.values.sorted { ($0.lastContact ?? .distantPast, $0.spool) < ($1.lastContact ?? .distantPast, $1.spool) }
        var forecast = CleanupForecast(days: max(0, cleanupDays() ?? CleanupForecast.defaultDays))
        var kept: [String: Look] = Dictionary(minimumCapacity: files.found.count)
        let known = looks.withLock { $0 }
        // The oldest first, which is the order of the cleanup.
        for found in files.found {
            let old = known[found.file.path]
            // Redacting a path costs more than all else that is done for an unchanged file.
            let key = old?.key ?? SourceKey(spool: context.spool, path: context.redactor.redact(found.file.path))
            let account = own[key]
            let look = look(at: found, key, account?.state, old, now)
            kept[found.file.path] = look
            let health = health(of: found, look, account, now)
            if found.source.format is ClaudeCodeFormat { forecast.add(health, now: now) }
            report.sources.append(health)
        }
        looks.withLock { [kept] in $0 = kept }
        report.cleanup = forecast
        report.sources.sort { $0.isWorse(than: $1) }
        report.findings = CaptureFinding.all(in: report)
        return report
    }

    private func look(at found: SourceDiscovery.Found, _ key: SourceKey, _ state: SourceProgressState?, _ known: Look?, _ now: Timestamp) -> Look {
        // What cannot be read may be readable now, and a document is finished by time alone.
        if let known, known.stamp == found.file.stamp, known.state == state {
            switch known.tail.content {
            case .nothing, .lines: return known
            case .unfinished where found.file.path.hasSuffix(".jsonl"): return known
            case .unfinished, .unreadable: break
            }
        }
        return Look(
            key: key, stamp: found.file.stamp, state: state,
            tail: SourceTail(of: found.source, found.file.stamp, state, now: now, redactor: context.redactor))
    }

    private func health(of found: SourceDiscovery.Found, _ look: Look, _ account: SourceAccount?, _ now: Timestamp) -> SourceHealth {
        let modified = Timestamp(milliseconds: found.file.stamp.modified / 1_000_000)
        var health = SourceHealth(
            state: .current, path: look.key.path.value, agent: account?.origin?.agent ?? found.source.format.agent.value,
            user: account?.origin?.user ?? context.user.value, machine: account?.origin?.machine ?? context.machine.value, size: found.file.size,
            modified: modified, storedOffset: look.tail.start, storedTime: account?.state.readTime, refused: account?.refused ?? 0)
        if found.file.path.hasSuffix(".jsonl") { health.lagBytes = max(0, found.file.size - look.tail.start) }
        func wait(since time: Timestamp) -> Int64 { max(0, now.milliseconds - min(time, modified).milliseconds) }
        switch look.tail.content {
        case .nothing: health.lagBytes = health.lagBytes.map { _ in 0 }
        case .unfinished:
            health.state = .unfinished
            health.lagSeconds = Double(wait(since: modified)) / 1000
        case .lines(let since):
            let wait = wait(since: since ?? modified)
            health.state = wait > Self.grace ? .behind : .current
            health.lagSeconds = Double(wait) / 1000
        case .unreadable(let reason):
            health.state = .unreadable
            health.reason = context.redactor.redact(reason).value
            health.lagSeconds = Double(wait(since: modified)) / 1000
        }
        return health
    }
}

extension SpoolHealth {
    fileprivate init(_ account: SourceAccount) {
        self.init(
            spool: account.state.key.spool.value, user: account.origin?.user ?? "", machine: account.origin?.machine ?? "", sources: 0, refused: 0)
    }

    fileprivate mutating func add(_ account: SourceAccount) {
        sources += 1
        refused += account.refused
        guard let time = account.state.readTime, time > lastContact ?? .distantPast else { return }
        lastContact = time
        if let origin = account.origin { (user, machine) = (origin.user, origin.machine) }
    }
}

extension SourceHealth {
    fileprivate func isWorse(than other: SourceHealth) -> Bool {
        let (mine, others) = (State.allCases.firstIndex(of: state) ?? 0, State.allCases.firstIndex(of: other.state) ?? 0)
        return (mine, -(lagBytes ?? 0), -(lagSeconds ?? 0), path) < (others, -(other.lagBytes ?? 0), -(other.lagSeconds ?? 0), other.path)
    }
}

extension CleanupForecast {
    fileprivate mutating func add(_ source: SourceHealth, now: Timestamp) {
        let end = Timestamp(milliseconds: source.modified.milliseconds + Int64(min(days, 100_000)) * 86_400_000)
        let isStored = source.state == .current || source.state == .unfinished
        if end.milliseconds <= now.milliseconds + Int64(Self.soonDays) * 86_400_000 {
            soon += 1
            if !isStored { soonNotStored += 1 }
        }
        guard next.count < Self.shownFiles else { return }
        next.append(File(path: source.path, deletedAfter: end, isStored: isStored, isPart: source.state == .unfinished))
    }
}
