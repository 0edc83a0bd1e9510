import Access
import JSON
import MCPCore
import MCPTesting
import Synchronization
import Testing

@Suite struct Progress {
    @Test(arguments: [7, "seven"] as [JSONValue]) func `reports echo the token, grow strictly and come before the response`(token: JSONValue)
        async throws
    {
        let client = try InProcessClient(try FixtureServer.make(), revision: .v2025_03_26)
        let exchange = try await client.exchange("tools/call", ["name": "steps", "_meta": ["progressToken": token]])
        #expect(exchange.notifications.map { $0["params"]?["progress"] } == [0, 50, 100])
        #expect(exchange.notifications.allSatisfy { $0["params"]?["progressToken"] == token })
        #expect(exchange.notifications.allSatisfy { $0["method"] == "notifications/progress" && $0["id"] == nil })
        #expect(exchange.notifications.first?["params"]?["message"] == "step")
    }

    @Test func `without a token there are no reports`() async throws {
        let exchange = try await InProcessClient(try FixtureServer.make()).exchange("tools/call", ["name": "steps"])
        #expect(exchange.notifications.isEmpty)
    }

    @Test func `2024-11-05 knows no message in a report`() async throws {
        let client = try InProcessClient(try FixtureServer.make(), revision: .v2024_11_05)
        let exchange = try await client.exchange("tools/call", ["name": "steps", "_meta": ["progressToken": 1]])
        #expect(exchange.notifications.first?["params"]?.object?.keys == ["progressToken", "progress", "total"])
    }

    @Test func `the rate of reports is bounded, and time earns new ones`() {
        let clock = Mutex(ContinuousClock.now)
        let sent = Mutex(0)
        let reporter = ProgressReporter(
            token: 1, revision: .newest, channel: NotificationOutlet { _ in sent.withLock { $0 += 1 } },
            now: { clock.withLock { $0 } })
        for step in 0..<100 { reporter.report(Double(step)) }
        #expect(sent.withLock { $0 } == 16)
        clock.withLock { $0 = $0.advanced(by: .milliseconds(100)) }
        for step in 100..<200 { reporter.report(Double(step)) }
        #expect(sent.withLock { $0 } == 18)
    }

    @Test func `after the response there are no more reports`() async throws {
        let kept = Mutex<ProgressReporter?>(nil)
        let tool = Tool(name: "late", description: "Reports too late.") { _, context in
            kept.withLock { $0 = context.progress }
            return .text("")
        }
        let sent = Mutex(0)
        let server = try FixtureServer.make(more: [tool])
        let request = JSONRPCRequest(id: 1, method: "tools/call", params: ["name": "late", "_meta": ["progressToken": 1]])
        let context = RequestContext(
            request, revision: .v2025_11_25, principal: .local, channel: NotificationOutlet { _ in sent.withLock { $0 += 1 } })
        _ = await server.respond(to: request, in: context)
        kept.withLock { $0 }?.report(1)
        #expect(sent.withLock { $0 } == 0)
    }
}
