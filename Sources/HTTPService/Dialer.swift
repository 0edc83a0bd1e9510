package import Listeners
package import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Connects to one socket by address and never by name, with one deadline for all that happens on the connection.
package struct Dialer: Sendable {
    package struct TLS: Sendable {
        /// For SNI, and what the certificate must name; `nil` where the server is called by its address.
        package var name: String?
        fileprivate let context: NIOSSLContext

        /// - Parameter isVerified: without it any certificate is taken.
        /// - Parameter authorities: a PEM file with certificates that are trusted beside the system's, as NODE_EXTRA_CA_CERTS names one.
        /// - Throws: ``DialError/tls(_:)`` where the file cannot be read.
        package init(name: String? = nil, isVerified: Bool = false, authorities: String? = nil) async throws(DialError) {
            self.name = name
            var configuration = TLSConfiguration.makeClientConfiguration()
            if isVerified {
                if let authorities { configuration.additionalTrustRoots = [.file(authorities)] }
            } else {
                configuration.certificateVerification = .none
                configuration.trustRoots = .certificates([])
            }
            configuration.applicationProtocols = ["http/1.1"]
            // A peer that never answers the closing of TLS would hold a closed connection for five seconds.
            configuration.shutdownTimeout = .milliseconds(100)
            do {
                // It reads the files of the system's authorities, which is nothing for an event loop.
                context = try await NIOThreadPool.singleton.runIfActive { [configuration] in try NIOSSLContext(configuration: configuration) }
            } catch {
                throw .tls(authorities.map { "the certificates in \($0) cannot be read: \(error)" } ?? "\(error)")
            }
        }
    }

    package var endpoint: ListenEndpoint
    package var tls: TLS?
    package var deadline: NIODeadline
    package var group: any EventLoopGroup

    package init(
        _ endpoint: ListenEndpoint, tls: TLS? = nil, deadline: NIODeadline,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.endpoint = endpoint
        self.tls = tls
        self.deadline = deadline
        self.group = group
    }

    /// The channel closes at the deadline; what `configure` returns has to close it before.
    /// - Parameter configure: runs on the event loop, with TLS in the pipeline and before the connection is made.
    /// - Throws: ``DialError``, also where the task was cancelled.
    package func dial<Output: Sendable>(_ configure: @escaping @Sendable (any Channel) throws -> Output) async throws(DialError) -> Output {
        let attempt = Attempt()
        do {
            return try await withTaskCancellationHandler {
                try await ClientBootstrap(group: group)
                    .connectTimeout(max(.milliseconds(1), deadline - .now()))
                    .connect(to: try SocketAddress(endpoint)) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            attempt.hold(channel)
                            // The whole exchange, with a handshake that never ends, has one limit.
                            let close = channel.eventLoop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
                            channel.closeFuture.whenComplete { _ in close.cancel() }
                            if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler()) }
                            return try configure(channel)
                        }
                    }
            } onCancel: {
                attempt.cancel()
            }
        } catch {
            throw failure(error, isConnected: false)
        }
    }

    /// Connects, awaits what `configure` promises, and closes the channel.
    package func complete<Value: Sendable>(
        _ configure: @escaping @Sendable (any Channel) throws -> EventLoopFuture<Value>
    ) async throws(DialError) -> Value {
        let (channel, future) = try await dial { channel in (channel, try configure(channel)) }
        do {
            let value = try await withTaskCancellationHandler {
                try await future.get()
            } onCancel: {
                channel.close(promise: nil)
            }
            try? await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw failure(error, isConnected: true)
        }
    }

    /// What an error means that came before or after the connection was made.
    package func failure(_ error: any Error, isConnected: Bool) -> DialError {
        // What the kernel said stands, however late it was heard. A connection that is refused is no ECONNRESET: the peer had accepted, and
        // its reset came before the connection was looked at.
        if let error = error as? IOError { return isConnected || error.errnoCode == ECONNRESET ? .closed : .refused(code: error.errnoCode) }
        if Task.isCancelled { return .cancelled }
        if NIODeadline.now() >= deadline { return .timedOut }
        switch error {
        case let error as DialError: return error
        case ChannelError.connectTimeout: return .timedOut
        case ChannelError.eof, ChannelError.inputClosed, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed: return .closed
        case NIOSSLError.uncleanShutdown: return .closed
        case is NIOAsyncWriterError: return .closed
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: return .tls("\(error)")
        default: return .unintelligible("\(error)")
        }
    }
}

/// Why a connection or an exchange on it came to nothing.
package enum DialError: Error, Sendable, Hashable {
    /// What the kernel said when it was dialled.
    case refused(code: CInt)
    case timedOut
    /// Connected, then closed or reset by the peer.
    case closed
    /// In the TLS library's words.
    case tls(String)
    /// Another protocol, or an answer over a limit.
    case unintelligible(String)
    case cancelled
}

/// The channel of a connection that is being made: awaiting the bootstrap cannot be cancelled, closing its channel ends it.
private final class Attempt: Sendable {
    private struct State {
        var channel: (any Channel)?
        var isCancelled = false
    }

    private let state = Mutex(State())

    func hold(_ channel: any Channel) {
        let isCancelled = state.withLock { state in
            state.channel = channel
            return state.isCancelled
        }
        if isCancelled { channel.close(promise: nil) }
    }

    func cancel() {
        let channel = state.withLock { state in
            state.isCancelled = true
            return state.channel
        }
        channel?.close(promise: nil)
    }
}

extension Dialer.TLS {
    fileprivate func handler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: name)
    }
}

extension SocketAddress {
    /// By inet_pton: `init(host:)` and the bootstraps' `connect(host:)` would resolve even a literal.
    init(_ endpoint: ListenEndpoint) throws {
        switch endpoint {
        case .internet(let address, let port): try self.init(ipAddress: address.description, port: Int(port))
        case .unix(let path): try self.init(unixDomainSocketPath: path)
        }
    }
}
