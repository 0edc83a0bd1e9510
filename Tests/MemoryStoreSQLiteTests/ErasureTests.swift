import GRDB
import JSON
import MemoryModel
import MemoryStore
import MemoryStoreTesting
import Redaction
import Testing

@testable import MemoryStoreSQLite

@Suite struct `Erasure from the file` {
    private static let secret = "the quagga is hidden in the barn"

    /// One message with the secret, in a record of its own chunk, and `others` without.
    private func filled(_ directory: String, others: Int) async throws -> SQLiteStore {
        let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
        var script = TranscriptScript("/t/a.jsonl")
        script.message("secret", Self.secret, in: .start("c"), minute: 1)
        _ = try await store.capture(script.batch())
        for number in 0..<others { script.message("m\(number)", "lantern number \(number) of many", in: .start("c"), minute: Int64(number) + 2) }
        _ = try await store.capture(script.batch())
        return store
    }

    private func forget(_ store: SQLiteStore, _ extent: ErasureExtent = .wholeFile) async throws {
        var selection = ErasureSelection()
        selection.ids = ["secret"]
        _ = try await store.beginErasure(selection)
        try await store.finishErasure(extent) { _ in }
    }

    @Test(arguments: [ErasureExtent.wholeFile, .whenWorthwhile])
    func `no byte of it is left, also where the file is not written anew`(extent: ErasureExtent) async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory, others: 400)
            let search = ByteSearch(directory: directory)
            // The controls: in the rows, in the index, and packed.
            #expect(!search.places(of: Self.secret).isEmpty)
            #expect(!search.places(of: "quagga").isEmpty)
            #expect(search.places(of: Self.secret).contains { $0.hasSuffix("(frame)") })
            try await forget(store, extent)
            for text in [Self.secret, "quagga", "hidden in the barn"] { #expect(search.places(of: text) == [], "\(text)") }
            #expect(try await store.search(SearchQuery(terms: .words(["lantern"]), limit: 1000)).count == 400)
            #expect(try await store.check([.indexWords], progress: { _ in }).findings.isEmpty)
        }
    }

    @Test func `a long text goes with the last record that names it`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            let long = String(repeating: "schema of the zoo ", count: 1000)
            var script = TranscriptScript("/t/a.jsonl")
            for id in ["one", "two"] {
                script.message(id, [NewBlock(kind: .text, text: redacted("x \(id)"))], in: .start(id), raw: ["long": .string(long)])
            }
            _ = try await store.capture(script.batch())
            let blobs = { try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM blobs") } }
            for (id, left) in [("one", 1), ("two", 0)] {
                var selection = ErasureSelection()
                selection.ids = [id]
                _ = try await store.beginErasure(selection)
                try await store.finishErasure(.wholeFile) { _ in }
                #expect(try await blobs() == left)
            }
        }
    }

    @Test func `a long text of a line that is a copy is not stored`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            let long = String(repeating: "schema of the zoo ", count: 1000)
            let blocks = [NewBlock(kind: .text, text: redacted("a lantern"))]
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m", blocks, in: .start("c"), raw: ["short": "a"])
            script.known("k", raw: ["short": "b"])
            _ = try await store.capture(script.batch())
            var copy = TranscriptScript("/t/copy.jsonl")
            copy.message("m", blocks, in: .start("c"), raw: ["long": .string(long)])
            copy.known("k", raw: ["long": .string(long)])
            let counts = try await store.capture(copy.batch())
            #expect(counts.repeated == 2)
            let blobs = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM blobs") }
            #expect(blobs == 0)
        }
    }

    @Test func `a long text that no record names goes with the text that it holds`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory, others: 3)
            let long = String(repeating: "schema of the okapi ", count: 1000)
            // Versions before stored it for a line that was a copy.
            try await store.write("keep a long text") { connection in
                var raw = try RawChunkWriter(connection, source: 1)
                _ = try raw.encode(["long": .string(long)])
            }
            var selection = ErasureSelection()
            selection.text = "okapi"
            let preview = try await store.previewErasure(selection)
            #expect(preview.records == 1 && preview.messages == 0)
            _ = try await store.beginErasure(selection)
            try await store.finishErasure(.wholeFile) { _ in }
            #expect(try await store.pendingErasure() == nil)
            #expect(ByteSearch(directory: directory).places(of: "okapi") == [])
            #expect(try await store.previewErasure(selection).isEmpty)
        }
    }

    /// By Python, Jackson, PHP and Go, and by Go around Python.
    @Test(arguments: [
        #"{"name": "Jos\u00e9/<Quagga> \ud83d\ude00"}"#, #"{"name":"Jos\u00E9/<Quagga> \uD83D\uDE00"}"#,
        #"{"name":"Jos\u00e9\/<Quagga> \ud83d\ude00"}"#, #"{"name":"José\/<Quagga> 😀"}"#, #"{"name":"José/\u003cQuagga\u003e 😀"}"#,
        #"{"out":"{\"name\": \"Jos\\u00e9/\u003cQuagga\u003e \\ud83d\\ude00\"}"}"#,
    ])
    func `a text is found as other writers of JSON escape it`(output: String) async throws {
        try await withTemporaryDirectory { directory in
            let store = try await SQLiteStore.open(path: directory + "/memory.sqlite")
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m", output, in: .start("c"))
            script.message("other", "José lives in another house", in: .start("c"))
            script.known("k", raw: ["out": .string(output)])
            _ = try await store.capture(script.batch())
            let search = ByteSearch(directory: directory)
            #expect(!search.places(of: "Quagga").isEmpty)
            var selection = ErasureSelection()
            selection.text = "José/<Quagga> 😀"
            let preview = try await store.previewErasure(selection)
            #expect(preview.messages == 1 && preview.records == 2)
            _ = try await store.beginErasure(selection)
            try await store.finishErasure(.wholeFile) { _ in }
            #expect(search.places(of: "Quagga") == [])
            #expect(try await store.search(SearchQuery(terms: .words(["house"]), limit: 10)).count == 1)
        }
    }

    @Test func `the forms of a text are few, each once, and it comes first`() {
        #expect(ErasureForms.all(of: "quagga in the barn") == ["quagga in the barn"])
        let hardest = ErasureForms.all(of: "é/<\"")
        #expect(hardest.first == "é/<\"" && hardest.count <= 43 && Set(hardest).count == hardest.count)
    }

    @Test func `a reader that holds the log keeps the erasure pending, and the error says what to do`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory, others: 10)
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: directory + "/memory.sqlite", configuration: configuration)
            try await other.writeWithoutTransaction { connection in
                try connection.execute(sql: "BEGIN")
                _ = try Int.fetchOne(connection, sql: "SELECT count(*) FROM messages")
            }
            do {
                try await forget(store)
                Issue.record("it was finished while another process held the log")
            } catch let error as StoreError {
                #expect(error.code == .busy && error.cause.contains("magenta forget --finish"), "\(error)")
            }
            #expect(try await store.pendingErasure()?.isOnlyFile == true)
            try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
            try await store.finishErasure(.wholeFile) { _ in }
            #expect(try await store.pendingErasure() == nil)
            #expect(ByteSearch(directory: directory).places(of: Self.secret) == [])
        }
    }

    @Test func `a rescan that was cut short goes on by the same rules, and begins again by others`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory, others: 500)
            let redactor = try Redactor(key: try await store.serverKey(), exactValues: [Self.secret])
            try await store.write("begin") { _ = try RescanRows.begin($0, fingerprint: "a") }
            for _ in 0..<2 {
                try await store.write("step") { connection in
                    var rows = RescanRows(connection: connection, redactor: redactor, operation: "step", counts: RescanCounts())
                    _ = try rows.step()
                }
            }
            let rest = try await store.rescan(redactor, fingerprint: "a") { _ in }
            #expect(rest.isContinued && rest.messages == 301)
            try await store.write("begin") { _ = try RescanRows.begin($0, fingerprint: "a") }
            let anew = try await store.rescan(redactor, fingerprint: "b") { _ in }
            #expect(!anew.isContinued && anew.messages == 501)
        }
    }

    @Test func `a rescan leaves no byte of what it replaced`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try await filled(directory, others: 50)
            let search = ByteSearch(directory: directory)
            #expect(search.places(of: Self.secret).contains { $0.hasSuffix("(frame)") })
            let redactor = try Redactor(key: try await store.serverKey(), exactValues: [Self.secret])
            _ = try await store.rescan(redactor, fingerprint: "a") { _ in }
            try await store.finishErasure(.wholeFile) { _ in }
            for text in [Self.secret, "quagga"] { #expect(search.places(of: text) == [], "\(text)") }
            #expect(try await store.check([.indexWords], progress: { _ in }).findings.isEmpty)
        }
    }
}
