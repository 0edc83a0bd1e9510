import Logging
import NIOPosix
import NIOSSL
import Synchronization

/// The certificate of new connections. A connection keeps the one that it began with.
final class ServedCertificate: Sendable {
    private let files: CertificateFiles
    private let logger: Logger
    private let current = Mutex<NIOSSLContext?>(nil)
    /// Held while files are read, and so never on an event loop.
    private let reload = Mutex(CertificateReload())

    init(_ files: CertificateFiles, logger: Logger) {
        self.files = files
        self.logger = logger
    }

    /// `nil` before ``load()``.
    var context: NIOSSLContext? { current.withLock { $0 } }

    func load() throws {
        try reload.withLock { reload in
            _ = reload.look(versions, isAsked: true)
            try read()
        }
    }

    /// Looks again and again until the task is cancelled.
    func watch(every interval: Duration, clock: any Clock<Duration>) async {
        while (try? await clock.sleep(for: interval)) != nil { await look(isAsked: false) }
    }

    /// Reads the files if they changed, or if somebody asks for it. Where they are no good the certificate stays as it is.
    func look(isAsked: Bool) async {
        do {
            try await NIOThreadPool.singleton.runIfActive { self.lookNow(isAsked: isAsked) }
        } catch {
            logger.warning("cannot look at the certificate's files", metadata: ["reason": "\(error)"])
        }
    }

    private func lookNow(isAsked: Bool) {
        reload.withLock { reload in
            guard reload.look(versions, isAsked: isAsked) else { return }
            do {
                try read()
                logger.notice("serving another certificate to new connections", metadata: ["file": "\(files.certificate)"])
            } catch {
                logger.error(
                    "the certificate's files changed and are no good; the certificate stays as it is",
                    metadata: ["reason": "\(error). Fix: write both files whole, then send SIGHUP or wait"])
            }
        }
    }

    private var versions: CertificateReload.Versions {
        CertificateReload.Versions(certificate: FileVersion(path: files.certificate), key: FileVersion(path: files.key))
    }

    private func read() throws {
        let context = try files.context()
        current.withLock { $0 = context }
    }
}
