import Listeners
import Logging
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGTERM and SIGINT: the first one drains, the second one ends the process at once. SIGHUP, where it is trapped, reads the certificate.
struct StopSignals {
    let signals: UnixSignalsSequence
    let group: ServiceGroup
    let supervisor: Supervisor
    let logger: Logger
    let onHangup: @Sendable () async -> Void

    func run() async {
        var isStopping = false
        for await signal in signals {
            if signal == .sighup {
                await onHangup()
                continue
            }
            // Nothing is lost that a client was told of: what the store has confirmed is on disk.
            if isStopping { _exit(128 + signal.rawValue) }
            isStopping = true
            logger.info("stopping", metadata: ["signal": "\(signal)"])
            supervisor.tell("STOPPING=1")
            await group.triggerGracefulShutdown()
        }
    }
}

/// systemd, if it started this process and wants to hear of it (`Type=notify`).
struct Supervisor: Sendable {
    private let notification: ServiceNotification?
    private let logger: Logger

    init(environment: [String: String], logger: Logger) {
        notification = ServiceNotification(environment: environment)
        self.logger = logger
    }

    func tell(_ state: String) {
        do { try notification?.send(state) } catch {
            logger.warning("cannot tell the service manager", metadata: ["state": "\(state)", "reason": "\(error)"])
        }
    }
}
