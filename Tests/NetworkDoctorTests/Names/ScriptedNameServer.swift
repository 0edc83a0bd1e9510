import NIOCore
import NIOPosix

/// A name server on loopback that answers as a test says, and that ends with the test.
struct ScriptedNameServer {
    let port: UInt16

    /// - Parameter answers: the packets that a query gets, in this order.
    static func with(_ answers: @escaping @Sendable (DNSMessages) -> [[UInt8]], _ body: (ScriptedNameServer) async throws -> Void) async throws {
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Script(answers: answers)) }
            }
            .bind(to: SocketAddress(ipAddress: "127.0.0.1", port: 0)).get()
        do {
            try await body(ScriptedNameServer(port: UInt16(channel.localAddress?.port ?? 0)))
            try await channel.close()
        } catch {
            try await channel.close()
            throw error
        }
    }

    /// A port of loopback on which nobody listens any more.
    static func closedPort() async throws -> UInt16 {
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: SocketAddress(ipAddress: "127.0.0.1", port: 0)).get()
        let port = UInt16(channel.localAddress?.port ?? 0)
        try await channel.close()
        return port
    }

    private final class Script: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>

        private let answers: @Sendable (DNSMessages) -> [[UInt8]]

        init(answers: @escaping @Sendable (DNSMessages) -> [[UInt8]]) {
            self.answers = answers
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let query = unwrapInboundIn(data)
            for answer in answers(DNSMessages(query: Array(query.data.readableBytesView))) {
                let envelope = AddressedEnvelope(remoteAddress: query.remoteAddress, data: ByteBuffer(bytes: answer))
                context.writeAndFlush(wrapOutboundOut(envelope), promise: nil)
            }
        }
    }
}
