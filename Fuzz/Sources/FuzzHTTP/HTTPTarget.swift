import Access
import Dispatch
import FuzzRun
import JSON
import Logging
import MCPCore
import MCPHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of one connection, sent to the real server over a socket on disk.
///
/// What no mutation could get right is filled in: `Content-Length: ?` becomes the length of what follows the first head, `$session` a
/// session of 2025-11-25 that is open, and `$stream` an HTTP+SSE stream that is open.
final class HTTPTarget: FuzzTarget {
    private let path: String
    private let session: [UInt8]
    private var stream: (connection: UnixConnection, id: [UInt8])

    init() throws {
        // libFuzzer runs more than one process while it merges.
        let path = "\(variable("FUZZ_FOLDER") ?? "/tmp")/fuzz-\(getpid()).sock"
        self.path = path
        unlink(path)
        let listens = DispatchSemaphore(value: 0)
        let server = MCPHTTPServer(
            server: FuzzFixture.make(), listen: ["unix:\(path)"], authenticator: OpenAccess(),
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }, onListening: { _ in listens.signal() })
        Task {
            do { try await server.run() } catch { found("the server does not run: \(error)") }
        }
        guard listens.wait(timeout: .now() + 10) == .success else { found("the server does not listen") }
        let initialize = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}
            """
        let answer = Self.answer(
            to: Array(
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: \(initialize.utf8.count)\r\n\r\n\(initialize)"
                    .utf8), at: path)
        guard let session = Self.field("mcp-session-id", of: answer) else { found("initialize gave no session") }
        self.session = session
        stream = Self.openStream(path)
    }

    func run(_ bytes: [UInt8]) {
        let received = Self.answer(to: filled(bytes), at: path)
        show(received)
        if !received.isEmpty { check(received) }
        // Answers to what was posted to the stream.
        while true {
            switch stream.connection.take(milliseconds: 0) {
            case .bytes: stream.connection.forget()
            case .nothing: return
            case .end: stream = Self.openStream(path)
            }
        }
    }

    private func check(_ received: [UInt8]) {
        let text = String(decoding: received.prefix(16), as: UTF8.self)
        guard text.hasPrefix("HTTP/1."), let status = Int(text.dropFirst(9).prefix(3)), (100..<600).contains(status) else {
            found("an answer that is no HTTP: \(text)")
        }
        guard status != 500 else { found("500: \(String(decoding: received, as: UTF8.self))") }
        guard status != 100, Self.field("content-type", of: received)?.elementsEqual("application/json".utf8) == true,
            let length = Self.field("content-length", of: received).flatMap({ Int(String(decoding: $0, as: UTF8.self)) }),
            let start = Self.bodyStart(received), received.count >= start + length
        else { return }
        do throws(JSONError) {
            _ = try JSONReader(maximumDepth: 256, refusesDuplicateKeys: false).read(Array(received[start..<start + length]))
        } catch {
            found("a body of application/json that is none: \(error)")
        }
    }

    /// Sends a request and reads until its answer is whole, the answer turns out to be a stream, or the server closes.
    private static func answer(to request: [UInt8], at path: String) -> [UInt8] {
        let connection = UnixConnection(path: path)
        connection.send(request)
        var hasEnded = false
        while !isWhole(connection.received) {
            switch connection.take(milliseconds: hasEnded ? 4000 : 10) {
            case .bytes: continue
            case .end: return connection.received
            // Nothing comes since the request is not whole, or asks for something that takes time. An end of input must end both.
            case .nothing where !hasEnded:
                connection.endSending()
                hasEnded = true
            // On a busy machine nothing at all may happen for seconds, which is no fault of the server.
            case .nothing where answersOthers(path):
                guard case .nothing = connection.take(milliseconds: 1000) else { continue }
                found("the server does not close 5 s after its client has gone: \(String(decoding: connection.received, as: UTF8.self))")
            case .nothing: found("the server answers nobody any more")
            }
        }
        return connection.received
    }

    private static func answersOthers(_ path: String) -> Bool {
        let connection = UnixConnection(path: path)
        connection.send(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        if case .bytes = connection.take(milliseconds: 8000) { return true }
        return false
    }

    private static func isWhole(_ received: [UInt8]) -> Bool {
        guard let start = bodyStart(received) else { return false }
        if let length = field("content-length", of: received).flatMap({ Int(String(decoding: $0, as: UTF8.self)) }) {
            return received.count >= start + length
        }
        return field("transfer-encoding", of: received) != nil && received.count > start
    }

    private static func openStream(_ path: String) -> (UnixConnection, [UInt8]) {
        let connection = UnixConnection(path: path)
        connection.send(Array("GET /sse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".utf8))
        for _ in 0..<100 {
            guard case .bytes = connection.take(milliseconds: 100) else { continue }
            if let place = position(of: Array("session_id=".utf8), in: connection.received) {
                return (connection, connection.received[(place + 11)...].prefix { $0 > 0x20 }.map { $0 })
            }
        }
        found("no event stream opens: \(String(decoding: connection.received, as: UTF8.self))")
    }

    // MARK: Bytes

    private func filled(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = Self.replacing("$session", in: bytes) { _ in session }
        bytes = Self.replacing("$stream", in: bytes) { _ in stream.id }
        let length = bytes.count - (Self.bodyStart(bytes) ?? bytes.count)
        return Self.replacing("Content-Length: ?", in: bytes) { _ in Array("Content-Length: \(length)".utf8) }
    }

    private static func replacing(_ text: String, in bytes: [UInt8], _ value: (Int) -> [UInt8]) -> [UInt8] {
        guard let place = position(of: Array(text.utf8), in: bytes) else { return bytes }
        return bytes[..<place] + value(place) + bytes[(place + text.utf8.count)...]
    }

    private static func position(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (0...bytes.count - pattern.count).first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }

    private static func bodyStart(_ bytes: [UInt8]) -> Int? { position(of: [13, 10, 13, 10], in: bytes).map { $0 + 4 } }

    /// The value of a field of an answer; the server writes its names in whatever case, so that is ignored.
    private static func field(_ name: String, of answer: [UInt8]) -> [UInt8]? {
        let head = String(decoding: answer.prefix(bodyStart(answer) ?? 0), as: UTF8.self)
        for line in head.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == name { return Array(parts[1].drop { $0 == " " }.utf8) }
        }
        return nil
    }
}
