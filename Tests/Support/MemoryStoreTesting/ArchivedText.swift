import JSON
import MemoryStore
import Synchronization

/// Everything that an archive of a store says, raw records opened: where a text must not be found.
struct ArchivedText {
    let rows: [ArchiveRow]

    init(of store: any MemoryStore) async throws {
        let rows = Mutex<[ArchiveRow]>([])
        try await store.readArchive(nil) { row throws(StoreError) in rows.withLock { $0.append(row) } }
        self.rows = rows.withLock { $0 }
    }

    var text: String { rows.map { "\($0)" }.joined(separator: "\n") }
}
