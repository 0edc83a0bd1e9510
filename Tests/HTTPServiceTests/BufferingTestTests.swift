import Diagnosis
import HTTPService
import Listeners
import Synchronization
import Testing

@Suite struct `The stream that shows buffering` {
    @Test func `sends one event at once and one when its time has come, then ends`() async throws {
        let clock = SteppedClock()
        try await RunningService.with([BufferingTest(clock: clock).route("/health/stream")]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("GET /health/stream HTTP/1.1\r\nHost: a\r\n\r\n")
                let first = try await dialog.text(through: "\n\n\r\n")
                #expect(first.contains("X-Accel-Buffering: no") && first.contains("Cache-Control: no-cache, no-transform"))
                #expect(first.contains("Content-Type: text/event-stream") && first.hasSuffix("data: {\"event\":0,\"ms\":0}\n\n\r\n"))
                await clock.waitForSleepers(1)
                clock.advance(by: .seconds(1))
                #expect(try await dialog.text(through: "0\r\n\r\n").contains("data: {\"event\":1,\"ms\":1000}\n\n"))
            }
        }
    }

    @Test func `is sent without chunks to a client of HTTP 1.0, and ends with the connection`() async throws {
        let clock = SteppedClock()
        try await RunningService.with([BufferingTest(clock: clock).route("/health/stream")]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("GET /health/stream HTTP/1.0\r\nHost: a\r\n\r\n")
                let first = try await dialog.text(through: "\n\n")
                #expect(first.hasPrefix("HTTP/1.0 200") && first.contains("Connection: close") && !first.lowercased().contains("chunked"))
                #expect(first.hasSuffix("\r\n\r\nevent: pace\nid: 0\ndata: {\"event\":0,\"ms\":0}\n\n"))
                await clock.waitForSleepers(1)
                clock.advance(by: .seconds(1))
                #expect(try await dialog.rest() == "event: pace\nid: 1\ndata: {\"event\":1,\"ms\":1000}\n\n")
            }
        }
    }

    @Test func `is opened by so many at once and no more`() async throws {
        let clock = SteppedClock()
        try await RunningService.with([BufferingTest(limit: 1, clock: clock).route("/s")]) { service in
            try await Dialog.with(service.listener) { first in
                try await first.send("GET /s HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await first.text(through: "\n\n\r\n")
                let second = try await Dialog.with(service.listener) { try await $0.get("/s") }
                #expect(second.status == 503 && second.header("Retry-After") == "2")
                await clock.waitForSleepers(1)
                clock.advance(by: .seconds(1))
                _ = try await first.text(through: "0\r\n\r\n")
                // The place is free again once the route has returned, a moment after the client has read the end.
                await clock.waitForSleepers(0)
            }
        }
    }

    @Test func `ends when the server drains`() async throws {
        try await RunningService.with([BufferingTest(clock: SteppedClock()).route("/s")]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("GET /s HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await dialog.text(through: "\n\n\r\n")
                await service.stop()
                #expect(try await dialog.rest() == "0\r\n\r\n")
            }
        }
    }
}

@Suite struct `The watch of one's own reach` {
    @Test func `dials again and again, one look at a time, until it is cancelled`() async throws {
        let clock = SteppedClock()
        try await RunningService.with([.echo("/health", isAnonymous: true)]) { service in
            let (reports, report) = AsyncStream<ReachReport>.makeStream()
            let watch = ReachWatch(service.listeners, probe: HealthProbe(), interval: .seconds(30), clock: clock)
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await watch.run { report.yield($0) } }
                var iterator = reports.makeAsyncIterator()
                for _ in 0..<3 {
                    let found = await iterator.next()
                    #expect(found?[.ipv4] == .reachable)
                    await clock.waitForSleepers(1)
                    clock.advance(by: .seconds(30))
                }
                tasks.cancelAll()
            }
        }
    }
}

/// A clock that moves when a test says so.
final class SteppedClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [Int: (until: Instant, wake: AsyncStream<Void>.Continuation)] = [:]
        var next = 0
        var watchers: [(count: Int, tell: AsyncStream<Void>.Continuation)] = []
        var counters: [(begun: Int, tell: AsyncStream<Void>.Continuation)] = []

        mutating func tellWatchers() {
            for watcher in watchers where watcher.count == sleepers.count { watcher.tell.finish() }
            watchers.removeAll { $0.count == sleepers.count }
            for counter in counters where counter.begun <= next { counter.tell.finish() }
            counters.removeAll { $0.begun <= next }
        }
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {  // lint: a test moves this clock
        let (stream, wake) = AsyncStream<Void>.makeStream()
        let key = state.withLock { state -> Int in
            state.next += 1
            state.sleepers[state.next] = (deadline, wake)
            state.tellWatchers()
            return state.next
        }
        for await _ in stream {}
        state.withLock { state in
            state.sleepers[key] = nil
            state.tellWatchers()
        }
        try Task.checkCancellation()
    }

    func advance(by duration: Duration) {
        state.withLock { state in
            state.now = state.now.advanced(by: duration)
            for sleeper in state.sleepers.values where sleeper.until <= state.now { sleeper.wake.finish() }
        }
    }

    /// Waits until somebody went to sleep for the nth time since the clock was made.
    func waitForSleep(number: Int) async {
        let (stream, tell) = AsyncStream<Void>.makeStream()
        state.withLock { state in
            if state.next >= number { tell.finish() } else { state.counters.append((number, tell)) }
        }
        for await _ in stream {}
    }

    /// Waits until exactly so many sleep.
    func waitForSleepers(_ count: Int) async {
        let (stream, tell) = AsyncStream<Void>.makeStream()
        state.withLock { state in
            if state.sleepers.count == count { tell.finish() } else { state.watchers.append((count, tell)) }
        }
        for await _ in stream {}
    }
}
