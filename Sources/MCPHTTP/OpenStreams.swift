import Access
import MCPCore
import Synchronization

/// An open HTTP+SSE stream and the session that it is (2024-11-05): what is posted is answered on the stream's own task.
final class SSESession: Sendable {
    let id: String
    let principal: Principal
    let outlet: EventOutlet
    let inbox: AsyncStream<JSONRPCMessage>
    private let mailbox: AsyncStream<JSONRPCMessage>.Continuation
    private struct State {
        var conversation: LegacyConversation
        var isInitialized = false
        var subscriptions: Set<String> = []
    }

    private let state: Mutex<State>

    /// A stream that is opened, or opened again, works at once: `initialize` then only says more about the client.
    init(id: String, principal: Principal, revision: Revision, waiting limit: Int) {
        self.id = id
        self.principal = principal
        outlet = EventOutlet(limit: limit)
        (inbox, mailbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
        state = Mutex(State(conversation: LegacyConversation(revision: revision)))
    }

    var conversation: LegacyConversation { state.withLock { $0.conversation } }

    /// - Returns: false where the handshake happened already.
    func adopt(_ conversation: LegacyConversation) -> Bool {
        state.withLock { state in
            guard !state.isInitialized else { return false }
            state.conversation = conversation
            state.isInitialized = true
            return true
        }
    }

    /// - Returns: false where there are too many subscriptions.
    func remember(_ setting: ClientSetting) -> Bool {
        state.withLock { state in
            switch setting {
            case .logLevel(let level): state.conversation.logLevel = level
            case .subscription(let uri, true):
                guard state.subscriptions.count < SessionRecord.maximumSubscriptions else { return false }
                state.subscriptions.insert(uri)
            case .subscription(let uri, false): state.subscriptions.remove(uri)
            }
            return true
        }
    }

    func wants(_ change: ServerChange) -> Bool {
        switch change {
        case .tools, .prompts, .resources: true
        case .resource(let uri): state.withLock { $0.subscriptions.contains(uri) }
        case .task: false
        }
    }

    /// - Returns: false where too much waits, or the stream is ending.
    func deliver(_ message: JSONRPCMessage) -> Bool {
        if case .enqueued = mailbox.yield(message) { return true }
        return false
    }

    /// Takes nothing more; what was taken is still answered.
    func stopTaking() { mailbox.finish() }
}

/// The streams that are open in this process.
final class OpenStreams: Sendable {
    /// The GET stream of a session, and what it wants to hear of.
    private struct SessionStream {
        var outlet: EventOutlet
        var subscriptions: Set<String>
    }

    private struct State {
        var count = 0
        var sse: [String: SSESession] = [:]
        var sessions: [String: SessionStream] = [:]
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    func session(_ id: String) -> SSESession? { state.withLock { $0.sse[id] } }

    func open(_ session: SSESession) -> Bool {
        state.withLock { state in
            guard state.count < limit else { return false }
            state.count += 1
            state.sse[session.id] = session
            return true
        }
    }

    func close(_ session: SSESession) {
        state.withLock { state in
            state.count -= 1
            state.sse[session.id] = nil
        }
    }

    /// A newer stream of a session takes the place of the older one, which its client has lost.
    func open(_ outlet: EventOutlet, of session: String) -> Bool {
        let result = state.withLock { state -> (Bool, SessionStream?) in
            guard state.count < limit else { return (false, nil) }
            state.count += 1
            return (true, state.sessions.updateValue(SessionStream(outlet: outlet, subscriptions: []), forKey: session))
        }
        result.1?.outlet.finish()
        return result.0
    }

    func close(_ outlet: EventOutlet, of session: String) {
        state.withLock { state in
            state.count -= 1
            if state.sessions[session]?.outlet === outlet { state.sessions[session] = nil }
        }
    }

    /// A stream that belongs to nothing but its own request.
    func openAlone() -> Bool {
        state.withLock { state in
            guard state.count < limit else { return false }
            state.count += 1
            return true
        }
    }

    func closeAlone() { state.withLock { $0.count -= 1 } }

    func subscribe(_ session: String, to subscriptions: [String]) {
        state.withLock { $0.sessions[session]?.subscriptions = Set(subscriptions) }
    }

    func wants(_ change: ServerChange, session: String) -> Bool {
        switch change {
        case .tools, .prompts, .resources: true
        case .resource(let uri): state.withLock { $0.sessions[session]?.subscriptions.contains(uri) ?? false }
        case .task: false
        }
    }

    func end(_ session: String) {
        state.withLock { $0.sessions[session]?.outlet }?.finish()
    }
}
