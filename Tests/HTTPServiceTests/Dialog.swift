import Listeners
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One connection of a client that writes and reads plain bytes, so that a test can send what no library would.
struct Dialog {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    let channel: any Channel
    private var pending = ""

    struct Answer: Hashable {
        var status: Int
        var head: String
        var body: String

        func header(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts[0].lowercased() == name.lowercased() { return parts[1].drop { $0 == " " }.description }
            }
            return nil
        }
    }

    struct BrokenOff: Error { var received: String }

    static func with<Value: Sendable>(
        _ listener: BoundListener, over secure: SeenCertificate? = nil, _ body: (inout Dialog) async throws -> Value
    ) async throws -> Value {
        let address =
            switch listener.dialled {
            case .internet(let address, let port): try SocketAddress(ipAddress: address.description, port: Int(port))
            case .unix(let path): try SocketAddress(unixDomainSocketPath: path)
            }
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let secure { try channel.pipeline.syncOperations.addHandler(try secure.handler()) }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var dialog = Dialog(inbound: inbound.makeAsyncIterator(), outbound: outbound, channel: channel.channel)
            return try await body(&dialog)
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Closes our side and goes on reading.
    func finish() { outbound.finish() }

    /// A request without a body and its answer.
    mutating func get(_ path: String, method: String = "GET", host: String = "localhost", headers: String = "") async throws -> Answer {
        try await send("\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(headers)\r\n")
        return try await answer(hasBody: method != "HEAD")
    }

    mutating func answer(hasBody: Bool = true) async throws -> Answer {
        let head = try await text(through: "\r\n\r\n")
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count > 1, let status = Int(words[1]) else { throw BrokenOff(received: head) }
        var answer = Answer(status: status, head: head, body: "")
        if hasBody, let length = answer.header("Content-Length").flatMap(Int.init) { answer.body = try await text(length: length) }
        return answer
    }

    mutating func text(through end: String) async throws -> String {
        while true {
            if let found = pending.firstRange(of: end) {
                defer { pending = String(pending[found.upperBound...]) }
                return String(pending[..<found.upperBound])
            }
            guard try await more() else { throw BrokenOff(received: pending) }
        }
    }

    private mutating func text(length: Int) async throws -> String {
        while pending.utf8.count < length {
            guard try await more() else { throw BrokenOff(received: pending) }
        }
        let end = pending.utf8.index(pending.startIndex, offsetBy: length)
        defer { pending = String(pending[end...]) }
        return String(pending[..<end])
    }

    /// Everything until the server ends the connection.
    mutating func rest() async throws -> String {
        while try await more() {}
        defer { pending = "" }
        return pending
    }

    private mutating func more() async throws -> Bool {
        guard let buffer = try await inbound.next() else { return false }
        pending += String(buffer: buffer)
        return true
    }
}

/// A client's side of TLS that takes any certificate and remembers which one it got.
final class SeenCertificate: Sendable {
    private let seen = Mutex<NIOSSLCertificate?>(nil)

    var certificate: NIOSSLCertificate? { seen.withLock { $0 } }

    fileprivate func handler() throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        let context = try NIOSSLContext(configuration: configuration)
        return try NIOSSLClientHandler(
            context: context, serverHostname: nil,
            customVerificationCallback: { certificates, verdict in
                self.seen.withLock { $0 = certificates.first }
                verdict.succeed(.certificateVerified)
            })
    }
}
