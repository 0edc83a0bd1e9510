import MemoryModel
import MemoryStore
import Redaction
import Synchronization

extension StoreRule {
    static let archives = [
        StoreRule("an archive gives every row, by names alone, sections in their order") { open in
            let store = try await filled(open)
            let rows = try await archive(of: store)
            try expect(
                rows.map(\.section),
                ["era", "conversation", "window", "window", "source"] + Array(repeating: "record", count: 5)
                    + ["message", "message", "message", "node", "title", "compaction", "reply", "extent", "extent"], "the sections")
            let late = try require(rows.compactMap(\.message).first { $0.node.id.value == "late" }, "the message that came before its parent")
            try expect(late.node.ancestor?.value, "first", "its nearest message")
            try expect(late.node.waitsFor, nil, "what it waits for")
        },
        StoreRule("an archive written into the store that it is of changes nothing") { open in
            let store = try await filled(open)
            let rows = try await archive(of: store)
            let writing = try await store.archiveWriting()
            let counts = try await writing.write(rows)
            try await writing.finish()
            try expect(counts.messages, 0, "messages added")
            try expect(counts.knownMessages, 3, "messages known")
            try expect(counts.records, 0, "records added")
            try expect(try await archive(of: store).map { "\($0)" }, rows.map { "\($0)" }, "the rows")
        },
        StoreRule("an archive of another machine with a file of the same name loses nothing and takes no message twice") { open in
            let store = try await filled(open)
            var rows = try await archive(of: store)
            for index in rows.indices {
                switch rows[index] {
                case .source(var source):
                    source.identity = "9:9"
                    source.headHash = "ff"
                    rows[index] = .source(source)
                case .message(var message) where message.node.id.value.contains("@"):
                    message.blocks = [NewBlock(kind: .text, text: "another walrus")]
                    rows[index] = .message(message)
                default: break
                }
            }
            for isFirst in [true, false] {
                let writing = try await store.archiveWriting()
                let counts = try await writing.write(rows)
                try await writing.finish()
                try expect(counts.renamedSources, isFirst ? 1 : 0, "files under another name")
                try expect(counts.messages, isFirst ? 1 : 0, "messages added: the one whose id is its place")
                try expect(counts.records, isFirst ? 5 : 0, "records added")
            }
            let found = try await store.search(SearchQuery(terms: .words(["walrus"]), limit: 10))
            try expect(found.count, 2, "messages whose id is their place, one a machine")
            let all = try await store.messages(MessageQuery(order: .oldestFirst, limit: 100))
            try expect(all.count, 4, "messages in all")
        },
        StoreRule("a source whose records are not all in stands where its last one ends, and is taken up again") { open in
            let store = try await filled(open)
            var rows = try await archive(of: store).filter { ["conversation", "window", "source", "record"].contains($0.section) }
            for index in rows.indices {
                guard case .source(var source) = rows[index] else { continue }
                source.key.path = "/t/other.jsonl"
                rows[index] = .source(source)
            }
            let key = SourceKey(path: "/t/other.jsonl")
            _ = try await store.archiveWriting().write(Array(rows.dropLast(2)))
            let cut = try require(try await store.source(key), "the source")
            try expect(cut.offset, 300, "its offset")
            try expect(cut.line, 3, "its line")
            try expect(cut.readerState.isNull, true, "no reader's state, which would be of another place")
            let writing = try await store.archiveWriting()
            try expect(try await writing.write(rows).records, 2, "records added")
            try await writing.finish()
            let whole = try require(try await store.source(key), "the source")
            try expect(whole.offset, 500, "its offset")
            try expect(whole.readerState.isNull, false, "the reader's state")
        },
        StoreRule("a selection gives the messages that fit and what they stand in") { open in
            let store = try await filled(open)
            var filter = MessageFilter()
            filter.since = minuteOfDay(2)
            let rows = try await archive(of: store, filter)
            try expect(rows.map(\.section).filter { $0 == "message" || $0 == "record" }, ["record", "message"], "what fits")
            try expect(rows.contains { $0.section == "era" }, false, "eras")
            guard case .source(let source)? = rows.first(where: { $0.section == "source" }) else {
                throw BrokenRule(description: "a selection gave no source")
            }
            try expect(source.isPart, true, "the source is a part")
        },
    ]

    /// Three messages, one of which comes before its parent and one of which has no id; a boundary, a title, a reply's tokens.
    private static func filled(_ open: Opening) async throws -> any MemoryStore {
        let store = try await open()
        var script = TranscriptScript("/t/a.jsonl")
        script.message("late", "lantern", parent: "edge", in: .boundary("b", of: "c"), minute: 3)
        script.message("first", "lantern", in: .start("c"), minute: 1, facts: [.title(.custom, "Lamps", conversation: "c", leaf: nil)])
        script.known("edge", parent: "first", facts: [.compaction(id: "b", window: .boundary("b", of: "c"))])
        script.message(
            nil, "walrus", in: .start("c"), minute: 1,
            facts: [.usage(reply: "r", conversation: "c", TokenUsage(input: 4, output: 5, cacheCreation: 6, cacheRead: 7))])
        script.refused()
        _ = try await store.capture(script.batch())
        return store
    }

    private static func archive(of store: any MemoryStore, _ selection: MessageFilter? = nil) async throws -> [ArchiveRow] {
        let rows = Mutex<[ArchiveRow]>([])
        try await store.readArchive(selection) { row throws(StoreError) in rows.withLock { $0.append(row) } }
        return rows.withLock { $0 }
    }
}

extension ArchiveRow {
    fileprivate var section: String { "\(self)".prefix { $0 != "(" }.description }

    fileprivate var message: ArchivedMessage? {
        guard case .message(let message) = self else { return nil }
        return message
    }
}
