import Logging
import MemoryStore
import ServiceLifecycle
import Synchronization
import TranscriptIngest

/// Watches beside an agent, and sends what it reads to a server that is elsewhere. Ends at once when it is told to: what is in the spool is
/// sent at the next start.
struct RemoteWatch: Service {
    let spool: any SpoolStore
    let context: SourceContext
    let directories: [String]
    let target: IngestTarget
    let caFile: String?
    let token: @Sendable () throws -> String?
    let logger: Logger

    /// What the server refused is tried again without anything new.
    private static let pause = Duration.seconds(60)
    private static let patience = Duration.seconds(15)
    private static let maximumPasses = 5

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await watch() }
    }

    private func watch() async throws {
        let (bell, ring) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (restarts, restart) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        ring.yield()
        try await IngestConnection.with(target, caFile: caFile, token: token) { connection in
            let sender = SpoolSender(spool, over: connection, to: target.text, logger: logger) { restart.yield() }
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await sender.run(bell) }
                tasks.addTask {
                    while true {
                        do { try await ContinuousClock().sleep(for: Self.pause) } catch { return }
                        ring.yield()
                    }
                }
                let sink = SpoolSink(spool) { ring.yield() }
                // A source that the server lacks is read from its start by a watch that begins.
                while !Task.isCancelled { await watch(into: sink, until: restarts) }
                tasks.cancelAll()
            }
        }
    }

    private func watch(into sink: SpoolSink, until restarts: AsyncStream<Void>) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await SourceWatch(into: sink, context: context, roots: directories, logger: logger).run() }
            tasks.addTask { for await _ in restarts { return } }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    /// Reads all that is there and sends it.
    func once() async throws -> ImportReport {
        let isIncomplete = Mutex(false)
        return try await IngestConnection.with(target, caFile: caFile, token: token) { connection in
            let sender = SpoolSender(spool, over: connection, to: target.text, logger: logger) { isIncomplete.withLock { $0 = true } }
            let sink = SpoolSink(spool, onFull: { try await sender.drain(patience: Self.patience) }, onKept: {})
            let reading = TranscriptImport(into: sink, context: context, logger: logger)
            var report = try await reading.run(directories)
            try await sender.drain(patience: Self.patience)
            // What the server lacked is read again. A server that goes on losing what it has is none to wait for.
            var passes = 1
            while isIncomplete.withLock({ flag in
                defer { flag = false }
                return flag
            }) {
                guard passes < Self.maximumPasses else {
                    throw UndeliveredError(
                        server: target.text, batches: try await spool.fill().batches, reason: "it lost what it had, again and again")
                }
                passes += 1
                report = try await reading.run(directories)
                try await sender.drain(patience: Self.patience)
            }
            return report
        }
    }
}
