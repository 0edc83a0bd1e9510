import Listeners
import NIOCore
import NIOPosix

/// One name server, asked over UDP without the C library, so that NODATA, NXDOMAIN, SERVFAIL and silence can be told apart.
struct NameServer: Sendable {
    /// As resolv.conf has it.
    let address: String
    let port: UInt16
    let timeout: Duration
    let nextID: @Sendable () -> UInt16

    func ask(_ question: DNSQuestion) async -> NameFacts.Query.Outcome {
        guard let target = try? SocketAddress(ipAddress: address, port: Int(port)) else {
            return .unreachable("its address cannot be read")
        }
        let id = nextID()
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        // Whoever comes first gives the outcome; what comes later changes nothing.
        let promise = loop.makePromise(of: NameFacts.Query.Outcome.self)
        let timer = loop.scheduleTask(in: TimeAmount(timeout)) { promise.succeed(.silence) }
        let connecting = DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NameServerReply(id: id, question: question, promise: promise))
                }
            }
            .connect(to: target)
        connecting.whenComplete { result in
            switch result {
            case .success(let channel):
                channel.writeAndFlush(ByteBuffer(bytes: question.message(id: id))).whenFailure { promise.succeed(.unreachable(errnoName($0))) }
            case .failure(let error): promise.succeed(.unreachable(errnoName(error)))
            }
        }
        let outcome = (try? await promise.futureResult.get()) ?? .silence
        timer.cancel()
        // A channel that failed is closed already.
        if let channel = try? await connecting.get() { try? await channel.close() }
        return outcome
    }
}

/// Waits for the answer to one question. The socket is connected, so only the name server's own packets arrive; one with another id
/// or another question, or that cannot be read, is passed over, since it may be forged.
private final class NameServerReply: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let id: UInt16
    private let question: DNSQuestion
    private let promise: EventLoopPromise<NameFacts.Query.Outcome>

    init(id: UInt16, question: DNSQuestion, promise: EventLoopPromise<NameFacts.Query.Outcome>) {
        self.id = id
        self.question = question
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let answer = try? DNSAnswer(Array(unwrapInboundIn(data).data.readableBytesView)), answer.id == id, answer.name == question.name,
            answer.kind == question.kind.number
        else { return }
        promise.succeed(answer.outcome)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed(.unreachable(errnoName(error)))
    }
}

/// `ECONNREFUSED` where the kernel said no, else the error itself.
private func errnoName(_ error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    return SystemCallError(call: "", code: error.errnoCode).name
}
