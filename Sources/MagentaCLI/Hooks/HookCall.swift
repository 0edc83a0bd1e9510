import JSON
import Listeners

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One request to the server's `/hook`, over a plain socket and within a deadline.
struct HookCall {
    /// A loopback address answers at once or not at all; a server elsewhere is some way off.
    private static let loopbackTimeout = Duration.milliseconds(100)
    private static let timeout = Duration.milliseconds(300)
    /// More than the server sends.
    private static let answerLimit = 1 << 18

    let target: HookTarget
    /// One that may stand in a header.
    let token: String?

    /// Sends `body` to the first address that takes it.
    ///
    /// - Parameter patience: how long after the request the answer may take.
    /// - Throws: ``HookFailure``
    func answer(to body: JSONValue, patience: Duration) throws(HookFailure) -> HTTPReply {
        let endpoints = target.endpoints
        guard !endpoints.isEmpty else { throw HookFailure("the server's name has no address") }
        var failure: SystemCallError?
        for endpoint in endpoints {
            do throws(SystemCallError) {
                let connection = try PlainConnection(to: endpoint, within: endpoint.isNear ? Self.loopbackTimeout : Self.timeout)
                let deadline = ContinuousClock.now + patience
                try connection.send(request(JSONWriter.bytes(of: body)), until: deadline)
                return try Self.reply(on: connection, until: deadline)
            } catch {
                // One that took the request is the one; the others were only not there.
                if error.call != "connect", error.call != "socket" {
                    throw HookFailure("the server did not answer: \(error.name)", isLate: error.call == "read" && error.code == ETIMEDOUT)
                }
                failure = failure ?? error
            }
        }
        throw HookFailure("no server answers at \(target.authority): \(failure?.name ?? "")")
    }

    private func request(_ body: [UInt8]) -> [UInt8] {
        var head = "POST \(target.path) HTTP/1.1\r\nHost: \(target.authority)\r\nUser-Agent: magenta-hook\r\nConnection: close\r\n"
        head += "Accept: text/plain\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        return Array((head + "\r\n").utf8) + body
    }

    private static func reply(on connection: borrowing PlainConnection, until deadline: ContinuousClock.Instant) throws(SystemCallError) -> HTTPReply
    {
        var bytes: [UInt8] = []
        while bytes.count < answerLimit {
            let part = try connection.receive(upTo: 1 << 16, until: deadline)
            if part.isEmpty { break }
            bytes += part
            if let reply = HTTPReply(bytes), reply.isWhole { return reply }
        }
        return HTTPReply()
    }
}

/// Why a hook has nothing to say. Holds nothing that a server sent.
struct HookFailure: Error, CustomStringConvertible {
    let description: String
    /// The request was sent, and no answer came in time.
    let isLate: Bool

    init(_ description: String, isLate: Bool = false) {
        self.description = description
        self.isLate = isLate
    }
}

/// An HTTP/1.1 answer that has a length; anything else is not understood.
struct HTTPReply: Equatable {
    /// 0 for what is no HTTP.
    private(set) var status = 0
    private(set) var body: [UInt8] = []
    private(set) var isWhole = false

    init() {}

    /// `nil` as long as the head has not come whole.
    init?(_ bytes: [UInt8]) {
        guard let end = Self.headEnd(bytes) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: true)
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return }
        self.status = status
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            guard let length = Int(parts[1].filter { $0 != " " }), length >= 0 else { return }
            body = Array(bytes[end...].prefix(length))
            isWhole = body.count == length
        }
    }

    /// The offset behind the empty line.
    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        let mark: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
        return bytes.indices.first { index in index >= 3 && bytes[index] == 0x0A && bytes[index - 3...index].elementsEqual(mark) }.map { $0 + 1 }
    }
}

extension ListenEndpoint {
    fileprivate var isNear: Bool {
        switch self {
        case .internet(let address, _): address.isLoopback
        case .unix: true
        }
    }
}
