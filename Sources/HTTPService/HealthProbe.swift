import JSON
package import Listeners
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Asks one socket for its health over HTTP, by address and never by name, within one timeout for everything.
package struct HealthProbe: Sendable {
    package enum Outcome: Sendable, Hashable {
        case answered(status: Int, body: [UInt8])
        /// What the kernel said when it was dialled.
        case refused(code: CInt)
        case timedOut
        /// It was connected and no HTTP answer came: closed at once, another protocol, TLS where none is or the other way round.
        case unintelligible(reason: String)
    }

    private let path: String
    /// What the member `name` of the answer must say; another program on the port is not this server's health.
    private let name: String?
    /// Without checks of names or chains: the address is this host's own.
    private let isSecure: Bool
    /// The value of the header, for a server that tells more to those who have a token.
    private let authorization: String?
    private let timeout: Duration
    private let group: any EventLoopGroup
    private static let bodyLimit = 1 << 20

    package init(
        path: String = "/health", name: String? = nil, isSecure: Bool = false, authorization: String? = nil, timeout: Duration = .seconds(2),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.path = path
        self.name = name
        self.isSecure = isSecure
        self.authorization = authorization
        self.timeout = timeout
        self.group = group
    }

    package func ask(_ endpoint: ListenEndpoint) async -> Outcome {
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        let isSecure = isSecure
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(timeout))
                .connect(to: try SocketAddress(endpoint)) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        // The whole exchange, with a handshake that never ends, has one limit.
                        let close = channel.eventLoop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
                        channel.closeFuture.whenComplete { _ in close.cancel() }
                        if isSecure {
                            var configuration = TLSConfiguration.makeClientConfiguration()
                            configuration.certificateVerification = .none
                            let context = try NIOSSLContext(configuration: configuration)
                            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
                        }
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(WholeRequests())
                        return try NIOAsyncChannel<HTTPClientResponsePart, HTTPRequestHead>(wrappingChannelSynchronously: channel)
                    }
                }
            return try await exchange(channel, host: endpoint.hostHeader)
        } catch {
            return Self.outcome(error, isLate: NIODeadline.now() >= deadline)
        }
    }

    private func exchange(
        _ channel: NIOAsyncChannel<HTTPClientResponsePart, HTTPRequestHead>, host: String
    ) async throws -> Outcome {
        var head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: path, headers: ["Host": host, "Connection": "close", "Accept": "application/json"])
        if let authorization { head.headers.add(name: "Authorization", value: authorization) }
        return try await channel.executeThenClose { [head] inbound, outbound in
            try await outbound.write(head)
            var status: Int?
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let head) where head.status.code >= 200: status = Int(head.status.code)
                case .head: break
                case .body(let buffer):
                    body += buffer.readableBytesView
                    guard body.count <= Self.bodyLimit else {
                        return .unintelligible(reason: "the answer is longer than \(Self.bodyLimit) bytes")
                    }
                case .end:
                    if let status { return recognised(status: status, body: body) }
                }
            }
            throw ChannelError.eof
        }
    }

    private func recognised(status: Int, body: [UInt8]) -> Outcome {
        guard let name, (try? JSONReader().read(body))?["name"]?.string != name else { return .answered(status: status, body: body) }
        return .unintelligible(reason: "another program than \(name) answers (HTTP \(status))")
    }

    private static func outcome(_ error: any Error, isLate: Bool) -> Outcome {
        // What the kernel said stands, however late it was heard.
        if let error = error as? IOError { return .refused(code: error.errnoCode) }
        if isLate { return .timedOut }
        switch error {
        case ChannelError.connectTimeout: return .timedOut
        case ChannelError.eof: return .unintelligible(reason: "the connection was closed without an answer")
        default: return .unintelligible(reason: "\(error)")
        }
    }
}

/// Writes a head with its end, so that the channel's outbound type is one plain value.
private final class WholeRequests: ChannelOutboundHandler, Sendable {
    typealias OutboundIn = HTTPRequestHead
    typealias OutboundOut = HTTPClientRequestPart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(wrapOutboundOut(.head(unwrapOutboundIn(data))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }
}

extension ListenEndpoint {
    fileprivate var hostHeader: String {
        switch self {
        case .internet(let address, let port): address.withPort(port)
        case .unix: "localhost"
        }
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
