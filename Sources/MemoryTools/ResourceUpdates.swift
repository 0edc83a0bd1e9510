package import MCPCore
import MemoryModel
package import MemoryStore

/// Tells clients what capture added to: whoever subscribed to a conversation or one of its windows, and whoever listens to the list of
/// resources of each new conversation.
package struct ResourceUpdates: Sendable {
    private let changes: AsyncStream<StoreChange>
    private let server: MCPServer
    private let pause: Duration
    private let clock: any Clock<Duration>

    /// Hears of what is captured from now on, also before it runs.
    ///
    /// - Parameter pause: a client is told of the same thing once in this time. An import stores thousands of conversations, and each
    ///   telling may make a client read a list again.
    package init(
        of store: any MemoryStore, to server: MCPServer, pause: Duration = .seconds(1), clock: any Clock<Duration> = ContinuousClock()
    ) {
        changes = store.changes()
        self.server = server
        self.pause = pause
        self.clock = clock
    }

    /// Ends when its task is cancelled.
    package func run() async {
        for await change in changes {
            for id in change.conversations { server.resources.changed(MemoryAddress.conversation(id).uri) }
            for window in change.windows { server.resources.changed(MemoryAddress.window(window.number).uri) }
            if change.hasNewConversation { server.changes.announce(.resources) }
            do { try await clock.sleep(for: pause) } catch { return }
        }
    }
}
