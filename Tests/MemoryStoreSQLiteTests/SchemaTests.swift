import GRDB
import MemoryModel
import MemoryStore
import MemoryStoreTesting
import Testing

@testable import MemoryStoreSQLite

@Suite struct `The schema` {
    private func filled(_ directory: String) async throws -> SQLiteStore {
        let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
        var script = TranscriptScript("/t/a.jsonl")
        for number in 0..<300 {
            script.message("m\(number)", "lantern \(number)", in: .start("c"), minute: Int64(number), isOwnEcho: number % 3 == 0)
        }
        _ = try await store.capture(script.batch())
        return store
    }

    @Test func `the index can be rebuilt from what it indexes`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory)
            let before = try await store.search(SearchQuery(terms: .words(["lantern"]), limit: 1000))
            #expect(before.count == 200)
            try await store.pool.write { connection in
                try connection.execute(sql: "INSERT INTO block_index(block_index, rank) VALUES ('integrity-check', 1)")
                try connection.execute(sql: "INSERT INTO block_index(block_index) VALUES ('rebuild')")
            }
            #expect(try await store.search(SearchQuery(terms: .words(["lantern"]), limit: 1000)) == before)
        }
    }

    @Test func `a block can be taken out of the index`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory)
            try await store.pool.write { connection in
                try connection.execute(
                    sql: """
                        INSERT INTO block_index(block_index, rowid, text) SELECT 'delete', id, text FROM indexed_blocks
                        WHERE id >> 12 = (SELECT message FROM nodes WHERE uuid = 'm1');
                        DELETE FROM blocks WHERE id >> 12 = (SELECT message FROM nodes WHERE uuid = 'm1');
                        INSERT INTO block_index(block_index, rank) VALUES ('integrity-check', 1);
                        """)
            }
            #expect(try await store.search(SearchQuery(terms: .words(["lantern"]), limit: 1000)).count == 199)
        }
    }

    @Test(arguments: [
        MessageFilter(), filter { $0.project = "atlas" }, filter { $0.kinds = [.prompt] }, filter { $0.participant = "human" },
        filter { $0.since = minuteOfDay(3) },
        filter {
            $0.project = "atlas"
            $0.kinds = [.prompt]
            $0.until = minuteOfDay(9)
        },
    ])
    func `messages in the order of time come from an index, without a sort of the table`(filter: MessageFilter) async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory)
            for order in [MessageQuery.Order.newestFirst, .oldestFirst] {
                let plan = try await store.pool.read { connection in
                    let place = MessagePlace(time: minuteOfDay(5), row: 7)
                    let (sql, values) = try FilterRows(filter, connection).timeOrdered(order, after: place, limit: 10)
                    return try SQLStatement(connection, "EXPLAIN QUERY PLAN " + sql).all(values) { $0.text(3) }
                }
                let scans = plan.filter { $0.contains("messages") }
                #expect(!scans.isEmpty && scans.allSatisfy { $0.contains("USING") && $0.contains("INDEX") }, "\(plan)")
                let isMerge = plan.contains { $0.contains("UNION ALL") || $0.contains("MERGE") }
                #expect(isMerge || !plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
            }
        }
    }

    @Test func `the newest conversations come from an index, as many as are asked for`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory)
            let plan = try await store.pool.read { connection in
                try SQLStatement(connection, "EXPLAIN QUERY PLAN SELECT id \(ConversationRows.newestFirst)").all(.integer(5)) { $0.text(3) }
            }
            #expect(plan.count == 1 && plan[0].contains("INDEX conversations_by_time"), "\(plan)")
        }
    }

    private static func filter(_ change: (inout MessageFilter) -> Void) -> MessageFilter {
        var filter = MessageFilter()
        change(&filter)
        return filter
    }

    @Test func `foreign keys hold and the file is sound`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory)
            let integrity = try await store.pool.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
            #expect(integrity == ["ok"])
            let violations = try await store.pool.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count }
            #expect(violations == 0)
        }
    }
}
