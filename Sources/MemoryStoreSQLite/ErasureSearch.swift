import GRDB
import JSON
import MemoryModel
import MemoryStore
import Redaction

/// What goes with a selection.
struct ErasureTargets: Sendable {
    struct Place: Sendable, Hashable {
        var source: Int64
        var offset: Int64
    }

    var messages: Set<Int64> = []
    /// Lines that are no message of ``messages``.
    var records: Set<Place> = []
    var titles: Set<Int64> = []
    /// Hashes of the long texts that hold the text that is looked for. They go when no record names them any more.
    var texts: Set<[UInt8]> = []
    /// How many of ``texts`` no record names already.
    var orphans = 0
}

/// Finds everything that goes with a selection of messages, in one state of the store.
///
/// - A message goes as a whole, wherever it stands. An echo that quotes it by its id goes with it: it is a copy.
/// - A line that is no message goes where it follows on a message that goes, up to the next message; where it names that message; or where
///   one of its strings begins as the message's text does (a last prompt, a queued one).
/// - A title goes that names such a message, or begins as it does.
/// - With a text, whatever holds it goes, and nothing that only stands beside it. Where other conditions narrow it, lines and titles go that
///   hold it in the sources and conversations of the messages that these leave.
final class ErasureSearch {
    private let connection: Database
    private let selection: ErasureSelection
    private let operation: String
    private var targets = ErasureTargets()
    private var ids: Set<String> = []
    private var heads = TextHeads()

    init(_ connection: Database, _ selection: ErasureSelection, operation: String) {
        self.connection = connection
        self.selection = selection
        self.operation = operation
    }

    func run() throws -> ErasureTargets {
        guard !selection.isEmpty, selection.text?.isEmpty != true else {
            throw StoreError(
                .invalid, operation: operation, cause: "it does not say what; name messages, a conversation, a project, a time or a text")
        }
        if let text = selection.text { try findText(ErasureText(text)) } else { try findMessages() }
        return targets
    }

    // MARK: By what a message is

    private func findMessages() throws {
        targets.messages = try matching()
        if !selection.ids.isEmpty { try narrowToIDs() }
        try learn()
        try findEchoes()
        try findLinesBeside()
        try findTitles { text, leaf, _ in leaf.map(ids.contains) ?? false || heads.contains(text.utf8) }
    }

    /// The messages that the filter and the exceptions leave; with ids alone, all are asked for one by one.
    private func matching() throws -> Set<Int64> {
        guard selection.filter != MessageFilter() || !selection.exceptProjects.isEmpty else { return [] }
        let filter = try FilterRows(selection.filter, connection, takesEchoes: true)
        guard !filter.matchesNothing else {
            if selection.exceptProjects.isEmpty {
                throw StoreError(.invalid, operation: operation, cause: "the store knows no such conversation, project, user or machine")
            }
            return []
        }
        var result = Set(try SQLStatement(connection, "SELECT id FROM messages WHERE \(filter.sql)").all(filter.arguments) { $0.integer(0) })
        for project in selection.exceptProjects {
            var kept = MessageFilter()
            kept.project = project
            let filter = try FilterRows(kept, connection, takesEchoes: true)
            guard !filter.matchesNothing else { continue }
            try SQLStatement(connection, "SELECT id FROM messages WHERE \(filter.sql)").each(filter.arguments) { row in
                result.remove(row.integer(0))
                return true
            }
        }
        return result
    }

    private func narrowToIDs() throws {
        let isFiltered = selection.filter != MessageFilter()
        var chosen: Set<Int64> = []
        for id in selection.ids {
            var node: (message: Int64?, place: ErasureTargets.Place)?
            try SQLStatement(connection, "SELECT message, source, offset FROM nodes WHERE uuid = ?").each([.text(id)]) { row in
                node = (row.optionalInteger(0), .init(source: row.integer(1), offset: row.integer(2)))
                return false
            }
            if let message = node?.message {
                if !isFiltered || targets.messages.contains(message) { chosen.insert(message) }
            } else if let place = node?.place, try hasRaw(place) {
                if !isFiltered { targets.records.insert(place) }
            } else {
                throw StoreError(.invalid, operation: operation, cause: "no message \(id.prefix(200)) is stored; `magenta search` shows the ids")
            }
        }
        targets.messages = chosen
    }

    private func hasRaw(_ place: ErasureTargets.Place) throws -> Bool {
        try SQLStatement(connection, "SELECT 1 FROM records WHERE source = ? AND offset = ? AND place IS NOT NULL")
            .first(.integer(place.source), .integer(place.offset)) { _ in true } ?? false
    }

    /// What the messages are called, and how their texts begin.
    private func learn() throws {
        let uuid = try SQLStatement(connection, "SELECT uuid FROM messages WHERE id = ?")
        let texts = try SQLStatement(connection, "SELECT substr(text, 1, 256) FROM blocks WHERE id BETWEEN ? AND ?")
        for message in targets.messages {
            if let id = try uuid.first(.integer(message), read: { $0.text(0) }) { ids.insert(id) }
            try texts.each([.integer(BlockID.first(of: message)), .integer(BlockID.last(of: message))]) { row in
                heads.insert(row.bytes(0))
                return true
            }
        }
    }

    /// Answers of magenta itself name each message that they quote by its id.
    private func findEchoes() throws {
        guard !ids.isEmpty else { return }
        let isPart = { (byte: UInt8) in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: byte >= 0x80
            }
        }
        try SQLStatement(
            connection,
            """
            SELECT messages.id, text FROM messages JOIN blocks ON blocks.id BETWEEN messages.id << 12 AND (messages.id << 12 | 4095)
            WHERE is_own_echo = 1
            """
        ).each([]) { row in
            guard !targets.messages.contains(row.integer(0)) else { return true }
            let names = row.withBytes(1) { bytes in
                bytes.split { !isPart($0) }.contains { (8...128).contains($0.count) && ids.contains(String(decoding: $0, as: UTF8.self)) }
            }
            if names { targets.messages.insert(row.integer(0)) }
            return true
        }
    }

    /// Walks the sources in which the messages stand, and the lines elsewhere that speak of other files' messages.
    private func findLinesBeside() throws {
        guard !targets.messages.isEmpty else { return }
        var places: [Int64: [Int64: Int64]] = [:]
        var sources: Set<Int64> = []
        // No index leads from a message to its sources; one pass over all costs less than an index on each.
        try SQLStatement(connection, "SELECT message, source, offset FROM occurrences").each([]) { row in
            if targets.messages.contains(row.integer(0)) { sources.insert(row.integer(1)) }
            return true
        }
        try SQLStatement(connection, "SELECT message, source, offset FROM occurrences").each([]) { row in
            if sources.contains(row.integer(1)) { places[row.integer(1), default: [:]][row.integer(2)] = row.integer(0) }
            return true
        }
        let raw = try RawRecordSequence(connection, operation: operation)
        for source in sources.sorted() { try findLines(in: source, places[source] ?? [:], raw) }
        try SQLStatement(
            connection,
            """
            SELECT source, offset, place FROM records WHERE place IS NOT NULL AND (reason LIKE '%summary%' OR reason LIKE '%title%'
                OR reason LIKE '%prompt%' OR reason LIKE '%queue%') ORDER BY source, offset
            """
        ).each([]) { row in
            guard !sources.contains(row.integer(0)) else { return true }
            let place = ErasureTargets.Place(source: row.integer(0), offset: row.integer(1))
            if try speaks(try raw.record(source: place.source, offset: place.offset, place: row.integer(2)).value) { targets.records.insert(place) }
            return true
        }
    }

    private func findLines(in source: Int64, _ messages: [Int64: Int64], _ raw: RawRecordSequence) throws {
        var isGoing: Bool?
        var head: [ErasureTargets.Place] = []
        try SQLStatement(connection, "SELECT offset, place FROM records WHERE source = ? ORDER BY offset").each([.integer(source)]) { row in
            let place = ErasureTargets.Place(source: source, offset: row.integer(0))
            if let message = messages[place.offset] {
                let goes = targets.messages.contains(message)
                // What stands before the first message belongs to it.
                if isGoing == nil && goes { targets.records.formUnion(head) }
                head = []
                isGoing = goes
            } else if let line = row.optionalInteger(1) {
                if isGoing == true {
                    targets.records.insert(place)
                } else if try speaks(try raw.record(source: source, offset: place.offset, place: line).value) {
                    targets.records.insert(place)
                } else if isGoing == nil {
                    head.append(place)
                }
            }
            return true
        }
    }

    /// Whether a line names one of the messages, other than as what it hangs from, or repeats how one begins.
    private func speaks(_ value: JSONValue, key: String = "", depth: Int = 0) throws -> Bool {
        switch value {
        case .string(let text):
            if heads.contains(text.utf8) { return true }
            return !key.lowercased().contains("parent") && text.utf8.count <= 128 && ids.contains(text)
        case .array(let elements): return try elements.contains { try speaks($0, key: key, depth: depth + 1) }
        case .object(let object): return try object.members.contains { try speaks($0.value, key: $0.key, depth: depth + 1) }
        default: return false
        }
    }

    private func findTitles(_ goes: (_ text: String, _ leaf: String?, _ conversation: Int64?) -> Bool) throws {
        try SQLStatement(connection, "SELECT id, text, leaf, conversation FROM titles").each([]) { row in
            if goes(row.text(1), row.optionalText(2), row.optionalInteger(3)) { targets.titles.insert(row.integer(0)) }
            return true
        }
    }

    // MARK: By a text

    private func findText(_ text: ErasureText) throws {
        let plain = text.plain
        let condition = plain.map { _ in "instr(text, ?)" }.joined(separator: " OR ")
        var found = Set(
            try SQLStatement(connection, "SELECT DISTINCT id >> 12 FROM blocks WHERE \(condition)").all(plain.map { .bytes($0) }) { $0.integer(0) })
        let (messages, records) = try findRecords(text)
        found.formUnion(messages)
        let holds = { (title: String) in plain.contains { Array(title.utf8).holds($0) } }
        let isNarrowed = selection.filter != MessageFilter() || !selection.ids.isEmpty
        guard isNarrowed else {
            targets.messages = found
            targets.records = records
            return try findTitles { title, _, _ in holds(title) }
        }
        targets.messages = try matching()
        if !selection.ids.isEmpty { try narrowToIDs() }
        let named = targets.records
        let (sources, conversations) = try surroundings(of: targets.messages)
        targets.messages.formIntersection(found)
        targets.records = records.filter { named.contains($0) || sources.contains($0.source) }
        // A long text that no record names belongs to no project and no time.
        targets.orphans = 0
        try findTitles { title, _, conversation in conversation.map(conversations.contains) ?? false && holds(title) }
    }

    /// Where messages stand.
    private func surroundings(of messages: Set<Int64>) throws -> (sources: Set<Int64>, conversations: Set<Int64>) {
        var sources: Set<Int64> = []
        var windows: Set<Int64> = []
        var conversations: Set<Int64> = []
        guard !messages.isEmpty else { return (sources, conversations) }
        try SQLStatement(connection, "SELECT message, source, window FROM occurrences").each([]) { row in
            guard messages.contains(row.integer(0)) else { return true }
            sources.insert(row.integer(1))
            windows.insert(row.integer(2))
            return true
        }
        try SQLStatement(connection, "SELECT id, conversation FROM windows").each([]) { row in
            if windows.contains(row.integer(0)) { conversations.insert(row.integer(1)) }
            return true
        }
        return (sources, conversations)
    }

    /// Opens every record and every long text.
    private func findRecords(_ text: ErasureText) throws -> (messages: Set<Int64>, records: Set<ErasureTargets.Place>) {
        let plain = text.plain
        let escaped = text.escaped
        var blobs: [[UInt8]] = []
        try SQLStatement(connection, "SELECT hash, length, frame FROM blobs").each([]) { row in
            let bytes = try row.withBytes(2) { try decompressed($0, length: Int(row.integer(1))) }
            guard plain.contains(where: { bytes.holds($0) }) else { return true }
            let hash = row.bytes(0)
            targets.texts.insert(hash)
            blobs.append(Array(BlobReference.text(of: hash).utf8))
            return true
        }
        var orphans = targets.texts
        var places: Set<ErasureTargets.Place> = []
        let lines = try SQLStatement(
            connection, "SELECT offset, place FROM records WHERE source = ? AND offset BETWEEN ? AND ? AND place IS NOT NULL")
        try SQLStatement(connection, "SELECT source, first_offset, last_offset, length, frame FROM raw_chunks").each([]) { row in
            let bytes = try row.withBytes(4) { try decompressed($0, length: Int(row.integer(3))) }
            let holds = { (bytes: ArraySlice<UInt8>) in
                escaped.contains { bytes.holds($0) } || blobs.contains { bytes.holds($0) }
            }
            if !orphans.isEmpty { orphans.subtract(BlobReference.all(in: bytes[...])) }
            guard holds(bytes[...]) else { return true }
            let parts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let source = row.integer(0)
            try lines.each([.integer(source), .integer(row.integer(1)), .integer(row.integer(2))]) { line in
                let number = Int(line.integer(1))
                if parts.indices.contains(number), holds(parts[number]) { places.insert(.init(source: source, offset: line.integer(0))) }
                return true
            }
            return true
        }
        targets.orphans = orphans.count
        guard !places.isEmpty else { return ([], []) }
        var messages: Set<Int64> = []
        try SQLStatement(connection, "SELECT source, offset, message FROM nodes WHERE message IS NOT NULL").each([]) { row in
            let place = ErasureTargets.Place(source: row.integer(0), offset: row.integer(1))
            guard places.contains(place) else { return true }
            messages.insert(row.integer(2))
            places.remove(place)
            return true
        }
        return (messages, places)
    }
}

extension ErasureTargets {
    func preview(_ connection: Database) throws -> ErasurePreview {
        var preview = ErasurePreview()
        preview.messages = messages.count
        preview.records = messages.count + records.count + orphans
        preview.titles = titles.count
        var conversations: Set<Int64> = []
        let select = try SQLStatement(
            connection,
            """
            SELECT windows.conversation, messages.uuid, messages.time, (SELECT substr(text, 1, 160) FROM blocks WHERE id = messages.id << 12)
            FROM messages JOIN windows ON windows.id = messages.window WHERE messages.id = ?
            """)
        for message in messages.sorted() {
            try select.each([.integer(message)]) { row in
                conversations.insert(row.integer(0))
                if preview.samples.count < ErasurePreview.maximumSamples {
                    preview.samples.append(
                        .init(id: row.text(1), time: Timestamp(milliseconds: row.integer(2)), text: row.optionalText(3) ?? ""))
                }
                return false
            }
        }
        preview.conversations = conversations.count
        return preview
    }

    /// Keeps them for the erasure, and takes the messages out of the chain.
    func mark(_ connection: Database, at instant: Timestamp) throws {
        try SQLStatement(connection, "INSERT OR IGNORE INTO erasure(id, begun) VALUES (1, ?)").run(.integer(instant.milliseconds))
        let message = try SQLStatement(connection, "INSERT OR IGNORE INTO erasing_messages(message) VALUES (?)")
        for id in messages { try message.run(.integer(id)) }
        let record = try SQLStatement(connection, "INSERT OR IGNORE INTO erasing_records(source, offset) VALUES (?, ?)")
        for place in records { try record.run(.integer(place.source), .integer(place.offset)) }
        let title = try SQLStatement(connection, "INSERT OR IGNORE INTO erasing_titles(title) VALUES (?)")
        for id in titles { try title.run(.integer(id)) }
        let text = try SQLStatement(connection, "INSERT OR IGNORE INTO erasing_blobs(hash) VALUES (?)")
        for hash in texts { try text.run(.bytes(hash)) }
        try bridge(connection)
        try SQLStatement(
            connection, "UPDATE totals SET newest_message = max(newest_message, (SELECT ifnull(max(id), 0) FROM messages))"
        ).run()
    }

    /// What hangs from messages that go hangs from the nearest one that stays. One pass for all of them: no index leads there.
    private func bridge(_ connection: Database) throws {
        guard !messages.isEmpty else { return }
        let parent = try SQLStatement(connection, "SELECT parent FROM messages WHERE id = ?")
        var known: [Int64: Int64?] = [:]
        /// Every message of a way up is told at once, so that a long chain is walked only once. A cycle of a hostile file ends at nothing.
        func staying(_ message: Int64) throws -> Int64? {
            var way: [Int64] = []
            var next: Int64? = message
            while let id = next, messages.contains(id) {
                if let end = known[id] {
                    next = end
                    break
                }
                known[id] = .some(nil)
                way.append(id)
                next = try parent.first(.integer(id)) { $0.optionalInteger(0) } ?? nil
            }
            for id in way { known[id] = .some(next) }
            return next
        }
        let nodes = try SQLStatement(
            connection, "SELECT uuid, ancestor FROM nodes WHERE ancestor IN (SELECT message FROM erasing_messages)"
        ).all { (id: $0.text(0), ancestor: $0.integer(1)) }
        for node in nodes {
            try SQLStatement(connection, "UPDATE nodes SET ancestor = ? WHERE uuid = ?").run(.integer(try staying(node.ancestor)), .text(node.id))
        }
        let children = try SQLStatement(
            connection,
            """
            SELECT id, parent FROM messages WHERE parent IN (SELECT message FROM erasing_messages)
                AND id NOT IN (SELECT message FROM erasing_messages)
            """
        ).all { (id: $0.integer(0), parent: $0.integer(1)) }
        for child in children {
            try SQLStatement(connection, "UPDATE messages SET parent = ? WHERE id = ?")
                .run(.integer(try staying(child.parent)), .integer(child.id))
        }
    }
}
