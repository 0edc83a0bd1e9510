import NIOCore

/// Holds a listener's accept back while the service has no place, so that the kernel's queue takes the strain and not this process.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let registry: ConnectionRegistry

    init(registry: ConnectionRegistry) {
        self.registry = registry
    }

    func read(context: ChannelHandlerContext) {
        let channel = context.channel
        let mayAccept = registry.mayAccept {
            channel.eventLoop.execute { channel.read() }
        }
        if mayAccept { context.read() }
    }
}
