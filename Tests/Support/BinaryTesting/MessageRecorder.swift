import FoundationEssentials
import JSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Appends every message that a server sends to a file of JSON lines, named by `MAGENTA_RECORD`: the revision, the method of the request
/// that it answers (or null), its kind, the message. Tests/Interop/validate_messages.py holds them against the published schemas.
final class MessageRecorder: Sendable {
    /// `nil` where nothing is recorded.
    static let shared: MessageRecorder? = ProcessInfo.processInfo.environment["MAGENTA_RECORD"].flatMap(MessageRecorder.init)

    /// Where ids are unique: a session, a stream of HTTP+SSE, or one connection of 2026-07-28.
    private struct Place: Hashable {
        var scope: String
        var id: JSONValue
    }

    private struct State {
        var revisions: [String: String] = [:]
        var methods: [Place: String] = [:]
        var connections = 0
    }

    private let state = Mutex(State())
    private let file: Int32

    private init?(path: String) {
        file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if file < 0 { return nil }
    }

    func nextConnection() -> String {
        state.withLock { state in
            state.connections += 1
            return "connection \(state.connections)"
        }
    }

    func revision(of scope: String) -> String? { state.withLock { $0.revisions[scope] } }

    func agree(_ scope: String, on revision: String) { state.withLock { $0.revisions[scope] = revision } }

    func asked(_ method: String, id: JSONValue, in scope: String) {
        state.withLock { $0.methods[Place(scope: scope, id: id)] = method }
    }

    func method(of id: JSONValue, in scope: String) -> String? { state.withLock { $0.methods[Place(scope: scope, id: id)] } }

    func record(_ message: JSONValue, revision: String, answering method: String?) {
        let kind: JSONValue =
            if message["method"] != nil { message["id"] == nil ? "notification" : "request" } else {
                message["error"] != nil ? "error" : "result"
            }
        let line: JSONValue = [
            "revision": .string(revision), "method": method.map(JSONValue.string) ?? .null, "kind": kind, "message": message,
        ]
        let bytes = JSONWriter.bytes(of: line) + [UInt8(ascii: "\n")]
        // One write is one line, also where tests of several processes append.
        state.withLock { _ in _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } }
    }
}

/// What the recorder knows of one connection: the call that was sent last, and the answer as it comes.
final class ConnectionRecording: Sendable {
    /// Where JSON is taken that is no MCP.
    private static let otherPaths = ["/hook", "/ingest"]
    private static let legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]

    private struct Exchange {
        var scope: String
        var revision: String?
        var isStateless = false
        var isMessage = false
        var isStream = false
        var isJSON = false
        var session: String?
        var body: [UInt8] = []
        var events = EventParser()
        var taken = 0
    }

    private let recorder: MessageRecorder
    private let name: String
    private let exchange: Mutex<Exchange>

    init?() {
        guard let recorder = MessageRecorder.shared else { return nil }
        self.recorder = recorder
        name = recorder.nextConnection()
        exchange = Mutex(Exchange(scope: name))
    }

    func sent(_ call: HTTPCall) {
        func header(_ name: String) -> String? { call.headers.last { $0.0.lowercased() == name }?.1 }
        let type = header("content-type") ?? ""
        let body = call.method == "POST" && type.lowercased().hasPrefix("application/json") ? try? JSONReader().read(call.body) : nil
        let isClaimed = (body?.array ?? body.map { [$0] } ?? []).contains { message in
            message["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] != nil
        }
        let version = header("mcp-protocol-version")
        // A header that names no revision is answered as by a server that knows later ones.
        let isStateless = isClaimed || version.map { !Self.legacy.contains($0) } ?? false
        var next = Exchange(scope: name)
        next.isMessage =
            call.method == "POST" && type.lowercased().hasPrefix("application/json") && !Self.otherPaths.contains { call.target.hasPrefix($0) }
        next.isStateless = isStateless
        if isStateless {
            next.revision = "2026-07-28"
        } else if call.target.contains("session_id=") {
            next.scope = call.target
        } else if let session = header("mcp-session-id") {
            next.scope = session
        }
        if next.revision == nil { next.revision = recorder.revision(of: next.scope) ?? version }
        for message in body?.array ?? body.map({ [$0] }) ?? [] {
            guard let method = message["method"]?.string, let id = message["id"] else { continue }
            recorder.asked(method, id: id, in: next.scope)
        }
        exchange.withLock { $0 = next }
    }

    func received(_ head: HTTPHead) {
        exchange.withLock { exchange in
            exchange.isStream = head["content-type"]?.hasPrefix("text/event-stream") == true
            exchange.isJSON = exchange.isMessage && head["content-type"]?.hasPrefix("application/json") == true
            exchange.session = head["mcp-session-id"]
        }
    }

    /// - Parameter part: the next bytes of the body; `nil` at its end.
    func received(_ part: [UInt8]?) {
        exchange.withLock { exchange in
            if let part, exchange.isStream {
                exchange.events.feed(part)
                for event in exchange.events.parsed.dropFirst(exchange.taken) { take(event, &exchange) }
                exchange.taken = exchange.events.parsed.count
            } else if let part, exchange.isJSON {
                exchange.body += part
            } else if exchange.isJSON, let value = try? JSONReader().read(exchange.body) {
                for message in value.array ?? [value] { take(message, &exchange) }
                exchange.body = []
            }
        }
    }

    private func take(_ event: ServerSentEvent, _ exchange: inout Exchange) {
        if event.type == "endpoint" {
            exchange.scope = event.data
            if let revision = exchange.revision { recorder.agree(event.data, on: revision) }
        } else if event.type == "message", let value = try? JSONReader().read(event.data) {
            for message in value.array ?? [value] { take(message, &exchange) }
        }
    }

    private func take(_ message: JSONValue, _ exchange: inout Exchange) {
        let method = message["method"] == nil ? message["id"].flatMap { recorder.method(of: $0, in: exchange.scope) } : nil
        if method == "initialize", let agreed = message["result"]?["protocolVersion"]?.string {
            exchange.revision = agreed
            recorder.agree(exchange.session ?? exchange.scope, on: agreed)
        }
        // A stream of HTTP+SSE learns its revision after it was opened; without any word it is the revision that has no header.
        let agreed = exchange.isStateless ? nil : recorder.revision(of: exchange.scope)
        let revision = agreed ?? exchange.revision ?? "2025-03-26"
        recorder.record(message, revision: revision, answering: method)
    }
}
