import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Sends batches to a server. Of a name all addresses are tried, as RFC 8305 says; connections are kept between requests.
struct IngestConnection: Sendable {
    enum Answer: Sendable {
        /// What became of each batch; as many as were looked at.
        case results([JSONValue])
        /// - Parameter sentence: what the server says.
        case refused(status: UInt, sentence: String, retryAfter: Duration?)
        case unreachable(reason: String)
    }

    private let client: HTTPClient
    private let target: IngestTarget
    /// Is asked for each request: a token may be replaced in its file.
    private let token: @Sendable () throws -> String?

    private static let maximumAnswer = 1 << 20
    private static let timeout = TimeAmount.seconds(120)

    /// Runs `body` with a connection, which is closed behind it.
    ///
    /// - Parameter caFile: a PEM file with the authorities that may vouch for the server; the system's where it is `nil`.
    static func with<Value: Sendable>(
        _ target: IngestTarget, caFile: String?, token: @escaping @Sendable () throws -> String?,
        _ body: @Sendable (IngestConnection) async throws -> Value
    ) async throws -> Value {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        if let caFile {
            do { _ = try NIOSSLCertificate.fromPEMFile(caFile) } catch {
                throw UsageError("cannot read certificates from the file \(caFile) of --ca-file: \(error)")
            }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(caFile)
            configuration.tlsConfiguration = tls
        }
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(60))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(30)
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            try await body(IngestConnection(client: client, target: target, token: token))
        }
    }

    /// - Throws: `CancellationError` alone.
    func send(_ body: [UInt8]) async throws(CancellationError) -> Answer {
        do {
            var request = HTTPClientRequest(url: target.url)
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.headers.add(name: "User-Agent", value: "magenta/\(Magenta.version)")
            if target.isUnix { request.headers.add(name: "Host", value: "localhost") }
            if let token = try token() { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
            request.body = .bytes(ByteBuffer(bytes: body))
            let response = try await client.execute(request, timeout: Self.timeout)
            let bytes = Array(try await response.body.collect(upTo: Self.maximumAnswer).readableBytesView)
            guard response.status == .ok else {
                let wait = response.headers.first(name: "Retry-After").flatMap { Int64($0) }.map { Duration.seconds(min(max($0, 1), 300)) }
                return .refused(status: response.status.code, sentence: Self.sentence(bytes), retryAfter: wait)
            }
            guard let results = try? JSONReader(maximumDepth: 16).read(bytes)["results"]?.array, !results.isEmpty else {
                return .unreachable(reason: "what answers there is no magenta that takes lines. Fix: look at the URL")
            }
            return .results(results)
        } catch {
            if Task.isCancelled { throw CancellationError() }
            return .unreachable(reason: Self.reason(error))
        }
    }

    /// The server's sentence on one line, bounded.
    private static func sentence(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(String(decoding: bytes.prefix(500), as: UTF8.self).unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
            .split(separator: " ").joined(separator: " ")
    }

    /// What the kernel says; NIO's own words are of the call that failed.
    private static func text(of error: any Error) -> String {
        (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as UsageError: error.description
        case let error as HTTPClientError where error == .connectTimeout: "no address of it answers within 10 seconds"
        case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
            error.connectionErrors.map { "\($0.target): \(text(of: $0.error))" }.joined(separator: "; ")
        case let error as IOError: text(of: error)
        default: "\(error)"
        }
    }
}
