import Access
import MCPCore
import MemoryRecall
import MemoryStore
import MemoryTools

/// The MCP server of magenta, the same over every transport.
enum MemoryServer {
    static let name = "magenta-memory"

    /// - Parameter notice: one line about the memory for a session that begins.
    static func make(
        _ store: any MemoryStore, notice: @escaping @Sendable () async -> String?, onCall: @escaping MCPServer.CallReport = { _, _ in }
    ) async throws -> MCPServer {
        guard let key = ServerKey(try await store.serverKey()) else {
            throw UsageError("the key beside the store is not 32 bytes long; move it away, and the server makes another")
        }
        let recall = Recall(store: store, notice: notice)
        let server = try MCPServer(
            info: Implementation(name: name, version: Magenta.version, title: "magenta memory"), instructions: MemoryTools.instructions,
            tools: MemoryTools.all(recall), templates: MemoryResources.templates(recall), prompts: MemoryPrompts.all(recall), scopes: [.read],
            key: key, onCall: onCall)
        server.resources.add(source: MemoryResources.list(recall))
        return server
    }
}
