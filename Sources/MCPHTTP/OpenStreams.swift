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
    private let state: Mutex<(conversation: LegacyConversation, isInitialized: Bool)>

    /// A stream that is opened, or opened again, works at once: `initialize` then only says more about the client.
    init(id: String, principal: Principal, revision: Revision, waiting limit: Int) {
        self.id = id
        self.principal = principal
        outlet = EventOutlet(limit: limit)
        (inbox, mailbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
        state = Mutex((LegacyConversation(revision: revision), false))
    }

    var conversation: LegacyConversation { state.withLock { $0.conversation } }

    /// - Returns: false where the handshake happened already.
    func adopt(_ conversation: LegacyConversation) -> Bool {
        state.withLock { state in
            guard !state.isInitialized else { return false }
            state = (conversation, true)
            return true
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
    private struct State {
        var count = 0
        var sse: [String: SSESession] = [:]
        var sessions: [String: EventOutlet] = [:]
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
        let result = state.withLock { state -> (Bool, EventOutlet?) in
            guard state.count < limit else { return (false, nil) }
            state.count += 1
            return (true, state.sessions.updateValue(outlet, forKey: session))
        }
        result.1?.finish()
        return result.0
    }

    func close(_ outlet: EventOutlet, of session: String) {
        state.withLock { state in
            state.count -= 1
            if state.sessions[session] === outlet { state.sessions[session] = nil }
        }
    }

    func end(_ session: String) {
        state.withLock { $0.sessions[session] }?.finish()
    }
}
