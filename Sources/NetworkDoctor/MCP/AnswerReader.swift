import JSON
import NIOCore

/// Finds the answer to one request in a body of JSON or in an event stream.
struct AnswerReader: Sendable {
    /// tools/list of a server with hundreds of tools stays under it.
    static let limit = 4 << 20

    private let id: JSONValue
    private var events = EventStreamReader(limit: limit)
    private var body: [UInt8] = []
    private var found: JSONValue?

    init(id: JSONValue) {
        self.id = id
    }

    mutating func take(_ answer: Exchange.Answer, _ part: ByteBufferView) -> Peer.Reading {
        if answer.isEventStream {
            for event in events.read(part) {
                if let message = Self.message(event.data, answering: id) {
                    found = message
                    return .stop
                }
            }
            return events.isOverrun ? .stop : .all
        }
        body += part
        return body.count <= Self.limit ? .all : .stop
    }

    /// The response with the id; of a body also an error without any, which a server gives for what it could not read.
    var message: JSONValue? {
        if let found { return found }
        guard let value = try? JSONReader().read(body) else { return nil }
        let messages = value.array ?? [value]
        return messages.first { $0["id"] == id && $0.isResponse } ?? messages.first { $0["error"] != nil && $0["id"].map(\.isNull) ?? true }
    }

    static func message(_ text: String, answering id: JSONValue) -> JSONValue? {
        guard let value = try? JSONReader().read(text) else { return nil }
        return (value.array ?? [value]).first { $0["id"] == id && $0.isResponse }
    }
}

extension JSONValue {
    /// A JSON-RPC result or error.
    fileprivate var isResponse: Bool { self["result"] != nil || self["error"] != nil }
}

extension MCPFacts.Conversation.Outcome {
    private static let textKept = 1000

    /// What a message says to the first request of a conversation.
    init(_ message: JSONValue?) {
        func text(_ value: JSONValue?) -> String { String((value?.string ?? "").prefix(Self.textKept)) }
        if let error = message?["error"] {
            self = .rejected(code: Int(error["code"]?.integer ?? 0), message: text(error["message"]))
        } else if let result = message?["result"], let revision = Self.revision(of: result) {
            let server = result["serverInfo"] ?? result["_meta"]?["io.modelcontextprotocol/serverInfo"]
            self = .agreed(name: text(server?["name"]), version: text(server?["version"]), revision: String(revision.prefix(Self.textKept)))
        } else {
            self = .refused
        }
    }

    /// Of initialize the one that was chosen, of server/discover the newest that is supported: revisions are dates.
    private static func revision(of result: JSONValue) -> String? {
        result["protocolVersion"]?.string ?? result["supportedVersions"]?.array?.compactMap(\.string).max()
    }

    var agreed: String? {
        if case .agreed(_, _, let revision) = self { revision } else { nil }
    }
}
