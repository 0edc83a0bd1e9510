import NIOCore
import Synchronization

/// The open connections of a service, for the limit and for the drain.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isDraining = false
        /// Listeners that wait for a place.
        var waiting: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let limit: Int
    private let service: ServiceState
    /// Above the limit so many are still taken, to be told so in words; beyond that the kernel's queue holds them.
    private static let surplus = 64

    init(limit: Int, service: ServiceState) {
        self.limit = limit
        self.service = service
    }

    var count: Int { state.withLock { $0.channels.count } }

    /// - Returns: whether it is over the limit.
    func add(_ channel: any Channel) -> (isSurplus: Bool, isDraining: Bool) {
        service.connectionOpened()
        return state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return (state.channels.count > limit, state.isDraining)
        }
    }

    func remove(_ channel: any Channel) {
        service.connectionClosed()
        let waiting = state.withLock { state -> [@Sendable () -> Void] in
            state.channels.removeValue(forKey: ObjectIdentifier(channel))
            guard state.channels.count < limit + Self.surplus, !state.waiting.isEmpty else { return [] }
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for resume in waiting { resume() }
    }

    /// Whether a listener may accept now; where not, `resume` is called when it may.
    func mayAccept(orResume resume: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if state.channels.count < limit + Self.surplus { return true }
            state.waiting.append(resume)
            return false
        }
    }

    /// Tells every connection to end: an idle one closes, a busy one after its answer.
    func quiesce() {
        let channels = state.withLock { state in
            state.isDraining = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    func closeAll() {
        let channels = state.withLock { Array($0.channels.values) }
        for channel in channels { channel.close(promise: nil) }
    }
}
