import Listeners
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on 127.0.0.1 that answers each request as a test says; everything it opened is closed after the test.
struct LoopbackServer: Sendable {
    /// What it does with the bytes of a request that ended (a blank line, and the body where one is announced).
    enum Reply: Sendable {
        case send(String)
        /// Sends and leaves the connection open.
        case sendAndStay(String)
        /// Accepts the message and sends an event on the connection that was opened first, as HTTP+SSE answers.
        case accept(event: String?)
        case close
        case stay
    }

    let port: UInt16
    let requests: RequestLog

    static func with<Value>(
        tls: NIOSSLContext? = nil, address: InternetAddress = .loopback4, port: UInt16 = 0,
        onAccept: @escaping @Sendable (any Channel) -> Void = { _ in },
        reply: @escaping @Sendable (String) -> Reply = { _ in .stay }, _ body: (LoopbackServer) async throws -> Value
    ) async throws -> Value {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    log.opened(channel)
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(Replies(log: log, reply: reply))
                    onAccept(channel)
                }
            }
            .bind(to: try SocketAddress(ipAddress: address.description, port: Int(port))).get()
        let server = LoopbackServer(port: UInt16(channel.localAddress?.port ?? 0), requests: log)
        do {
            let value = try await body(server)
            try await channel.close()
            log.closeAll()
            return value
        } catch {
            try? await channel.close()
            log.closeAll()
            throw error
        }
    }

    static func json(_ body: String, status: String = "200 OK", headers: [String] = []) -> String {
        let all = ["HTTP/1.1 \(status)", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"] + headers
        return all.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    static func events(_ text: String) -> String { "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + text }

    static let health = json(#"{"status":"ok","name":"magenta-memory","version":"1.2.3"}"#)
    static let notFound = json("{}", status: "404 Not Found")
}

/// Every request as text, and the channels it came on.
final class RequestLog: Sendable {
    private let state = Mutex<(texts: [String], channels: [any Channel])>(([], []))

    var texts: [String] { state.withLock { $0.texts } }
    var lines: [String] { texts.map { String($0.prefix { $0 != "\r\n" }) } }
    var first: (any Channel)? { state.withLock { $0.channels.first } }
    var openChannels: Int { state.withLock { $0.channels.count { $0.isActive } } }

    func opened(_ channel: any Channel) { state.withLock { $0.channels.append(channel) } }

    func received(_ text: String) { state.withLock { $0.texts.append(text) } }

    func closeAll() {
        for channel in state.withLock({ $0.channels }) { channel.close(promise: nil) }
    }
}

private final class Replies: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let log: RequestLog
    private let reply: @Sendable (String) -> LoopbackServer.Reply
    private var text = ""

    init(log: RequestLog, reply: @escaping @Sendable (String) -> LoopbackServer.Reply) {
        self.log = log
        self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        // As servers do, it answers the beginning of TLS without waiting for the end of a head.
        if text.hasPrefix("\u{16}") { text = "TLS\r\n\r\n" }
        guard let end = text.firstRange(of: "\r\n\r\n") else { return }
        let length = text.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
        guard text[end.upperBound...].utf8.count >= length else { return }
        log.received(text)
        switch reply(text) {
        case .send(let answer):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        case .sendAndStay(let answer): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        case .accept(let event):
            if let event { log.first?.writeAndFlush(ByteBuffer(string: "data: \(event)\n\n"), promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: LoopbackServer.json("", status: "202 Accepted"))), promise: nil)
            context.close(promise: nil)
        case .close: context.close(promise: nil)
        case .stay: break
        }
        text = ""
    }
}
