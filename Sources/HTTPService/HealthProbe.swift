import JSON
package import Listeners
package import NIOCore
import NIOHTTP1
import NIOPosix

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
        var request = OutgoingRequest(.GET, path, headers: ["Host": endpoint.hostHeader, "Accept": "application/json"])
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        var status = 0
        var body: [UInt8] = []
        do throws(DialError) {
            let tls = isSecure ? try await Dialer.TLS() : nil
            try await Dialer(endpoint, tls: tls, deadline: deadline, group: group).send(request) { head, part in
                status = Int(head.status.code)
                body += part
                return body.count <= Self.bodyLimit
            }
        } catch {
            return Self.outcome(error)
        }
        guard body.count <= Self.bodyLimit else { return .unintelligible(reason: "the answer is longer than \(Self.bodyLimit) bytes") }
        return recognised(status: status, body: body)
    }

    private func recognised(status: Int, body: [UInt8]) -> Outcome {
        guard let name, (try? JSONReader().read(body))?["name"]?.string != name else { return .answered(status: status, body: body) }
        return .unintelligible(reason: "another program than \(name) answers (HTTP \(status))")
    }

    private static func outcome(_ error: DialError) -> Outcome {
        switch error {
        case .refused(let code): .refused(code: code)
        case .timedOut: .timedOut
        case .closed: .unintelligible(reason: "the connection was closed without an answer")
        case .tls(let reason), .unintelligible(let reason): .unintelligible(reason: reason)
        case .cancelled: .unintelligible(reason: "it was cancelled")
        }
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
