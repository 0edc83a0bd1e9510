import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// A JSON document of an authorization server.
struct Document: Sendable {
    var bytes: [UInt8]
    /// How long it may be kept (`max-age`, RFC 9111 section 5.2.2.1), where it says so; zero where it says that it may not.
    var lifetime: Duration?
}

/// Where documents are read from.
protocol DocumentSource: Sendable {
    func document(at address: WebAddress) async throws -> Document
}

/// Why a document was not had, for the server's own log.
enum DocumentError: Error, Sendable, CustomStringConvertible {
    case status(UInt)
    case tooLarge(limit: Int)
    case timeout(Duration)

    var description: String {
        switch self {
        case .status(let code): "it answered with status \(code)"
        case .tooLarge(let limit): "its answer is larger than \(limit) bytes"
        case .timeout(let time): "it did not answer within \(time)"
        }
    }
}

/// Reads documents over HTTP. Redirects are not followed: they could lead to plain http or into another network.
///
/// Each document has a client of its own, which is closed again at once: there are a few an hour, and a shared client has settings of its own
/// and somebody who must remember to close it.
struct HTTPDocuments: DocumentSource {
    static let maximumBytes = 1024 * 1024
    let timeout: Duration

    func document(at address: WebAddress) async throws -> Document {
        try await withThrowingTaskGroup(of: Document?.self) { group in
            group.addTask { try await read(address) }
            // The deadline of a request in async-http-client ends with the head; a body could trickle on for hours.
            group.addTask {
                try await ContinuousClock().sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let document = first else { throw DocumentError.timeout(timeout) }
            return document
        }
    }

    private func read(_ address: WebAddress) async throws -> Document {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            var request = HTTPClientRequest(url: address.text)
            request.headers.add(name: "Accept", value: "application/json, application/jwk-set+json")
            let response = try await client.execute(request, timeout: .milliseconds(Int64(min(timeout / .milliseconds(1), 1e9))))
            guard response.status == .ok else { throw DocumentError.status(response.status.code) }
            let lifetime = Self.lifetime(cacheControl: response.headers[canonicalForm: "cache-control"].map(String.init))
            do {
                let body = try await response.body.collect(upTo: Self.maximumBytes)
                return Document(bytes: Array(body.readableBytesView), lifetime: lifetime)
            } catch is NIOTooManyBytesError {
                throw DocumentError.tooLarge(limit: Self.maximumBytes)
            }
        }
    }

    static func lifetime(cacheControl: [String]) -> Duration? {
        var age: Duration?
        for directive in cacheControl {
            let text = directive.lowercased()
            if text == "no-store" || text == "no-cache" { return .zero }
            if text.hasPrefix("max-age=") {
                let digits = text.dropFirst(8).filter { $0 != "\"" }
                guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { continue }
                age = .seconds(min(Int64(digits) ?? .max, 1 << 31))
            }
        }
        return age
    }
}
