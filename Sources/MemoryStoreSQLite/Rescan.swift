import Crypto
import GRDB
import JSON
import MemoryModel
package import MemoryStore
package import Redaction

extension SQLiteStore {
    package func rescan(
        _ redactor: Redactor, fingerprint: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(StoreError) -> RescanCounts {
        let operation = "redact what is stored again"
        let lock = try await erasureLock(operation)
        defer { lock.release() }
        let now = Self.now
        var counts = RescanCounts()
        counts.isContinued = try await write(operation) { try RescanRows.begin($0, fingerprint: fingerprint) }
        while true {
            let before = counts
            let (after, isDone) = try await write(operation) { connection in
                var rows = RescanRows(connection: connection, redactor: redactor, operation: operation, counts: before)
                let isDone = try rows.step()
                if rows.counts.hasChanges {
                    try SQLStatement(connection, "INSERT OR IGNORE INTO erasure(id, begun) VALUES (1, ?)").run(.integer(now.milliseconds))
                }
                return (rows.counts, isDone)
            }
            counts = after
            if isDone { return counts }
            progress("\(counts.messages) messages, \(counts.records) records")
        }
    }
}

/// One step of a rescan: some rows, and how far it came, in one transaction.
struct RescanRows {
    private enum Step: Int64 {
        case names, messages, records
    }

    private static let messages = 200
    private static let chunks = 8

    let connection: Database
    let redactor: Redactor
    let operation: String
    var counts: RescanCounts

    /// - Returns: whether it goes on where one with the same rules was cut short.
    static func begin(_ connection: Database, fingerprint: String) throws -> Bool {
        let known = try SQLStatement(connection, "SELECT fingerprint FROM rescans").first { $0.text(0) }
        if known == fingerprint { return true }
        try SQLStatement(connection, "INSERT OR REPLACE INTO rescans(id, fingerprint, step, place) VALUES (1, ?, 0, 0)").run(.text(fingerprint))
        return false
    }

    /// - Returns: whether everything was looked at.
    mutating func step() throws -> Bool {
        let state = try SQLStatement(connection, "SELECT step, place FROM rescans").first { (step: $0.integer(0), place: $0.integer(1)) }
        guard let state, let step = Step(rawValue: state.step) else { return try end() }
        let place: Int64?
        switch step {
        case .names:
            try names()
            place = nil
        case .messages: place = try messages(behind: state.place)
        case .records: place = try chunks(behind: state.place)
        }
        if place == nil && step == .records { return try end() }
        try SQLStatement(connection, "UPDATE rescans SET step = ?, place = ?")
            .run(.integer(place == nil ? step.rawValue + 1 : step.rawValue), .integer(place ?? 0))
        return false
    }

    private func end() throws -> Bool {
        try SQLStatement(connection, "DELETE FROM rescans").run()
        return true
    }

    // MARK: Names

    private mutating func names() throws {
        try column("text", of: "titles")
        try column("path", of: "projects")
        try column("name", of: "projects")
        try column("identity", of: "repositories")
        try column("name", of: "repositories")
        try column("name", of: "participants")
        let participants = try SQLStatement(connection, "SELECT id, name, lookup FROM participants WHERE name IS NOT NULL").all {
            (id: $0.integer(0), name: $0.text(1), lookup: $0.optionalText(2))
        }
        for row in participants where row.lookup != row.name.lowercased() {
            try SQLStatement(connection, "UPDATE participants SET lookup = ? WHERE id = ?").run(.text(row.name.lowercased()), .integer(row.id))
        }
        try column("user", of: "origins")
        try column("machine", of: "origins")
        try column("name", of: "eras")
        try column("path", of: "sources")
        let states = try SQLStatement(connection, "SELECT id, reader_state FROM sources").all { (id: $0.integer(0), bytes: $0.bytes(1)) }
        for state in states {
            guard let value = try? JSONReader(maximumDepth: Redactor.maximumDepth, refusesDuplicateKeys: false).read(state.bytes),
                let redacted = try? redactor.redact(value, counting: &counts.replaced), redacted.value != value
            else { continue }
            counts.changedNames += 1
            try SQLStatement(connection, "UPDATE sources SET reader_state = ? WHERE id = ?").run(.text(redacted.text.value), .integer(state.id))
        }
    }

    /// A name that would become one that is there already stays apart from it by a number.
    private mutating func column(_ column: String, of table: String) throws {
        let rows = try SQLStatement(connection, "SELECT id, \(column) FROM \(table) WHERE \(column) IS NOT NULL").all {
            (id: $0.integer(0), text: $0.text(1))
        }
        let update = try SQLStatement(connection, "UPDATE OR IGNORE \(table) SET \(column) = ? WHERE id = ?")
        for row in rows {
            let redacted = redactor.redact(row.text, counting: &counts.replaced).value
            guard redacted != row.text else { continue }
            counts.changedNames += 1
            try update.run(.text(redacted), .integer(row.id))
            if connection.changesCount == 0 { try update.run(.text("\(redacted) (\(row.id))"), .integer(row.id)) }
        }
    }

    // MARK: Messages

    private mutating func messages(behind place: Int64) throws -> Int64? {
        let rows = try SQLStatement(connection, "SELECT id, branch, model FROM messages WHERE id > ? ORDER BY id LIMIT \(Self.messages)")
            .all(.integer(place)) { (id: $0.integer(0), branch: $0.optionalText(1), model: $0.optionalText(2)) }
        for row in rows {
            counts.messages += 1
            let branch = row.branch.map { redactor.redact($0, counting: &counts.replaced).value }
            let model = row.model.map { redactor.redact($0, counting: &counts.replaced).value }
            var isChanged = branch != row.branch || model != row.model
            if isChanged {
                try SQLStatement(connection, "UPDATE messages SET branch = ?, model = ? WHERE id = ?")
                    .run(.text(branch), .text(model), .integer(row.id))
            }
            if try blocks(of: row.id) { isChanged = true }
            if isChanged { counts.changedMessages += 1 }
        }
        return rows.last?.id
    }

    /// The texts of a message are looked at together: a secret may be split over them.
    private mutating func blocks(of message: Int64) throws -> Bool {
        let range: [SQLValue] = [.integer(BlockID.first(of: message)), .integer(BlockID.last(of: message))]
        let blocks = try SQLStatement(connection, "SELECT id, text, name FROM blocks WHERE id BETWEEN ? AND ? ORDER BY id").all(range) {
            (id: $0.integer(0), text: $0.text(1), name: $0.optionalText(2))
        }
        guard !blocks.isEmpty else { return false }
        let texts = JSONValue.array(blocks.map { .string($0.text) })
        let redacted = try redactor.redact(texts, counting: &counts.replaced).value.array ?? []
        let names = blocks.map { $0.name.map { redactor.redact($0, counting: &counts.replaced).value } }
        guard redacted.map(\.string) != blocks.map(\.text) || names != blocks.map(\.name) else { return false }
        try SQLStatement(
            connection, "INSERT INTO block_index(block_index, rowid, text) SELECT 'delete', id, text FROM indexed_blocks WHERE id BETWEEN ? AND ?"
        ).each(range) { _ in true }
        let update = try SQLStatement(connection, "UPDATE blocks SET text = ?, name = ? WHERE id = ?")
        for ((block, text), name) in zip(zip(blocks, redacted), names) {
            try update.run(.utf8(text.string ?? ""), .text(name), .integer(block.id))
        }
        try SQLStatement(connection, "INSERT INTO block_index(rowid, text) SELECT id, text FROM indexed_blocks WHERE id BETWEEN ? AND ?")
            .each(range) { _ in true }
        return true
    }

    // MARK: Raw records

    private mutating func chunks(behind place: Int64) throws -> Int64? {
        let ids = try SQLStatement(connection, "SELECT id FROM raw_chunks WHERE id > ? ORDER BY id LIMIT \(Self.chunks)")
            .all(.integer(place)) { $0.integer(0) }
        for id in ids { try chunk(id) }
        return ids.last
    }

    private mutating func chunk(_ id: Int64) throws {
        let reader = RawRecordReader(connection: connection, operation: operation)
        var lines: [[UInt8]] = []
        var place: (source: Int64, first: Int64, last: Int64) = (0, 0, 0)
        try SQLStatement(connection, "SELECT source, first_offset, last_offset, length, frame FROM raw_chunks WHERE id = ?").each([.integer(id)]) {
            row in
            place = (row.integer(0), row.integer(1), row.integer(2))
            let bytes = try row.withBytes(4) { try decompressed($0, length: Int(row.integer(3))) }
            lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
            return false
        }
        var changed: [Int: [UInt8]] = [:]
        var raw = try RawChunkWriter(connection, source: place.source)
        for (number, line) in lines.enumerated() where !line.isEmpty {
            counts.records += 1
            let value = try reader.record(line).value
            let redacted = try redactor.redact(value, counting: &counts.replaced).value
            guard redacted != value else { continue }
            counts.changedRecords += 1
            for hash in BlobReference.all(in: line[...]) {
                try SQLStatement(connection, "INSERT OR IGNORE INTO erasing_blobs(hash) VALUES (?)").run(.bytes(hash))
            }
            changed[number] = try raw.encode(redacted)
        }
        guard !changed.isEmpty else { return }
        for (number, line) in changed { lines[number] = line }
        let bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        try SQLStatement(connection, "UPDATE raw_chunks SET length = ?, frame = ? WHERE id = ?")
            .run(.integer(bytes.count), .bytes(try Compressor().compress(bytes)), .integer(id))
        // A line without an id is known again by the hash of its record.
        let records = try SQLStatement(
            connection,
            "SELECT offset, place FROM records WHERE source = ? AND offset BETWEEN ? AND ? AND place IS NOT NULL AND hash IS NOT NULL"
        ).all(.integer(place.source), .integer(place.first), .integer(place.last)) { (offset: $0.integer(0), line: Int($0.integer(1))) }
        let update = try SQLStatement(connection, "UPDATE records SET hash = ? WHERE source = ? AND offset = ?")
        for record in records {
            guard let line = changed[record.line] else { continue }
            try update.run(.bytes(Array(SHA256.hash(data: line))), .integer(place.source), .integer(record.offset))
        }
    }
}
