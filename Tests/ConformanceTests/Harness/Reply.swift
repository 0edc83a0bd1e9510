import BinaryTesting
import JSON

/// What came back on one POST: the head, and every message in its order.
struct Reply: Sendable {
    let head: HTTPHead
    /// Empty unless the answer is a stream; with those that have no data.
    var events: [ServerSentEvent] = []
    var messages: [JSONValue] = []
    var body: [UInt8] = []

    var status: Int { head.status }
    var isStream: Bool { head["content-type"]?.hasPrefix("text/event-stream") == true }
    var text: String { String(decoding: body, as: UTF8.self) }
    var response: JSONValue? { messages.last { $0["method"] == nil } }
    var result: JSONValue? { response?["result"] }
    var error: JSONValue? { response?["error"] }
    var code: Int64? { error?["code"]?.integer }
    /// Requests of the server.
    var requests: [JSONValue] { messages.filter { $0["method"] != nil && $0["id"] != nil } }

    func notifications(_ method: String) -> [JSONValue] { messages.filter { $0["id"] == nil && $0["method"]?.string == method } }

    /// The blocks of a tool's result.
    var content: [JSONValue] { result?["content"]?.array ?? [] }
    /// The texts of a tool's result, joined.
    var contentText: String { content.compactMap { $0["text"]?.string }.joined(separator: "\n") }
}

/// The names of an object's members.
func keys(_ value: JSONValue?) -> Set<String> { Set(value?.object?.keys ?? []) }

typealias Headers = [(String, String)]

/// Headers to set (or, with `nil`, to leave out) over the ones that are always sent.
typealias HeaderChanges = [(String, String?)]

func headers(_ standard: Headers, _ changes: HeaderChanges) -> Headers {
    let changed = Set(changes.map { $0.0.lowercased() })
    return standard.filter { !changed.contains($0.0.lowercased()) } + changes.compactMap { name, value in value.map { (name, $0) } }
}

extension HTTPConnection {
    /// Reads one answer to its end and hands over each message as it comes.
    mutating func reply(_ onMessage: (JSONValue) async throws -> Void = { _ in }) async throws -> Reply {
        var reply = Reply(head: try await head())
        var parser = EventParser()
        while let part = try await bodyPart() {
            reply.body += part
            guard reply.isStream else { continue }
            parser.feed(part)
            for event in parser.parsed.dropFirst(reply.events.count) {
                reply.events.append(event)
                if event.data.isEmpty { continue }
                let message = try JSONReader().read(event.data)
                reply.messages.append(message)
                try await onMessage(message)
            }
        }
        guard reply.head["content-type"]?.hasPrefix("application/json") == true, !reply.body.isEmpty else { return reply }
        let value = try JSONReader().read(reply.body)
        reply.messages = value.array ?? [value]
        for message in reply.messages { try await onMessage(message) }
        return reply
    }
}

/// One call on a connection of its own, read to its end.
func converse(
    _ call: HTTPCall, _ port: Int, within timeout: Duration = .seconds(20),
    onMessage: @escaping @Sendable (JSONValue) async throws -> Void = { _ in }
) async throws -> Reply {
    try await within(timeout, "an answer to \(call.method) \(call.target): \(String(decoding: call.body.prefix(300), as: UTF8.self))") {
        try await HTTPConnection.with("127.0.0.1", port) { connection in
            try await connection.send(call)
            return try await connection.reply(onMessage)
        }
    }
}

extension EventStream {
    /// The next message on the stream.
    mutating func message() async throws -> JSONValue {
        guard let event = try await next() else { throw TestFailure("the stream ended before a message") }
        return try JSONReader().read(event.data)
    }

    /// The next message of this method, over those of others.
    mutating func message(_ method: String) async throws -> JSONValue {
        while true {
            let message = try await message()
            if message["method"]?.string == method { return message }
        }
    }

    /// The messages up to the stream's end.
    mutating func rest() async throws -> [JSONValue] {
        var messages: [JSONValue] = []
        while let event = try await next() { messages.append(try JSONReader().read(event.data)) }
        return messages
    }
}
