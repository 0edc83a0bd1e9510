import BinaryTesting
import JSON
import Synchronization
import Testing

typealias JSONCapabilities = JSONObject

/// Gives ids of the size that the conformance suite sends (milliseconds since 1970).
enum Identifier {
    private static let last = Atomic<Int64>(1_800_000_000_000)

    static func next() -> JSONValue { .integer(last.add(1, ordering: .relaxed).newValue) }
}

/// How a client answers what a server asks: the bare result for a request, or `nil` to leave it unanswered.
typealias Answers = @Sendable (_ request: JSONValue) async throws -> JSONValue?

func rpc(_ method: String, _ params: JSONValue? = nil, id: JSONValue? = nil) -> JSONObject {
    var message: JSONObject = ["jsonrpc": "2.0"]
    if let id { message["id"] = id }
    message["method"] = .string(method)
    if let params { message["params"] = params }
    return message
}

/// A legacy session over Streamable HTTP, as the TypeScript SDK 1.29 keeps it.
struct Session: Sendable {
    static let newest = "2025-11-25"
    static let streamable = ["2025-03-26", "2025-06-18", "2025-11-25"]
    static let standardCapabilities: JSONCapabilities = ["sampling": [:], "elicitation": [:]]
    static let standard: Headers = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]

    let port: Int
    let revision: String
    let id: String
    /// The result of `initialize`.
    let welcome: JSONValue

    static func greeting(_ revision: String, capabilities: JSONCapabilities = standardCapabilities, id: JSONValue = 0) -> JSONObject {
        rpc(
            "initialize",
            [
                "protocolVersion": .string(revision), "capabilities": .object(capabilities),
                "clientInfo": ["name": "conformance-test-client", "version": "1.0.0"],
            ], id: id)
    }

    /// `initialize` (without the version header) and `notifications/initialized`.
    static func open(_ port: Int, _ revision: String = newest, capabilities: JSONCapabilities = standardCapabilities) async throws -> Session {
        let reply = try await post(greeting(revision, capabilities: capabilities), port)
        guard reply.status == 200, let welcome = reply.result, let id = reply.head["mcp-session-id"],
            let agreed = welcome["protocolVersion"]?.string
        else { throw TestFailure("no session: \(reply.status) \(reply.text)") }
        let session = Session(port: port, revision: agreed, id: id, welcome: welcome)
        let accepted = try await session.post(rpc("notifications/initialized"))
        #expect(accepted.status == 202 && accepted.body.isEmpty, "notifications/initialized: \(accepted.status) \(accepted.text)")
        return session
    }

    /// A whole session: handshake, GET stream, what `body` does, DELETE.
    static func with<Value: Sendable>(
        _ port: Int, _ revision: String = newest, capabilities: JSONCapabilities = standardCapabilities,
        _ body: (Session, inout EventStream) async throws -> Value
    ) async throws -> Value {
        let session = try await open(port, revision, capabilities: capabilities)
        return try await session.stream { stream in
            let value = try await body(session, &stream)
            let ended = try await session.end()
            #expect([200, 204, 404].contains(ended.status), "DELETE: \(ended.status) \(ended.text)")
            return value
        }
    }

    /// What every message of the session carries beside content types.
    var headers: Headers {
        [("Mcp-Session-Id", id)] + (revision >= "2025-06-18" ? [("MCP-Protocol-Version", revision)] : [])
    }

    /// Opens the GET stream.
    func stream<Value: Sendable>(_ more: Headers = [], _ body: (inout EventStream) async throws -> Value) async throws -> Value {
        try await EventStream.with("127.0.0.1", port, Served.endpoint, headers: headers + more, body)
    }

    func end() async throws -> Reply { try await converse(HTTPCall("DELETE", Served.endpoint, headers: headers), port) }

    // MARK: Messages

    static func post(_ message: JSONObject, _ port: Int, _ changes: HeaderChanges = [], path: String = Served.endpoint) async throws -> Reply {
        try await converse(posted(.object(message), standard, changes, path: path), port)
    }

    static func posted(_ message: JSONValue, _ standard: Headers, _ changes: HeaderChanges = [], path: String = Served.endpoint) -> HTTPCall {
        HTTPCall("POST", path, headers: ConformanceTests.headers(standard, changes), body: JSONWriter.bytes(of: message))
    }

    func posted(_ message: JSONValue, _ changes: HeaderChanges = []) -> HTTPCall {
        Self.posted(message, Self.standard + headers, changes)
    }

    /// Posts, and answers what the server asks on the stream.
    func post(_ message: JSONObject, _ changes: HeaderChanges = [], answers: @escaping Answers = { _ in nil }) async throws -> Reply {
        try await converse(posted(.object(message), changes), port) { message in
            guard message["method"] != nil, let id = message["id"], let answer = try await answers(message) else { return }
            let accepted = try await converse(posted(["jsonrpc": "2.0", "id": id, "result": answer]), port)
            #expect(accepted.status == 202 && accepted.body.isEmpty, "the answer to a question: \(accepted.status) \(accepted.text)")
        }
    }

    func call(
        _ method: String, _ params: JSONValue? = nil, id: JSONValue = Identifier.next(), _ changes: HeaderChanges = [],
        answers: @escaping Answers = { _ in nil }
    ) async throws -> Reply {
        let reply = try await post(rpc(method, params, id: id), changes, answers: answers)
        if let response = reply.response, response["id"] != nil { #expect(response["id"] == id, "\(method) answered another id") }
        return reply
    }

    /// `tools/call`; without arguments the member is absent, as the suite sends it.
    func tool(
        _ name: String, _ arguments: JSONValue? = nil, meta: JSONValue? = nil, task: JSONValue? = nil, id: JSONValue = Identifier.next(),
        answers: @escaping Answers = { _ in nil }
    ) async throws -> Reply {
        try await call("tools/call", Self.toolParams(name, arguments, meta: meta, task: task), id: id, answers: answers)
    }

    static func toolParams(_ name: String, _ arguments: JSONValue? = nil, meta: JSONValue? = nil, task: JSONValue? = nil) -> JSONValue {
        var params: JSONObject = ["name": .string(name)]
        if let arguments { params["arguments"] = arguments }
        if let meta { params["_meta"] = meta }
        if let task { params["task"] = task }
        return .object(params)
    }
}
