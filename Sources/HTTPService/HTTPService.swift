import Diagnosis
import HummingbirdCore
package import Listeners
import Logging
package import NIOCore
import NIOHTTPTypesHTTP1
import NIOPosix
import NIOSSL
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Serves one router on every listener it is given, until it is told to stop.
///
/// Hummingbird's own `Server` takes one address, binds by name and offers no way to set IPV6_V6ONLY; so the sockets come bound from
/// Listeners and only its HTTP/1.1 channel is used.
package struct HTTPService: Service {
    private typealias Accepted = (channel: HTTP1Channel.Value, http: HTTP1Channel)
    private typealias Server = (isOwned: Bool, handover: Handover, channel: NIOAsyncChannel<Accepted, Never>)

    /// Raised when the order to stop came. Streams end on it.
    package let drain = Signal()
    private let listeners: [BoundListener]
    private let configuration: ServiceConfiguration
    private let group: any EventLoopGroup
    private let responder: Responder
    private let registry: ConnectionRegistry
    private let certificate: ServedCertificate?
    private let onServing: @Sendable () async -> Void

    /// - Parameters:
    ///   - listeners: taken over: those that this process made are closed when the service ends.
    ///   - onServing: runs beside the service once every listener accepts; for the self-dial and for readiness.
    package init(
        listeners: [BoundListener], router: Router, configuration: ServiceConfiguration,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, onServing: @escaping @Sendable () async -> Void = {}
    ) {
        self.listeners = listeners
        self.configuration = configuration
        self.group = group
        self.onServing = onServing
        certificate = configuration.certificate.map { ServedCertificate($0, logger: configuration.logger) }
        responder = Responder(configuration: configuration, router: router, drain: drain)
        registry = ConnectionRegistry(limit: configuration.limits.connections, service: configuration.state)
    }

    /// - Throws: ``CertificateError`` or what the kernel said where a listener cannot be taken over. All of them are closed then.
    package func run() async throws {
        let servers: [Server]
        do {
            servers = try await takeOver()
        } catch {
            removeSocketFiles()
            throw error
        }
        defer { removeSocketFiles() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await withThrowingDiscardingTaskGroup { tasks in
                    for server in servers {
                        tasks.addTask { try await accept(from: server) }
                    }
                    tasks.addTask(operation: onServing)
                    if let certificate {
                        tasks.addTask {
                            await cancelWhenGracefulShutdown {
                                await certificate.watch(every: configuration.certificateInterval, clock: configuration.clock)
                            }
                        }
                    }
                }
            } onGracefulShutdown: {
                stop(servers)
            }
        } onCancel: {
            configuration.state.stop()
            drain.raise()
            for server in servers { server.handover.stop(server.channel.channel) }
            registry.closeAll()
        }
    }

    /// Reads the certificate's files now, whether they changed or not; new connections get what is in them. Where they are no good the log
    /// says why, and the certificate stays as it is. Without TLS it does nothing.
    package func reloadCertificate() async {
        await certificate?.look(isAsked: true)
    }

    /// How long requests that reached the kernel before the order to stop have to be read: a client that posted them was told nothing yet.
    private static let arrival: TimeAmount = .milliseconds(100)
    /// How long connections are still accepted that reached it: closing the listener resets those that wait in its queue. On a socket that
    /// stays open they wait for the next process instead.
    private static let lastAccept: TimeAmount = .milliseconds(50)

    /// Every listener stops soon; a moment later idle connections close, busy ones after their answer; what is left is cut off at the timeout.
    private func stop(_ servers: [Server]) {
        configuration.state.stop()
        for (isOwned, handover, listener) in servers {
            let channel = listener.channel
            channel.eventLoop.scheduleTask(in: isOwned ? Self.lastAccept : .zero) { handover.stop(channel) }
        }
        guard let loop = servers.first?.channel.channel.eventLoop else { return drain.raise() }
        let drain = drain
        let quiescing = self.registry
        loop.scheduleTask(in: Self.arrival) {
            drain.raise()
            quiescing.quiesce()
        }
        let registry = registry
        let logger = configuration.logger
        loop.scheduleTask(in: TimeAmount(configuration.limits.drainTimeout)) {
            let count = registry.count
            guard count > 0 else { return }
            logger.warning("cutting off connections that did not end in time", metadata: ["count": "\(count)"])
            registry.closeAll()
        }
    }

    private func accept(from server: Server) async throws {
        let logger = configuration.logger
        await withDiscardingTaskGroup { connections in
            do {
                try await server.channel.executeThenClose { inbound in
                    for try await accepted in inbound {
                        server.handover.taken(accepted.channel.channel)
                        connections.addTask {
                            await accepted.http.handle(value: accepted.channel, logger: logger)
                        }
                    }
                }
            } catch {
                // A listener that closes while connections wait in its queue ends in an error; that is no news while stopping.
                if !configuration.state.isStopping { logger.error("a listener failed", metadata: ["error": "\(error)"]) }
            }
        }
    }

    private func takeOver() async throws -> [Server] {
        var waiting = listeners[...]
        var servers: [Server] = []
        do {
            try certificate?.load()
            while let listener = waiting.first {
                let descriptor = listener.isOwned ? listener.descriptor : dup(listener.descriptor)
                guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "dup of \(listener.specification)") }
                // From here NIO closes it, also where it fails.
                waiting.removeFirst()
                servers.append(try await serve(listener, descriptor: descriptor))
            }
            return servers
        } catch {
            for server in servers { try? await server.channel.channel.close() }
            for listener in waiting where listener.isOwned { close(listener.descriptor) }
            throw error
        }
    }

    private func serve(
        _ listener: BoundListener, descriptor: CInt
    ) async throws -> Server {
        let registry = registry
        let handover = Handover()
        let channel = try await ServerBootstrap(group: group)
            // NIO listens once more, and would shorten the queue to its own default.
            .serverChannelOption(.backlog, value: ListenerBinding.backlog)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptGate(registry: registry, handover: handover))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(descriptor) { channel in
                prepare(channel, family: listener.family)
            }
        return (listener.isOwned, handover, channel)
    }

    /// Builds the pipeline of one connection, on its event loop.
    private func prepare(
        _ channel: any Channel, family: AddressFamily
    ) -> EventLoopFuture<Accepted> {
        let (isSurplus, isDraining) = registry.add(channel)
        let registry = registry
        channel.closeFuture.whenComplete { _ in registry.remove(channel) }
        let context = certificate?.context
        if let context {
            do {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
        let connection = Connection(channel: channel, family: family, isSecure: context != nil, isSurplus: isSurplus)
        let limits = configuration.limits
        let product = configuration.product
        let metrics = configuration.metrics
        let responder = responder
        let http = HTTP1Channel(
            responder: { request, writer, _ in try await responder.respond(to: request, with: writer, on: connection) },
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionWatch(limits: limits, product: product, metrics: metrics, departure: connection.departure)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                    maxHeaderFieldCount: limits.headerCount)))
        return http.setup(channel: channel, logger: configuration.logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandlers(
                [AbsoluteTargets(), OldVersions()], position: .before(try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)))
            // It came in between the order to stop and the closing of its listener.
            if isDraining { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
            return (value, http)
        }
    }

    private func removeSocketFiles() {
        for listener in listeners where listener.isOwned {
            if case .unix(let path) = listener.endpoint { unlink(path) }
        }
    }
}
