import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Watches one connection: its timeouts, a client that leaves, a head that is no HTTP, and an end that lets the client read the answer.
///
/// It stands between the codec and the code that answers, so it sees heads, bodies and ends, not bytes.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ServiceLimits
    private let product: String
    private let metrics: ServiceMetrics
    private let departure: Signal
    private var clock = ConnectionClock()
    private var check: Scheduled<Void>?
    /// Requests whose answer has not ended; more than one only where a client pipelines.
    private var inFlight = 0
    private var isReading = false
    /// Whether what is left of the body may be long, so that reading it to keep the connection is not worth it.
    private var isBodyLong = false
    private var closesAfterAnswer = false
    private var lingering: Lingering?

    private struct Lingering {
        var bytesLeft: Int
    }

    init(limits: ServiceLimits, product: String, metrics: ServiceMetrics, departure: Signal) {
        self.limits = limits
        self.product = product
        self.metrics = metrics
        self.departure = departure
    }

    func handlerAdded(context: ChannelHandlerContext) {
        clock.wait(for: .firstHead, timeout: limits.headTimeout)
        scheduleCheck(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        check?.cancel()
        check = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        check?.cancel()
        check = nil
        departure.raise()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if lingering != nil {
            discard(unwrapInboundIn(data), context: context)
            return
        }
        switch unwrapInboundIn(data) {
        case .head(let head):
            inFlight += 1
            isReading = true
            isBodyLong = Self.isLong(head, limit: limits.bodyBytes)
            clock.wait(for: .body, timeout: limits.bodyTimeout)
        case .body:
            break
        case .end:
            isReading = false
            // Its answer may have gone before its body had come.
            if inFlight == 0 { clock.wait(for: .nextHead, timeout: limits.idleTimeout) } else { clock.stop() }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headerFields[.connection] == "close" { closesAfterAnswer = true }
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            // An answer to what was never a request (Hummingbird's to a parse error) has no head to count.
            inFlight = max(0, inFlight - 1)
            guard closesAfterAnswer || (inFlight == 0 && isReading && isBodyLong) else {
                if inFlight == 0, !isReading { clock.wait(for: .nextHead, timeout: limits.idleTimeout) }
                context.write(data, promise: promise)
                return
            }
            context.writeAndFlush(data, promise: promise)
            end(context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed as ChannelEvent:
            departure.raise()
            if lingering != nil { context.close(promise: nil) }
        case is ChannelShouldQuiesceEvent where inFlight == 0:
            // A request that the client has sent already may lie in the kernel unread; closing now would lose it.
            let bound = context.loopBound
            context.eventLoop.scheduleTask(in: .milliseconds(50)) {
                bound.value.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            return
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard lingering == nil else { return }
        // With an answer under way ours would fall into it: the loop that answers ends the connection itself.
        guard inFlight == 0, let parserError = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            return
        }
        let isOverflow = parserError == .headerOverflow
        refuse(
            isOverflow
                ? Refusal(
                    .requestHeaderFieldsTooLarge,
                    "the request head is larger than \(limits.headerBytes) bytes or \(limits.headerCount) fields. Fix: send a smaller one",
                    reason: .limit)
                : Refusal(.badRequest, "this is not HTTP/1.1. Fix: check that the client speaks plain HTTP to this port, and not TLS"),
            context: context)
    }

    /// Writes a whole answer from here, where no request reached the code that answers.
    private func refuse(_ refusal: Refusal, context: ChannelHandlerContext) {
        if let reason = refusal.reason { metrics.refused(reason) }
        let body = ByteBuffer(string: "\(product): \(refusal.sentence)\n")
        let head = HTTPResponse(
            status: refusal.status,
            headerFields: [
                .connection: "close", .contentType: "text/plain; charset=utf-8", .contentLength: String(body.readableBytes),
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        isReading = true
        end(context)
    }

    /// Ends the connection after an answer. While the client still sends, closing at once would make the kernel reset the connection and
    /// throw the answer away (RFC 9112 section 9.6), so our side is closed first and what comes is read and dropped, within bounds.
    private func end(_ context: ChannelHandlerContext) {
        guard lingering == nil else { return }
        guard isReading else {
            context.close(promise: nil)
            return
        }
        lingering = Lingering(bytesLeft: limits.bodyBytes)
        clock.stop()
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
        context.close(mode: .output, promise: nil)
        context.read()
    }

    private func discard(_ part: HTTPRequestPart, context: ChannelHandlerContext) {
        switch part {
        case .body(let buffer):
            lingering?.bytesLeft -= buffer.readableBytes
            if let left = lingering?.bytesLeft, left < 0 { context.close(promise: nil) }
        case .end: context.close(promise: nil)
        case .head: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // The reader above asks for no more once its buffer is full.
        if lingering != nil { context.read() }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        clock.isStalled(!context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    private static func isLong(_ head: HTTPRequest, limit: Int) -> Bool {
        if let length = head.headerFields[.contentLength] { return (Int(length) ?? .max) > limit }
        return head.headerFields.contains(.transferEncoding)
    }
}

extension ConnectionWatch {
    /// One timer per connection that looks now and then, so that a request costs no timer of its own.
    private func scheduleCheck(_ context: ChannelHandlerContext) {
        let soonest = min(limits.headTimeout, limits.bodyTimeout, limits.idleTimeout, limits.stallTimeout)
        let bound = context.loopBound
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        check = context.eventLoop.scheduleTask(in: TimeAmount(max(soonest / 4, .milliseconds(5)))) {
            this.value.look(bound.value)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        if clock.hasStalled(for: limits.stallTimeout) {
            context.close(promise: nil)
            return
        }
        switch clock.expired() {
        case nil: scheduleCheck(context)
        case .firstHead where inFlight == 0:
            refuse(
                Refusal(
                    .requestTimeout, "no complete request came within \(limits.headTimeout.components.seconds) s. Fix: send it in one go",
                    reason: .limit),
                context: context)
            scheduleCheck(context)
        case .firstHead, .nextHead, .body:
            context.close(promise: nil)
        }
    }
}

/// What a connection waits for, and since when.
struct ConnectionClock {
    enum Awaited {
        case firstHead
        case nextHead
        case body
    }

    private var awaited: (Awaited, until: NIODeadline)?
    private var stalledSince: NIODeadline?

    mutating func wait(for awaited: Awaited, timeout: Duration) {
        self.awaited = (awaited, until: .now() + TimeAmount(timeout))
    }

    mutating func stop() {
        awaited = nil
    }

    func expired(now: NIODeadline = .now()) -> Awaited? {
        guard let awaited, awaited.until <= now else { return nil }
        return awaited.0
    }

    mutating func isStalled(_ isStalled: Bool) {
        stalledSince = isStalled ? stalledSince ?? .now() : nil
    }

    func hasStalled(for timeout: Duration, now: NIODeadline = .now()) -> Bool {
        guard let stalledSince else { return false }
        return stalledSince + TimeAmount(timeout) <= now
    }
}
