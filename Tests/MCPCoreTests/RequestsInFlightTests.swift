import MCPCore
import Testing

@Suite struct `Requests in flight` {
    /// A handler that says when it began and ends when it is cancelled or released.
    struct Gate: Sendable {
        let begun = AsyncStream.makeStream(of: Void.self)
        let release = AsyncStream.makeStream(of: Void.self)

        func work() async -> String {
            begun.continuation.yield()
            for await _ in release.stream { return "done" }
            return Task.isCancelled ? "cancelled" : "ended"
        }

        func hasBegun() async {
            for await _ in begun.stream { return }
        }
    }

    @Test func `a request that is cancelled by its key gets no answer, and its handler is cancelled`() async throws {
        let requests = RequestsInFlight<Int>(limit: 4)
        let gate = Gate()
        let ended = AsyncStream.makeStream(of: String.self)
        async let answer = requests.run(1) {
            let end = await gate.work()
            ended.continuation.yield(end)
            return end
        }
        await gate.hasBegun()
        requests.cancel(2)
        #expect(requests.count == 1)
        requests.cancel(1)
        #expect(try await answer == nil)
        var ends = ended.stream.makeAsyncIterator()
        #expect(await ends.next() == "cancelled")
        #expect(requests.count == 0)
    }

    @Test func `a request that is not cancelled gets its answer`() async throws {
        let requests = RequestsInFlight<Int>(limit: 4)
        #expect(try await requests.run(1) { "answer" } == "answer")
        #expect(try await requests.run { "answer" } == "answer")
        #expect(requests.count == 0)
    }

    @Test func `a key that is in use is refused, and free again afterwards`() async throws {
        let requests = RequestsInFlight<Int>(limit: 4)
        let gate = Gate()
        async let first = requests.run(1) { await gate.work() }
        await gate.hasBegun()
        await #expect(throws: RequestsInFlight<Int>.Refusal.duplicate) { try await requests.run(1) { "second" } }
        gate.release.continuation.yield()
        #expect(try await first == "done")
        #expect(try await requests.run(1) { "third" } == "third")
    }

    @Test func `more requests than the limit are refused`() async throws {
        let requests = RequestsInFlight<Int>(limit: 1)
        let gate = Gate()
        async let first = requests.run(1) { await gate.work() }
        await gate.hasBegun()
        await #expect(throws: RequestsInFlight<Int>.Refusal.full(limit: 1)) { try await requests.run(2) { "second" } }
        await #expect(throws: RequestsInFlight<Int>.Refusal.full(limit: 1)) { try await requests.run { "second" } }
        gate.release.continuation.yield()
        #expect(try await first == "done")
    }
}
