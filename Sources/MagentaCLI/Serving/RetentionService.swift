import Logging
import MemoryArchive
import MemoryStore
import ServiceLifecycle

/// Ends erasures that were cut short, and forgets what the rules of retention no longer keep: at the start, then every hour.
struct RetentionService: Service {
    let store: any MemoryStore
    let logger: Logger
    var clock: any Clock<Duration> = ContinuousClock()

    private static let pause = Duration.seconds(3600)
    /// After an erasure that could not be finished.
    private static let shortPause = Duration.seconds(60)

    func run() async {
        await cancelWhenGracefulShutdown { await apply() }
    }

    private func apply() async {
        while !Task.isCancelled {
            let isDone = await pass()
            do { try await clock.sleep(for: isDone ? Self.pause : Self.shortPause) } catch { return }
        }
    }

    /// - Returns: whether nothing is left to do.
    private func pass() async -> Bool {
        do throws(StoreError) {
            if let pending = try await store.pendingErasure() {
                logger.notice("finishing an erasure that was cut short", metadata: ["rows": "\(pending.rows)"])
                try await store.finishErasure(.wholeFile) { _ in }
                logger.notice("the erasure is finished")
            }
            let count = try await RetentionPass(of: store).run(at: SystemClock.now)
            if count > 0 { logger.notice("forgot what was too old", metadata: ["messages": "\(count)"]) }
            return true
        } catch {
            logger.warning("an erasure is not finished; it will be tried again", metadata: ["reason": "\(error)"])
            return false
        }
    }
}
