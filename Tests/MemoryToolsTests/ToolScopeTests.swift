import Access
import MCPCore
import MemoryRecall
import MemoryTools
import Testing

@Suite struct `Scopes of magenta's tools` {
    /// A token with the scope read passes the server's own check, so a tool that changes something must ask for more itself.
    @Test func `a tool that does more than read asks for write or admin`() async throws {
        try await MemoryFixture.withZoo { memory in
            for tool in MemoryTools.all(Recall(store: memory.store)) {
                #expect(tool.annotations?.isReadOnly == true || !tool.scopes.isDisjoint(with: [.write, .admin]), "\(tool.name)")
            }
        }
    }
}
