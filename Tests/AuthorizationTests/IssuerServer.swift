import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An authorization server's documents on a loopback port, for as long as `with` runs.
final class IssuerServer: Sendable {
    enum Answer: Sendable {
        case json(JSONValue, headers: [(String, String)])
        /// Its length is said beforehand or not.
        case bytes(Int, isChunked: Bool)
        case status(HTTPResponseStatus, headers: [(String, String)])
        /// A head and then nothing.
        case stuck

        static func json(_ value: JSONValue) -> Answer { .json(value, headers: []) }
    }

    private struct State {
        var answers: [String: Answer] = [:]
        var counts: [String: Int] = [:]
    }

    let port: Int
    private let state = Mutex(State())

    private init(port: Int) {
        self.port = port
    }

    var origin: String { "http://127.0.0.1:\(port)" }

    subscript(path: String) -> Answer? {
        get { state.withLock { $0.answers[path] } }
        set { state.withLock { $0.answers[path] = newValue } }
    }

    /// How often a path was asked for, also where nothing is there.
    func count(_ path: String) -> Int {
        state.withLock { $0.counts[path] ?? 0 }
    }

    private func take(_ path: String) -> Answer {
        state.withLock {
            $0.counts[path, default: 0] += 1
            return $0.answers[path] ?? .status(.notFound, headers: [])
        }
    }

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>

    static func with<Value: Sendable>(_ body: @Sendable (IssuerServer) async throws -> Value) async throws -> Value {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ByteBufferResponses())
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let server = IssuerServer(port: listener.channel.localAddress?.port ?? 0)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { connections in
                    try await listener.executeThenClose { inbound in
                        for try await connection in inbound { connections.addTask { try? await server.serve(connection) } }
                    }
                }
            }
            defer { group.cancelAll() }
            return try await body(server)
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            for try await part in inbound {
                guard case .head(let request) = part else { continue }
                switch take(request.uri) {
                case .json(let value, let headers):
                    try await outbound.write(.head(Self.head(.ok, headers + [("Content-Type", "application/json")])))
                    try await outbound.write(.body(ByteBuffer(bytes: JSONWriter.bytes(of: value))))
                    try await outbound.write(.end(nil))
                case .bytes(let count, let isChunked):
                    let length = [("Content-Length", "\(count)")]
                    try await outbound.write(.head(Self.head(.ok, isChunked ? [("Transfer-Encoding", "chunked")] : length)))
                    for start in stride(from: 0, to: count, by: 65536) {
                        try await outbound.write(.body(ByteBuffer(repeating: 0x20, count: min(65536, count - start))))
                    }
                    try await outbound.write(.end(nil))
                case .status(let status, let headers):
                    try await outbound.write(.head(Self.head(status, headers + [("Content-Length", "0")])))
                    try await outbound.write(.end(nil))
                case .stuck:
                    try await outbound.write(.head(Self.head(.ok, [("Content-Length", "10")])))
                    try await outbound.write(.body(ByteBuffer(string: "{")))
                }
            }
        }
    }

    private static func head(_ status: HTTPResponseStatus, _ headers: [(String, String)]) -> HTTPResponseHead {
        HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(headers))
    }
}

/// The encoder of NIO takes `IOData`.
private final class ByteBufferResponses: ChannelOutboundHandler, Sendable {
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part: HTTPServerResponsePart =
            switch unwrapOutboundIn(data) {
            case .head(let head): .head(head)
            case .body(let bytes): .body(.byteBuffer(bytes))
            case .end(let trailers): .end(trailers)
            }
        context.write(wrapOutboundOut(part), promise: promise)
    }
}
