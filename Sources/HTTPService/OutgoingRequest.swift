package import NIOCore
package import NIOHTTP1

/// A request as it is sent, whole, on a connection of its own.
package struct OutgoingRequest: Sendable {
    package var method: HTTPMethod
    package var target: String
    /// With its `Host`.
    package var headers: HTTPHeaders
    package var body: [UInt8]

    package init(_ method: HTTPMethod, _ target: String, headers: HTTPHeaders, body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}

extension Dialer {
    /// Sends one request and reads its answer, without following redirects.
    ///
    /// - Parameter take: gets the head and nothing, then the head and each part of the body; `false` ends the reading.
    /// - Throws: ``DialError``; what came before it was given to `take`.
    package func send(_ request: OutgoingRequest, take: (HTTPResponseHead, ByteBufferView) -> Bool) async throws(DialError) {
        let channel = try await dial { channel in
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(WholeRequests())
            return try NIOAsyncChannel<HTTPClientResponsePart, OutgoingRequest>(wrappingChannelSynchronously: channel)
        }
        do {
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(request)
                var head: HTTPResponseHead?
                for try await part in inbound {
                    switch part {
                    case .head(let final) where final.status.code >= 200:
                        head = final
                        guard take(final, ByteBufferView()) else { return }
                    case .head: break
                    case .body(let buffer):
                        guard let head, take(head, buffer.readableBytesView) else { return }
                    case .end:
                        if head != nil { return }
                    }
                }
                throw ChannelError.eof
            }
        } catch {
            throw failure(error, isConnected: true)
        }
    }
}

/// Writes head, body and end of a request, so that the channel's outbound type is one plain value.
private final class WholeRequests: ChannelOutboundHandler, Sendable {
    typealias OutboundIn = OutgoingRequest
    typealias OutboundOut = HTTPClientRequestPart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        var head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.target, headers: request.headers)
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        head.headers.remove(name: "Transfer-Encoding")
        head.headers.remove(name: "Content-Length")
        if !request.body.isEmpty { head.headers.add(name: "Content-Length", value: "\(request.body.count)") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !request.body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil) }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }
}
