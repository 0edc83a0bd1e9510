import HTTPService
package import Listeners
import NIOCore

/// Makes a TCP connection to one address and looks whether it stays.
package struct ConnectionProbe: Sendable {
    /// docker-proxy and load balancers accept before they dial what they stand for. A dial that is refused on a bridge of the same host
    /// comes back within a millisecond and through a busy machine's scheduler within some tens; one that takes longer shows as an
    /// HTTP exchange that is closed without an answer.
    package static let watch = Duration.milliseconds(150)

    private let timeout: Duration
    private let watch: Duration
    private let stopwatch: Stopwatch

    package init(timeout: Duration, watch: Duration = watch, stopwatch: Stopwatch = .system) {
        self.timeout = timeout
        self.watch = watch
        self.stopwatch = stopwatch
    }

    package func connect(address: InternetAddress, port: UInt16) async -> ConnectionFact {
        let start = stopwatch.read()
        let (timeout, watch, stopwatch) = (timeout, watch, stopwatch)
        let outcome: ConnectionFact.Outcome
        var end: Duration?
        do throws(DialError) {
            // The deadline closes the channel, and that must not pass for a peer that closed it.
            let dialer = Dialer(.internet(address, port: port), deadline: .now() + TimeAmount(timeout + watch))
            let stay = try await dialer.complete { channel in
                let promise = channel.eventLoop.makePromise(of: Stay.self)
                try channel.pipeline.syncOperations.addHandler(StayWatch(promise: promise, watch: watch, stopwatch: stopwatch))
                return promise.futureResult
            }
            outcome = stay.isClosed ? .closedAtOnce : .connected
            end = stay.connected
        } catch {
            outcome =
                switch error {
                case .refused(let code): .failed(SystemCallError(call: "connect", code: code).name)
                case .timedOut: .timedOut
                case .closed: .closedAtOnce
                case .tls(let reason), .unintelligible(let reason): .failed(reason)
                case .cancelled: .failed("it was cancelled")
                }
        }
        return ConnectionFact(address: address, port: port, outcome: outcome, duration: (end ?? stopwatch.read()) - start)
    }
}

private struct Stay: Sendable {
    /// When the connection stood.
    var connected: Duration
    var isClosed: Bool
}

/// Waits whether the peer ends a connection on which nothing was sent.
private final class StayWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<Stay>
    private let watch: Duration
    private let stopwatch: Stopwatch
    private var connected: Duration?
    private var isThrough = false

    init(promise: EventLoopPromise<Stay>, watch: Duration, stopwatch: Stopwatch) {
        self.promise = promise
        self.watch = watch
        self.stopwatch = stopwatch
    }

    private func end(isClosed: Bool) {
        guard !isThrough else { return }
        isThrough = true
        promise.succeed(Stay(connected: connected ?? stopwatch.read(), isClosed: isClosed))
    }

    func channelActive(context: ChannelHandlerContext) {
        connected = stopwatch.read()
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(watch)) { self.end(isClosed: false) }
    }

    /// A server that speaks first is no HTTP server, but it is there.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) { end(isClosed: false) }

    func channelInactive(context: ChannelHandlerContext) { end(isClosed: true) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(isClosed: connected != nil) }

    /// Also where the connection was never made: the error goes another way, and a promise has to be kept.
    func handlerRemoved(context: ChannelHandlerContext) { end(isClosed: false) }
}
