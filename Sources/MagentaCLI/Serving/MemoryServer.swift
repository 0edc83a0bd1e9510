import MCPCore
import MemoryRecall
import MemoryStore
import MemoryTools

/// The MCP server of magenta, the same over every transport.
enum MemoryServer {
    static let name = "magenta-memory"

    static func make(_ store: any MemoryStore) throws -> MCPServer {
        try MCPServer(
            info: Implementation(name: name, version: Magenta.version, title: "magenta memory"),
            instructions: MemoryTools.instructions, tools: MemoryTools.all(Recall(store: store)))
    }
}
