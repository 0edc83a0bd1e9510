import Synchronization

/// How busy a service is now, and whether it was told to stop; for health and metrics.
package final class ServiceState: Sendable {
    private let connections = Atomic<Int>(0)
    private let requests = Atomic<Int>(0)
    private let streams = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)

    package init() {}

    package var openConnections: Int { connections.load(ordering: .relaxed) }
    /// Without open streams.
    package var requestsInFlight: Int { requests.load(ordering: .relaxed) }
    package var openStreams: Int { streams.load(ordering: .relaxed) }
    /// From the order to stop on; the drain itself begins a moment later.
    package var isStopping: Bool { stopping.load(ordering: .relaxed) }

    func connectionOpened() { connections.add(1, ordering: .relaxed) }
    func connectionClosed() { connections.subtract(1, ordering: .relaxed) }
    /// - Returns: how many are in flight with it.
    func requestBegan() -> Int { requests.add(1, ordering: .relaxed).newValue }
    func requestEnded() { requests.subtract(1, ordering: .relaxed) }
    func streamOpened() { streams.add(1, ordering: .relaxed) }
    func streamClosed() { streams.subtract(1, ordering: .relaxed) }
    func stop() { stopping.store(true, ordering: .relaxed) }
}
