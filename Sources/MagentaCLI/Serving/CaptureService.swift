import Logging
import MemoryStore
import ServiceLifecycle
import TranscriptIngest

/// Imports beside the server, if no other process captures into this store. Its end is not the server's end.
struct CaptureService: Service {
    let store: any MemoryStore
    let capture: LocalCapture
    let directories: [String]
    var status = CaptureStatus()
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await importOnce() }
        // A service that returns would take the group down with it.
        try? await gracefulShutdown()
    }

    func importOnce() async {
        do {
            guard let lock = try await store.captureLock() else {
                logger.info("another process captures into this store; this one only reads")
                return
            }
            status.lockTaken()
            defer {
                lock.release()
                status.lockReleased()
            }
            status.began()
            defer { status.ended() }
            let importing = TranscriptImport(into: capture.sink, context: capture.context, logger: logger)
            for directory in directories {
                do {
                    let report = try await importing.run([directory]) { status.stored($0.batch) }
                    logger.info(
                        "imported",
                        metadata: [
                            "from": "\(directory)", "lines": "\(report.counts.lines)", "stored": "\(report.counts.stored)",
                            "refused": "\(report.counts.refused)",
                        ])
                } catch let error as ImportError {
                    // A user without Claude Code has no such directory; that is no reason not to serve.
                    logger.warning("nothing imported", metadata: ["reason": "\(error)"])
                }
            }
        } catch is CancellationError {
            logger.info("the import was interrupted; the next one goes on where it stopped")
        } catch {
            logger.error("the import failed", metadata: ["reason": "\(error)"])
        }
    }
}
