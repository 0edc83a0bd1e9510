import Logging
import MemoryStore
import ServiceLifecycle
import TranscriptIngest

/// Watches beside the server, if no other process captures into this store; if one does, it only reads until that one ends. Its end is
/// not the server's end.
struct CaptureService: Service {
    let store: any MemoryStore
    let capture: LocalCapture
    let directories: [String]
    var status = CaptureStatus()
    var nudges = WatchNudges()
    let logger: Logger
    var clock: any Clock<Duration> = ContinuousClock()

    /// Between two tries to take the capture lock from a process that is gone, and two looks at what it captured.
    private static let pause = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
        // A service that returns would take the group down with it.
        try? await gracefulShutdown()
    }

    /// Ends when its task is cancelled; the batch under way is then stored or it is not, as a whole.
    func watch() async {
        var mark: CaptureMark?
        var waitsFor: String?
        while !Task.isCancelled {
            do throws(StoreError) {
                if let lock = try await store.captureLock() {
                    if waitsFor != nil { logger.notice("this process captures into the store now") }
                    waitsFor = nil
                    await watch(under: lock)
                    continue
                }
                if waitsFor == nil { logger.info("another process captures into this store; this one only reads until that one ends") }
                waitsFor = waitsFor ?? ""
                mark = try await store.announceCaptured(since: mark)
            } catch {
                // Said once, until the reason is another one.
                if waitsFor != error.cause, !Task.isCancelled {
                    logger.error("cannot capture; it will be tried again", metadata: ["reason": "\(error)"])
                }
                waitsFor = error.cause
            }
            do { try await clock.sleep(for: Self.pause) } catch { return }
        }
    }

    private func watch(under lock: any CaptureLock) async {
        status.lockTaken()
        defer {
            lock.release()
            status.lockReleased()
        }
        let watch = SourceWatch(into: capture.sink, context: capture.context, roots: directories, logger: logger, nudges: nudges) { event in
            status.happened(event)
            if case .caughtUp = event { tellCaughtUp() }
        }
        await watch.run()
    }

    /// Once: what comes then is told by the store itself.
    private func tellCaughtUp() {
        guard let backfill = status.endBackfill() else { return }
        logger.info(
            "imported what was there; watching from here on",
            metadata: [
                "sources": "\(backfill.sources)", "lines": "\(backfill.counts.lines)", "stored": "\(backfill.counts.stored)",
                "refused": "\(backfill.counts.refused)",
            ])
    }
}
