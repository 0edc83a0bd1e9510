import HTTPService
import Listeners
import NIOCore
import NIOHTTP1

/// One address of the target and how it is talked to.
struct Peer: Sendable {
    enum Reading {
        /// Until the answer ends.
        case all
        /// Until as much of the body is there as a report keeps.
        case kept
        case stop
    }

    var target: Target
    var address: InternetAddress
    /// Sent with every request: what the entry of the configuration has.
    var headers: [String: String] = [:]
    var tls: Dialer.TLS?
    var stopwatch: Stopwatch = .system

    static let bodyKept = 4000
    /// A health with many listeners is longer, and cut off it would not be magenta's.
    static let healthKept = 65536
    private static let headerKept = 1000
    private static let headersKept = 100

    /// Sends one request on a connection of its own and reads the answer.
    ///
    /// - Parameter own: the request's own headers; they win over the configured ones.
    /// - Parameter limit: of the bytes of the body that the report keeps.
    /// - Parameter take: gets the head (the body is empty) and each part, and says how much more it wants.
    func ask(
        _ method: HTTPMethod, _ path: String, host: String? = nil, _ own: [String: String] = [:], body: [UInt8] = [],
        keeping limit: Int = bodyKept, until deadline: NIODeadline, take: (Exchange.Answer, ByteBufferView) -> Reading = { _, _ in .kept }
    ) async -> Exchange {
        let host = host ?? target.authority
        let start = stopwatch.read()
        var headTime: Duration?
        var head: Exchange.Answer?
        var kept: [UInt8] = []
        var failure: DialError?
        do throws(DialError) {
            let dialer = Dialer(.internet(address, port: target.port), tls: tls, deadline: deadline)
            let request = OutgoingRequest(method, path, headers: requestHeaders(host, own), body: body)
            try await dialer.send(request) { received, part in
                let answer = head ?? Self.answer(received)
                if headTime == nil { headTime = stopwatch.read() }
                head = answer
                kept += part.prefix(limit - kept.count)
                return switch take(answer, part) {
                case .all: true
                case .kept: kept.count < limit
                case .stop: false
                }
            }
        } catch {
            failure = error
        }
        let outcome: Exchange.Outcome
        if var answer = head {
            answer.body = String(decoding: kept, as: UTF8.self)
            outcome = .answered(answer)
        } else {
            outcome = Self.outcome(failure ?? .closed)
        }
        return Exchange(
            request: "\(method.rawValue) \(path)", address: address, host: host, outcome: outcome,
            duration: (headTime ?? stopwatch.read()) - start)
    }

    private func requestHeaders(_ host: String, _ own: [String: String]) -> HTTPHeaders {
        var all = HTTPHeaders(headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        for (name, value) in own { all.replaceOrAdd(name: name, value: value) }
        all.replaceOrAdd(name: "Host", value: host)
        if !all.contains(name: "User-Agent") { all.add(name: "User-Agent", value: "magenta-doctor") }
        return all
    }

    private static func answer(_ head: HTTPResponseHead) -> Exchange.Answer {
        var headers: [String: String] = [:]
        for (name, value) in head.headers.prefix(headersKept) where headers[name.lowercased()] == nil {
            headers[name.lowercased()] = String(decoding: value.utf8.prefix(headerKept), as: UTF8.self)
        }
        return Exchange.Answer(status: Int(head.status.code), headers: headers)
    }

    private static func outcome(_ error: DialError) -> Exchange.Outcome {
        switch error {
        case .refused(let code): .failed(SystemCallError(call: "connect", code: code).name)
        case .timedOut: .timedOut
        case .closed: .closed
        case .tls(let reason): .failed("TLS: \(reason.prefix(300))")
        case .unintelligible(let reason): .failed("no HTTP: \(reason.prefix(300))")
        case .cancelled: .failed("it was cancelled")
        }
    }
}
