import NIOCore

/// Has one conversation per revision, each by itself.
struct MCPProbe: Sendable {
    let peer: Peer
    let path: String
    let messages: Messages
    /// Claude Code's type `sse` never speaks Streamable HTTP; what it will see is asked over the stream.
    let prefersStream: Bool
    let deadline: NIODeadline
    let end: NIODeadline

    private var requests: RequestConversation {
        RequestConversation(peer: peer, path: path, messages: messages, deadline: deadline, end: end)
    }

    private enum Part: Sendable {
        case legacy([RequestConversation.Result])
        case stream(RequestConversation.Result?)
        case unknownSession(Exchange)
        case getWithoutSession(Exchange)
    }

    func ask() async -> MCPFacts {
        var facts = MCPFacts()
        let discovered = await requests.discover()
        facts.conversations.append(discovered.conversation)
        var tools = discovered.tools
        var legacy: [RequestConversation.Result] = []
        var streamed: RequestConversation.Result?
        let needsTools = tools == nil
        await withTaskGroup(of: Part.self) { group in
            group.addTask { .legacy(await initializeAll(listsTools: needsTools)) }
            group.addTask {
                let conversation = StreamConversation(peer: peer, path: path, messages: messages, deadline: deadline)
                return .stream(await conversation.initialize(listsTools: prefersStream || needsTools))
            }
            group.addTask { .unknownSession(await requests.unknownSession()) }
            group.addTask { .getWithoutSession(await requests.getWithoutSession()) }
            for await part in group {
                switch part {
                case .legacy(let results): legacy = results
                case .stream(let result): streamed = result
                case .unknownSession(let exchange):
                    facts.unknownSession = exchange.answer.map { .known($0.status) } ?? .notChecked("no answer came")
                case .getWithoutSession(let exchange): facts.getWithoutSession = .known(exchange)
                }
            }
        }
        facts.conversations += legacy.map(\.conversation)
        tools = (prefersStream ? streamed?.tools : nil) ?? tools ?? legacy.lazy.compactMap(\.tools).first
        if let streamed {
            facts.conversations.append(streamed.conversation)
            tools = tools ?? streamed.tools
        }
        facts.tools = tools.map { .known($0) } ?? .notChecked("no conversation came as far as tools/list")
        return facts
    }

    /// In the order of ``Messages/legacyRevisions``, the newest first.
    private func initializeAll(listsTools: Bool) async -> [RequestConversation.Result] {
        await withTaskGroup(of: (Int, RequestConversation.Result).self) { group in
            for (index, revision) in Messages.legacyRevisions.enumerated() {
                group.addTask { (index, await requests.initialize(revision, listsTools: listsTools)) }
            }
            var results: [(Int, RequestConversation.Result)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
