import Listeners
import NIOCore
import NetworkDoctor
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("A TCP connection to an address")
struct ConnectionProbeTests {
    /// Long where something has to happen, short where nothing may.
    private let long = ConnectionProbe(timeout: .seconds(30), watch: .seconds(30))
    private let short = ConnectionProbe(timeout: .seconds(30), watch: .milliseconds(1))

    @Test("Is connected where somebody listens, and closed again")
    func connects() async throws {
        try await LoopbackServer.with { server in
            let fact = await short.connect(address: .loopback4, port: server.port)
            #expect(fact.outcome == .connected)
            #expect(fact.address == .loopback4 && fact.port == server.port)
        }
    }

    @Test("Names the errno of a port where nobody listens")
    func refused() async throws {
        try await BoundSocket.with { port in
            #expect(await long.connect(address: .loopback4, port: port).outcome == .failed("ECONNREFUSED"))
        }
    }

    #if os(Linux)
        @Test("Says that nobody answered where the kernel drops what arrives")
        func timedOut() async throws {
            try await BoundSocket.withFullQueue { port in
                let probe = ConnectionProbe(timeout: .milliseconds(100), watch: .zero)
                #expect(await probe.connect(address: .loopback4, port: port).outcome == .timedOut)
            }
        }
    #endif

    @Test("Tells a peer that closes before a byte was sent")
    func closedAtOnce() async throws {
        try await LoopbackServer.with(onAccept: closing) { server in
            #expect(await long.connect(address: .loopback4, port: server.port).outcome == .closedAtOnce)
        }
    }

    @Test("Tells a peer that resets before a byte was sent")
    func reset() async throws {
        try await LoopbackServer.with(onAccept: resetting) { server in
            #expect(await long.connect(address: .loopback4, port: server.port).outcome == .closedAtOnce)
        }
    }

    @Test("Ends at once when it is cancelled")
    func cancelled() async throws {
        try await LoopbackServer.with { server in
            let fact = await withTaskGroup(of: ConnectionFact.self) { group in
                group.addTask { await long.connect(address: .loopback4, port: server.port) }
                group.cancelAll()
                return await group.next()
            }
            #expect(fact?.outcome != .connected)
        }
    }
}

private let closing: @Sendable (any Channel) -> Void = { channel in
    channel.eventLoop.execute { channel.close(promise: nil) }
}

private let resetting: @Sendable (any Channel) -> Void = { channel in
    channel.eventLoop.execute {
        (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }
}
