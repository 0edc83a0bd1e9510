package import JSON

/// A whole answer.
package struct HTTPAnswer: Sendable {
    package let head: HTTPHead
    package let body: [UInt8]

    package var status: Int { head.status }
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The JSON-RPC message in it, as a JSON body or as the last event of a stream.
    package func message() throws -> JSONValue {
        if head["content-type"]?.hasPrefix("text/event-stream") == true {
            var events = EventParser()
            events.feed(body)
            guard let last = events.parsed.last(where: { $0.type == "message" }) else {
                throw TestFailure("no message in the stream: \(text)")
            }
            return try JSONReader().read(last.data)
        }
        return try JSONReader().read(body)
    }
}

extension HTTPConnection {
    /// Sends and waits for the whole answer; the connection can then be used again.
    package mutating func exchange(_ call: HTTPCall) async throws -> HTTPAnswer {
        try await send(call)
        return try await answer()
    }

    package mutating func answer() async throws -> HTTPAnswer {
        let head = try await head()
        var body: [UInt8] = []
        while let part = try await bodyPart() { body += part }
        return HTTPAnswer(head: head, body: body)
    }
}

/// One call on a connection of its own.
package func exchange(_ call: HTTPCall, _ host: String, _ port: Int, within timeout: Duration = .seconds(20)) async throws -> HTTPAnswer {
    try await within(timeout, "an answer to \(call.method) \(call.target) from \(host)") {
        try await HTTPConnection.with(host, port) { try await $0.exchange(call) }
    }
}
