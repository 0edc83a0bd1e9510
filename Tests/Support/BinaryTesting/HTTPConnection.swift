import NIOCore
import NIOPosix

/// What to send: the headers are sent as given, with `Host` and `Content-Length` before them where they name none.
package struct HTTPCall: Sendable {
    package var method: String
    package var target: String
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(_ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}

package struct HTTPHead: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]

    package subscript(name: String) -> String? {
        headers.first { $0.name == name.lowercased() }?.value
    }
}

/// One HTTP/1.1 connection as a client sees it, with nothing between the test and the bytes on the wire.
package struct HTTPConnection {
    private let host: String
    private let eventLoop: any EventLoop
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var buffer = ByteBuffer()
    private var framing = Framing.length(0)
    private let recording = ConnectionRecording()

    private enum Framing {
        case length(Int)
        case chunked
        case untilClose
    }

    /// Connects to `host` (a literal or a name) and closes when `body` returns.
    package static func with<Value: Sendable>(
        _ host: String, _ port: Int, _ body: (inout HTTPConnection) async throws -> Value
    ) async throws -> Value {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        let wrap: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
        // A literal goes as an address: resolving it can fail on a host with one family.
        let literal = try? SocketAddress(ipAddress: host, port: port)
        let channel =
            if let literal { try await bootstrap.connect(to: literal, channelInitializer: wrap) } else {
                try await bootstrap.connect(host: host, port: port, channelInitializer: wrap)
            }
        let name = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        return try await channel.executeThenClose { inbound, outbound in
            var connection = HTTPConnection(
                host: name, eventLoop: channel.channel.eventLoop, outbound: outbound, inbound: inbound.makeAsyncIterator())
            return try await body(&connection)
        }
    }

    private init(
        host: String, eventLoop: any EventLoop, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.host = host
        self.eventLoop = eventLoop
        self.outbound = outbound
        self.inbound = inbound
    }

    /// Sends; when it returns the kernel has the bytes.
    package func send(_ call: HTTPCall) async throws {
        recording?.sent(call)
        var text = "\(call.method) \(call.target) HTTP/1.1\r\n"
        if !call.headers.contains(where: { $0.0.lowercased() == "host" }) { text += "Host: \(host)\r\n" }
        if call.method == "POST", !call.headers.contains(where: { $0.0.lowercased() == "content-length" }) {
            text += "Content-Length: \(call.body.count)\r\n"
        }
        for (name, value) in call.headers { text += "\(name): \(value)\r\n" }
        var bytes = ByteBuffer(string: text + "\r\n")
        bytes.writeBytes(call.body)
        try await outbound.write(bytes)
        // The write itself runs on the loop, before this.
        try await eventLoop.submit {}.get()
    }

    package mutating func head() async throws -> HTTPHead {
        let words = try await line().split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw TestFailure("no status line, but \(words.joined(separator: " "))")
        }
        var headers: [(name: String, value: String)] = []
        while case let line = try await line(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { throw TestFailure("no header, but \(line)") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append((line[..<colon].lowercased(), String(value)))
        }
        let head = HTTPHead(status: status, headers: headers)
        framing =
            if head["transfer-encoding"] == "chunked" { .chunked } else if let length = head["content-length"].flatMap(Int.init) {
                .length(length)
            } else if status == 204 || status == 304 { .length(0) } else { .untilClose }
        recording?.received(head)
        return head
    }

    /// The next bytes of the body as they arrive; `nil` at its end.
    package mutating func bodyPart() async throws -> [UInt8]? {
        let part = try await nextPart()
        recording?.received(part)
        return part
    }

    private mutating func nextPart() async throws -> [UInt8]? {
        switch framing {
        case .length(0): return nil
        case .length(let rest):
            if buffer.readableBytes == 0, !(try await fill()) {
                throw TestFailure("the connection closed \(rest) bytes before the body's end")
            }
            let part = buffer.readBytes(length: min(rest, buffer.readableBytes)) ?? []
            framing = .length(rest - part.count)
            return part
        case .chunked:
            guard let size = Int(try await line().prefix { $0.isHexDigit }, radix: 16) else { throw TestFailure("no chunk size") }
            while buffer.readableBytes < size + 2 {
                if !(try await fill()) { throw TestFailure("the connection closed inside a chunk") }
            }
            let part = buffer.readBytes(length: size) ?? []
            buffer.moveReaderIndex(forwardBy: 2)
            if size > 0 { return part }
            framing = .length(0)
            return nil
        case .untilClose:
            if buffer.readableBytes == 0, !(try await fill()) { return nil }
            return buffer.readBytes(length: buffer.readableBytes)
        }
    }

    private mutating func line() async throws -> String {
        while true {
            if let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let length = end - buffer.readerIndex
                let text = buffer.readString(length: length) ?? ""
                buffer.moveReaderIndex(forwardBy: 1)
                return text.last == "\r" ? String(text.dropLast()) : text
            }
            if !(try await fill()) { throw TestFailure("the connection closed before an answer") }
        }
    }

    private mutating func fill() async throws -> Bool {
        guard var part = try await inbound.next() else { return false }
        buffer.discardReadBytes()
        buffer.writeBuffer(&part)
        return true
    }
}
