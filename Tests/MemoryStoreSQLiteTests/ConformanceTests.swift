import MemoryStoreTesting
import Testing

@testable import MemoryStoreSQLite

@Suite struct `SQLite store conformance` {
    @Test(arguments: StoreRule.all)
    func `the store keeps every rule of a memory store`(rule: StoreRule) async throws {
        try await withTemporaryDirectory { directory in
            try await rule.check { try await SQLiteStore.open(path: directory + "/memory.sqlite") }
        }
    }
}
