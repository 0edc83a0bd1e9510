/// One server-sent event.
package struct ServerSentEvent: Sendable, Hashable {
    package var type: String
    package var data: String
    package var id: String?
    package var retry: Int?

    package init(type: String = "message", data: String = "", id: String? = nil, retry: Int? = nil) {
        self.type = type
        self.data = data
        self.id = id
        self.retry = retry
    }
}

/// Reads an event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html) from parts cut anywhere.
package struct EventParser {
    /// The events read so far, and how many comment lines stood between them.
    package private(set) var parsed: [ServerSentEvent] = []
    package private(set) var comments = 0
    private var pending: [UInt8] = []
    private var event = ServerSentEvent()
    private var lines: [String] = []

    package init() {}

    package mutating func feed(_ bytes: [UInt8]) {
        pending += bytes
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
            var line = String(decoding: pending[..<end], as: UTF8.self)
            if line.last == "\r" { line.removeLast() }
            pending.removeSubrange(...end)
            take(line)
        }
    }

    private mutating func take(_ line: String) {
        if line.isEmpty {
            event.data = lines.joined(separator: "\n")
            if !lines.isEmpty || event.retry != nil { parsed.append(event) }
            event = ServerSentEvent()
            lines = []
            return
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? String(parts[1].first == " " ? parts[1].dropFirst() : parts[1]) : ""
        switch parts[0] {
        case "": comments += 1
        case "event": event.type = value
        case "data": lines.append(value)
        case "id": event.id = value
        case "retry": event.retry = Int(value)
        default: break
        }
    }
}

/// The events of one answer, one after the other.
package struct EventStream {
    package let head: HTTPHead
    private var connection: HTTPConnection
    private var parser = EventParser()
    private var given = 0

    /// Opens `target` as an event stream and runs `body` while it is open.
    package static func with<Value: Sendable>(
        _ host: String, _ port: Int, _ target: String, headers: [(String, String)] = [],
        _ body: (inout EventStream) async throws -> Value
    ) async throws -> Value {
        try await with(host, port, HTTPCall("GET", target, headers: [("Accept", "text/event-stream")] + headers), body)
    }

    /// Sends `call`, which has to be answered by an event stream, and runs `body` while it is open.
    package static func with<Value: Sendable>(
        _ host: String, _ port: Int, _ call: HTTPCall, _ body: (inout EventStream) async throws -> Value
    ) async throws -> Value {
        try await HTTPConnection.with(host, port) { connection in
            try await connection.send(call)
            let head = try await connection.head()
            guard head.status == 200, head["content-type"]?.hasPrefix("text/event-stream") == true else {
                throw TestFailure("\(call.method) \(call.target) gave \(head.status) \(head["content-type"] ?? "") and no event stream")
            }
            var stream = EventStream(head: head, connection: connection)
            return try await body(&stream)
        }
    }

    private init(head: HTTPHead, connection: HTTPConnection) {
        self.head = head
        self.connection = connection
    }

    /// The next event that has data; `nil` at the stream's end.
    package mutating func next() async throws -> ServerSentEvent? {
        while true {
            while given < parser.parsed.count {
                given += 1
                if !parser.parsed[given - 1].data.isEmpty { return parser.parsed[given - 1] }
            }
            guard let part = try await connection.bodyPart() else { return nil }
            parser.feed(part)
        }
    }

    /// The events read so far, with those that have no data.
    package var seen: [ServerSentEvent] { parser.parsed }

    /// The first `retry` seen, in milliseconds.
    package var retry: Int? { parser.parsed.compactMap(\.retry).first }
}
