import NIOCore

/// Holds a listener's accept back while the service has no place, so that the kernel's queue takes the strain and not this process.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let registry: ConnectionRegistry
    private let handover: Handover

    init(registry: ConnectionRegistry, handover: Handover) {
        self.registry = registry
        self.handover = handover
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        handover.came(unwrapInboundIn(data))
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        guard !handover.isStopping else { return }
        let channel = context.channel
        let mayAccept = registry.mayAccept {
            channel.eventLoop.execute { channel.read() }
        }
        if mayAccept { context.read() }
    }
}
