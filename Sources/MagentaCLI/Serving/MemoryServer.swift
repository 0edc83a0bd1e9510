import Access
import MCPCore
import MemoryRecall
import MemoryStore
import MemoryTools

/// The MCP server of magenta, the same over every transport.
enum MemoryServer {
    static let name = "magenta-memory"

    static func make(_ store: any MemoryStore) async throws -> MCPServer {
        guard let key = ServerKey(try await store.serverKey()) else {
            throw UsageError("the key beside the store is not 32 bytes long; move it away, and the server makes another")
        }
        return try MCPServer(
            info: Implementation(name: name, version: Magenta.version, title: "magenta memory"),
            instructions: MemoryTools.instructions, tools: MemoryTools.all(Recall(store: store)), key: key)
    }
}
