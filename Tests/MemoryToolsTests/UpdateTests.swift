import Access
import BinaryTesting
import JSON
import MCPCore
import MCPStdio
import MemoryModel
import MemoryStoreSQLite
import MemoryStoreTesting
import MemoryTools
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite struct `Updates of resources` {
    /// A message more in the conversation of the zoo, and one in a conversation that is new.
    private static func more() -> TranscriptScript {
        var script = TranscriptScript("/t/more.jsonl")
        script.message("more-m1", "The owls hoot.", in: .start("zoo-1"), minute: 9)
        script.message("more-m2", "A new subject.", in: .start("new-3"), minute: 9)
        return script
    }

    @Test func `a listener of 2026-07-28 hears of its conversation, its window and a new conversation, and of no other`() async throws {
        try await MemoryFixture.withZoo { memory in
            let window = try #require(try await memory.store.message(id: "zoo-m1", textLimit: 0)).window.number
            let subscription = try listen(
                memory.server, ["memory://conversation/zoo-1", "memory://window/\(window)", "memory://conversation/barn-2"])
            let updates = ResourceUpdates(of: memory.store, to: memory.server, pause: .zero)
            var script = Self.more()
            _ = try await memory.store.capture(script.batch())
            // The control: what was told before this was all that was told.
            script.message("more-m3", "The last.", in: .start("barn-2"), minute: 9)
            let last = script.batch()
            let heard = try await running(updates) {
                try await hear(subscription, until: "memory://conversation/barn-2") { count in
                    if count == 3 { _ = try await memory.store.capture(last) }
                }
            }
            #expect(Set(heard.dropLast()) == ["memory://conversation/zoo-1", "memory://window/\(window)", "resources/list_changed"])
            #expect(heard.count == 4)
        }
    }

    @Test func `a legacy client that subscribed over stdio is notified`() async throws {
        try await MemoryFixture.withZoo { memory in
            let pipes = try Pipes()
            let server = StdioServer(server: memory.server, input: pipes.input.reading, output: pipes.output.writing)
            let updates = ResourceUpdates(of: memory.store, to: memory.server, pause: .zero)
            async let served: Void = server.run()
            try await running(updates) { try await converse(pipes, memory) }
            try await served
        }
    }

    private func converse(_ pipes: Pipes, _ memory: MemoryFixture) async throws {
        defer { pipes.endInput() }
        pipes.send(
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#
        )
        pipes.send(#"{"jsonrpc":"2.0","id":2,"method":"resources/subscribe","params":{"uri":"memory://conversation/zoo-1"}}"#)
        _ = try await pipes.message { $0["id"] == 2 }
        var script = Self.more()
        _ = try await memory.store.capture(script.batch())
        let updated = try await pipes.message { $0["method"] == "notifications/resources/updated" }
        #expect(updated["params"]?["uri"] == "memory://conversation/zoo-1")
        _ = try await pipes.message { $0["method"] == "notifications/resources/list_changed" }
        #expect(!pipes.received.contains { $0["params"]?["uri"] == "memory://conversation/new-3" }, "nobody subscribed to it")
    }

    @Test func `telling ends with its task, also between two times`() async throws {
        try await MemoryFixture.withZoo { memory in
            let subscription = try listen(memory.server, ["memory://conversation/zoo-1"])
            let updates = ResourceUpdates(of: memory.store, to: memory.server, pause: .seconds(3600))
            var script = Self.more()
            _ = try await memory.store.capture(script.batch())
            _ = try await within(.seconds(20), "the end") {
                try await running(updates) { try await hear(subscription, until: "memory://conversation/zoo-1") { _ in } }
            }
        }
    }

    private func listen(_ server: MCPServer, _ uris: [String]) throws -> Subscription {
        let request = JSONRPCRequest(
            id: 1, method: "subscriptions/listen",
            params: ["notifications": ["resourcesListChanged": true, "resourceSubscriptions": .array(uris.map(JSONValue.string))]])
        return try server.subscribe(request, in: RequestContext(request, revision: .newest, principal: .local))
    }

    private func running<Value: Sendable>(
        _ updates: ResourceUpdates, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await updates.run() }
            let value = try await within(.seconds(20), "the notifications", body)
            group.cancelAll()
            return value
        }
    }

    /// The URIs, and the names of other notifications, that a subscription brings until `last` comes.
    private func hear(
        _ subscription: Subscription, until last: String, _ then: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> [String] {
        let heard = Mutex<[String]>([])
        let failure = Mutex<(any Error)?>(nil)
        await subscription.forEach { notification in
            let name =
                notification.params["uri"]?.string ?? String(notification.method.dropFirst("notifications/".count))
            let count = heard.withLock { heard in
                heard.append(name)
                return heard.count
            }
            do { try await then(count) } catch { failure.withLock { $0 = error } }
            if name == last { subscription.end() }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return heard.withLock { $0 }
    }
}

/// Both directions of a stdio server, from the client's side.
private final class Pipes: Sendable {
    typealias Ends = (reading: CInt, writing: CInt)
    let input: Ends
    let output: Ends
    private let state = Mutex<(rest: [UInt8], messages: [JSONValue])>(([], []))

    init() throws {
        func ends() throws -> Ends {
            var ends: [CInt] = [0, 0]
            guard pipe(&ends) == 0 else { throw TestFailure("no pipe") }
            return (ends[0], ends[1])
        }
        input = try ends()
        output = try ends()
        _ = fcntl(output.reading, F_SETFL, O_NONBLOCK)
    }

    deinit {
        for descriptor in [input.reading, output.reading, output.writing] { close(descriptor) }
    }

    func send(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        let count = bytes.withUnsafeBytes { write(input.writing, $0.baseAddress, $0.count) }
        #expect(count == bytes.count)
    }

    func endInput() { close(input.writing) }

    var received: [JSONValue] { state.withLock { $0.messages } }

    /// The first message that fits, among those that came and those that will.
    func message(where fits: (JSONValue) -> Bool) async throws -> JSONValue {
        try await eventually(within: .seconds(20), "a message of the server") {
            try receive()
            return received.first(where: fits)
        }
    }

    private func receive() throws {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(output.reading, &chunk, chunk.count), count > 0 {
            try state.withLock { state in
                state.rest += chunk[..<count]
                while let end = state.rest.firstIndex(of: UInt8(ascii: "\n")) {
                    state.messages.append(try JSONReader().read(Array(state.rest[..<end])))
                    state.rest.removeFirst(end + 1)
                }
            }
        }
    }
}
