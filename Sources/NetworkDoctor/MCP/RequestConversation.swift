import JSON
import NIOCore
import NIOHTTP1

/// One conversation over Streamable HTTP: a POST per message.
struct RequestConversation: Sendable {
    struct Result: Sendable {
        var conversation: MCPFacts.Conversation
        var tools: MCPFacts.Tools?
    }

    let peer: Peer
    let path: String
    let messages: Messages
    let deadline: NIODeadline
    /// The end of a session may use what time is left after `deadline`.
    let end: NIODeadline

    /// A server that gives its tools one by one does not hold the doctor.
    private static let pageLimit = 20
    private static let accept = ["Accept": "application/json, text/event-stream", "Content-Type": "application/json"]

    /// server/discover as Claude Code begins with it, then tools/list.
    func discover() async -> Result {
        let revision = Messages.discovery
        let id: JSONValue = "server-discover-probe-1"
        let headers = ["mcp-method": "server/discover", "mcp-protocol-version": revision]
        let (exchange, message) = await post(messages.discover(id: id), id: id, headers)
        let outcome = MCPFacts.Conversation.Outcome(message)
        var result = Result(conversation: .init(revision: revision, exchange: exchange, outcome: outcome, hasSession: false))
        if outcome.agreed == revision {
            result.tools = await tools(["mcp-method": "tools/list", "mcp-protocol-version": revision], isStateless: true)
        }
        return result
    }

    /// The handshake of an older revision; the session that it gives is ended.
    func initialize(_ revision: String, listsTools: Bool) async -> Result {
        let (exchange, message) = await post(messages.initialize(revision, id: 0), id: 0, [:])
        let outcome = MCPFacts.Conversation.Outcome(message)
        let session = exchange.answer?.headers["mcp-session-id"]
        var result = Result(
            conversation: .init(revision: revision, exchange: exchange, outcome: outcome, hasSession: session != nil))
        guard let agreed = outcome.agreed else { return result }
        var headers = ["mcp-protocol-version": agreed]
        headers["mcp-session-id"] = session
        if listsTools {
            _ = await peer.ask(
                .POST, path, headers.merging(Self.accept) { $1 }, body: JSONWriter.bytes(of: messages.initialized), until: deadline)
            result.tools = await tools(headers, isStateless: false)
        }
        if session != nil { _ = await peer.ask(.DELETE, path, headers, until: end) }
        return result
    }

    /// The status of a request with a session that nobody gave out.
    func unknownSession() async -> Exchange {
        let headers = ["mcp-protocol-version": Messages.legacyRevisions[0], "mcp-session-id": "00000000-0000-4000-8000-000000000000"]
        return await post(messages.listTools(id: 1, cursor: nil, isStateless: false), id: 1, headers).0
    }

    /// A GET as a client of a session sends it, without the session; only its head counts.
    func getWithoutSession() async -> Exchange {
        let headers = ["Accept": "text/event-stream", "mcp-protocol-version": Messages.legacyRevisions[0]]
        return await peer.ask(.GET, path, headers, until: deadline) { answer, _ in answer.isEventStream ? .stop : .kept }
    }

    private func tools(_ headers: [String: String], isStateless: Bool) async -> MCPFacts.Tools? {
        let start = peer.stopwatch.read()
        var count = 0
        var cursor: String?
        for page in 1...Self.pageLimit {
            let id = JSONValue.integer(Int64(page))
            let (_, message) = await post(messages.listTools(id: id, cursor: cursor, isStateless: isStateless), id: id, headers)
            guard let result = message?["result"], let tools = result["tools"]?.array else { return nil }
            count += tools.count
            cursor = result["nextCursor"]?.string
            if cursor == nil { break }
        }
        return MCPFacts.Tools(count: count, duration: peer.stopwatch.read() - start)
    }

    private func post(_ message: JSONValue, id: JSONValue, _ headers: [String: String]) async -> (Exchange, JSONValue?) {
        var reader = AnswerReader(id: id)
        let exchange = await peer.ask(
            .POST, path, headers.merging(Self.accept) { $1 }, body: JSONWriter.bytes(of: message), until: deadline
        ) { answer, part in reader.take(answer, part) }
        return (exchange, reader.message)
    }
}
