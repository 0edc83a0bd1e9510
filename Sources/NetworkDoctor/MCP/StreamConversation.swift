import JSON
import NIOCore
import NIOHTTP1

/// One conversation over HTTP+SSE as revision 2024-11-05 has it: a stream names where to POST, and answers come on the stream.
struct StreamConversation: Sendable {
    let peer: Peer
    let path: String
    let messages: Messages
    let deadline: NIODeadline

    private enum Part: Sendable {
        case event(StreamEvent)
        case end
        /// The endpoint had its time.
        case late
    }

    /// What is read before it is looked at; a server that sends more is cut off.
    private static let bufferedEvents = 64

    /// - Returns: `nil` where the stream names no endpoint, so that there is no HTTP+SSE; `tools` only where they were asked for and came.
    func initialize(listsTools: Bool) async -> RequestConversation.Result? {
        let (parts, continuation) = AsyncStream.makeStream(of: Part.self, bufferingPolicy: .bufferingOldest(Self.bufferedEvents))
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var reader = EventStreamReader(limit: AnswerReader.limit)
                _ = await peer.ask(.GET, path, ["Accept": "text/event-stream"], until: deadline) { answer, part in
                    guard answer.isEventStream else { return .kept }
                    for event in reader.read(part) {
                        guard case .enqueued = continuation.yield(.event(event)) else { return .stop }
                    }
                    return reader.isOverrun ? .stop : .all
                }
                continuation.yield(.end)
                continuation.finish()
            }
            group.addTask {
                // Cancelled or over, it is late.
                try? await ContinuousClock().sleep(for: RemotePlan.firstEventTimeout)
                continuation.yield(.late)
            }
            let result = await converse(parts, listsTools: listsTools)
            group.cancelAll()
            return result
        }
    }

    private func converse(_ parts: AsyncStream<Part>, listsTools: Bool) async -> RequestConversation.Result? {
        let start = peer.stopwatch.read()
        let opening = Exchange(request: "GET \(path)", address: peer.address, host: peer.target.authority, outcome: .closed)
        var result = RequestConversation.Result(
            conversation: .init(revision: Messages.streamRevision, exchange: opening, outcome: .refused, hasSession: false, transport: .stream))
        var endpoint: String?
        var asked = start
        for await part in parts {
            switch part {
            case .end: return endpoint == nil ? nil : result
            case .late: if endpoint == nil { return nil }
            case .event(let event) where event.type == "endpoint" && endpoint == nil:
                guard let place = peer.target.path(ofEndpoint: event.data) else {
                    result.conversation.exchange.outcome = .failed("the endpoint is at another host")
                    return result
                }
                endpoint = place
                let exchange = await post(messages.initialize(Messages.streamRevision, id: 0), to: place)
                result.conversation.exchange = exchange
                guard let status = exchange.answer?.status, (200...299).contains(status) else { return result }
            case .event(let event):
                guard let endpoint else { continue }
                if let message = AnswerReader.message(event.data, answering: 0) {
                    result.conversation.outcome = .init(message)
                    guard listsTools, result.conversation.outcome.agreed != nil else { return result }
                    _ = await post(messages.initialized, to: endpoint)
                    asked = peer.stopwatch.read()
                    _ = await post(messages.listTools(id: 1, cursor: nil, isStateless: false), to: endpoint)
                } else if let message = AnswerReader.message(event.data, answering: 1) {
                    if let tools = message["result"]?["tools"]?.array {
                        result.tools = MCPFacts.Tools(count: tools.count, duration: peer.stopwatch.read() - asked)
                    }
                    return result
                }
            }
        }
        return endpoint == nil ? nil : result
    }

    private func post(_ message: JSONValue, to place: String) async -> Exchange {
        await peer.ask(.POST, place, ["Content-Type": "application/json"], body: JSONWriter.bytes(of: message), until: deadline)
    }
}

extension Target {
    /// The path of an `endpoint` event: a path, a path relative to this one, or a URL of the same host and port. `nil` where it leads
    /// elsewhere: what is sent there may hold a token.
    func path(ofEndpoint text: String) -> String? {
        guard text.utf8.count <= 2000, !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        if text.hasPrefix("//") { return nil }
        if text.hasPrefix("/") { return text }
        if text.contains("://") {
            guard let other = try? Target(text), other.isSecure == isSecure, other.host == host, other.port == port else { return nil }
            return other.path
        }
        let own = path.prefix { $0 != "?" }
        if text.hasPrefix("?") { return own + text }
        return own[...(own.lastIndex(of: "/") ?? own.startIndex)] + text
    }
}
