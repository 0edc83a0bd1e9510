import Transcripts

/// Which source a watch reads next. Knows every source and what it looked like when it was read last; reads and waits for nothing itself.
///
/// Three ways lead to a turn: what is found on disk is read oldest first, what has just changed goes before it, and what failed waits.
struct WatchPlan {
    struct Turn {
        var source: Source
        /// What the file looked like when it was last read to its end.
        var stamp: FileStamp?
        /// Whether it has just been written to, as far as is known.
        var isLive: Bool
    }

    private enum Place { case none, backfill, live, postponed }

    private struct Entry {
        var source: Source
        var stamp: FileStamp?
        var place = Place.none
        var isLive = false
        var lastTurn: Duration?
        var failures = 0
        var problem: String?
    }

    /// Turns of changed sources in a row after which the backfill gets one.
    private static let liveTurns = 4

    private let timing: WatchTiming
    private var entries: [String: Entry] = [:]
    private var live = PathQueue()
    private var backfill = PathQueue()
    private var postponed: [String: Duration] = [:]
    private var turnsInARow = 0
    /// Whose turns failed at the sink since one last succeeded: two different ones mean that it is the sink.
    private var failing: Set<String> = []
    private var failuresInARow = 0
    private var pausedUntil = Duration.zero

    init(timing: WatchTiming) { self.timing = timing }

    var count: Int { entries.count }
    /// Whether nothing waits for its turn but what failed.
    var isCaughtUp: Bool {
        live.isEmpty && backfill.isEmpty && postponed.keys.allSatisfy { (entries[$0]?.failures ?? 0) > 0 || entries[$0]?.problem != nil }
    }

    /// A source as a look at the directory shows it.
    ///
    /// - Returns: whether it is new, or not as it was read last.
    mutating func found(_ source: Source, _ stamp: FileStamp) -> Bool {
        let path = source.location.path
        guard let entry = entries[path] else {
            entries[path] = Entry(source: source)
            put(path, .backfill)
            return true
        }
        guard entry.stamp != stamp, entry.place == .none else { return false }
        put(path, .backfill)
        return true
    }

    /// Something was written to the file, or it came or went.
    mutating func changed(_ source: Source, at now: Duration) {
        let path = source.location.path
        let entry = entries[path] ?? Entry(source: source)
        entries[path] = entry
        if entry.place == .live || (entry.place == .postponed && entry.problem == nil) { return }
        if entry.place == .backfill { backfill.remove(path) }
        // One that could not be read may be readable now, so it does not wait out its time.
        postponed[path] = nil
        if let last = entry.lastTurn, last + timing.coalesce > now {
            postpone(path, until: last + timing.coalesce, isLive: true)
        } else {
            put(path, .live)
        }
    }

    /// The sources under `root` that a look at all of it did not show.
    func missing(under root: String, found: Set<String>) -> [String] {
        entries.filter { $0.value.source.root == root && !found.contains($0.key) }.keys.sorted()
    }

    mutating func remove(_ path: String) {
        entries[path] = nil
        postponed[path] = nil
        live.remove(path)
        backfill.remove(path)
        failing.remove(path)
    }

    mutating func next(at now: Duration) -> Turn? {
        for (path, due) in postponed where due <= now {
            postponed[path] = nil
            put(path, entries[path]?.isLive == true ? .live : .backfill)
        }
        guard now >= pausedUntil else { return nil }
        let isBackfillDue = live.isEmpty || (turnsInARow >= Self.liveTurns && !backfill.isEmpty)
        guard let path = isBackfillDue ? backfill.popFirst() : live.popFirst(), let entry = entries[path] else { return nil }
        turnsInARow = isBackfillDue ? 0 : turnsInARow + 1
        entries[path]?.isLive = entry.place == .live
        entries[path]?.place = .none
        entries[path]?.lastTurn = now
        return Turn(source: entry.source, stamp: entry.stamp, isLive: entry.place == .live)
    }

    /// When there may be a turn again; `nil` where nothing waits.
    var nextDue: Duration? {
        let isWaiting = !live.isEmpty || !backfill.isEmpty
        return (postponed.values.map { max($0, pausedUntil) } + (isWaiting ? [pausedUntil] : [])).min()
    }

    /// The turn's source was read, to its end or for as long as a turn lasts.
    ///
    /// - Parameter stamp: what the file looked like before it was read; `nil` to read it again at the next look.
    /// - Returns: whether the sink had failed before.
    mutating func succeeded(_ path: String, _ stamp: FileStamp?, isAtEnd: Bool) -> Bool {
        let hadFailed = !failing.isEmpty
        if failing.count > 1 {
            for path in failing where postponed[path] != nil { postponed[path] = .zero }
        }
        failing = []
        failuresInARow = 0
        pausedUntil = .zero
        guard let entry = entries[path] else { return hadFailed }
        entries[path]?.failures = 0
        entries[path]?.problem = nil
        entries[path]?.stamp = isAtEnd ? stamp : nil
        guard !isAtEnd, entry.place == .none else { return hadFailed }
        // A large file of the backfill is read through before the next; those that grow take turns.
        if entry.isLive { put(path, .live) } else { put(path, .backfill, isFirst: true) }
        return hadFailed
    }

    /// The sink did not take what the turn brought.
    ///
    /// - Returns: how long it waits, and whether all was well before.
    mutating func failed(_ path: String, at now: Duration) -> (pause: Duration, isFirst: Bool) {
        let isFirst = failing.isEmpty
        failing.insert(path)
        failuresInARow += 1
        let failures = (entries[path]?.failures ?? 0) + 1
        entries[path]?.failures = failures
        let pause = timing.retry(failures)
        if entries[path]?.place == Place.none { postpone(path, until: now + pause, isLive: entries[path]?.isLive ?? false) }
        if failing.count > 1 { pausedUntil = now + timing.retry(failuresInARow) }
        return (max(pause, pausedUntil - now), isFirst)
    }

    /// The turn's file cannot be read. It waits for a change, or for a while.
    ///
    /// - Returns: whether this is news.
    mutating func unreadable(_ path: String, _ problem: String, at now: Duration) -> Bool {
        let isNews = entries[path]?.problem != problem
        entries[path]?.problem = problem
        entries[path]?.stamp = nil
        if entries[path]?.place == Place.none { postpone(path, until: now + timing.rescan, isLive: false) }
        return isNews
    }

    private mutating func put(_ path: String, _ place: Place, isFirst: Bool = false) {
        guard entries[path] != nil else { return }
        entries[path]?.place = place
        if place == .live { live.append(path) } else if isFirst { backfill.prepend(path) } else { backfill.append(path) }
    }

    private mutating func postpone(_ path: String, until due: Duration, isLive: Bool) {
        entries[path]?.place = .postponed
        entries[path]?.isLive = isLive
        postponed[path] = due
    }
}
