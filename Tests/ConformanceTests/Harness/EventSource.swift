import BinaryTesting
import JSON
import Testing

/// A client of HTTP+SSE: what it posts is answered on its stream.
struct EventSource {
    let port: Int
    /// Where messages are posted.
    let target: String
    var stream: EventStream

    static func with<Value: Sendable>(
        _ server: Served, path: String = "/sse", revision: String = "2024-11-05", greets: Bool = true,
        _ body: (inout EventSource) async throws -> Value
    ) async throws -> Value {
        try await EventStream.with("127.0.0.1", server.port, path) { stream in
            guard let first = try await stream.next(), first.type == "endpoint" else { throw TestFailure("no endpoint event") }
            var source = EventSource(port: server.port, target: first.data, stream: stream)
            if greets {
                _ = try await source.post(Session.greeting(revision))
                #expect(try await source.stream.message()["result"]?["protocolVersion"] == .string(revision))
                #expect(try await source.post(rpc("notifications/initialized")).status == 202)
            }
            return try await body(&source)
        }
    }

    func post(_ message: JSONObject) async throws -> Reply { try await Session.post(message, port, path: target) }

    /// Posts, answers what the server asks, and gives all that came on the stream up to the response.
    mutating func call(
        _ method: String, _ params: JSONValue? = nil, id: JSONValue = Identifier.next(), answers: Answers = { _ in nil }
    ) async throws -> [JSONValue] {
        #expect(try await post(rpc(method, params, id: id)).status == 202)
        var messages: [JSONValue] = []
        while true {
            let message = try await stream.message()
            messages.append(message)
            guard message["method"] != nil else {
                if message["id"] == id { return messages }
                continue
            }
            if let asked = message["id"], let answer = try await answers(message) {
                #expect(try await post(["jsonrpc": "2.0", "id": asked, "result": answer]).status == 202)
            }
        }
    }
}
