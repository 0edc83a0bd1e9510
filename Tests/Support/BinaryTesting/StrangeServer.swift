import NIOCore
import NIOPosix

/// Stands on 127.0.0.1 where magenta is looked for, takes what comes and answers with bytes of a test's own.
package struct StrangeServer: Sendable {
    package enum Manner: Sendable {
        /// Answers once something came, and closes.
        case answering([UInt8])
        /// Answers once something came, and leaves the connection open.
        case lingering([UInt8])
        /// Closes as soon as somebody connects.
        case closing
    }

    package let port: Int
    private let channel: any Channel

    package static func with<Value>(_ manner: Manner, _ body: (StrangeServer) async throws -> Value) async throws -> Value {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture { try child.pipeline.syncOperations.addHandler(Answering(manner)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = StrangeServer(port: channel.localAddress?.port ?? 0, channel: channel)
        do {
            let value = try await body(server)
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let manner: Manner
        private var hasAnswered = false

        init(_ manner: Manner) { self.manner = manner }

        func channelActive(context: ChannelHandlerContext) {
            if case .closing = manner { context.close(promise: nil) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !hasAnswered else { return }
            hasAnswered = true
            switch manner {
            case .answering(let bytes):
                let promise = context.eventLoop.makePromise(of: Void.self)
                promise.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: promise)
            case .lingering(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .closing: break
            }
        }

        /// A client that went away is no trouble of the test's.
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
