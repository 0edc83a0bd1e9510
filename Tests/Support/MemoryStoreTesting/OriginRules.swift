import MemoryModel
import MemoryStore
import Redaction

extension StoreRule {
    static let origins: [StoreRule] = [
        StoreRule("a source is named by its spool and its path") { open in
            let store = try await open()
            var own = TranscriptScript("/t/a.jsonl")
            own.message("m1", "mine", in: .start("c1"))
            _ = try await store.capture(own.batch())
            var sent = TranscriptScript("/t/a.jsonl")
            sent.spool = "s1"
            sent.message("m2", "sent", in: .start("c2"))
            sent.message(nil, "without an id", in: .start("c2"))
            let counts = try await store.capture(sent.batch())
            try expect(counts.stored, 2, "the other spool's lines")
            try expect(try await store.source(own.state.key), own.state, "the own source")
            try expect(try await store.source(sent.state.key), sent.state, "the spool's source")
            try expect(try await store.statistics().sources, 2, "the sources")
        },
        StoreRule("messages carry who and where they are from, and are found by it") { open in
            let store = try await open()
            for (number, origin) in [("ana", "laptop", "claude-code"), ("ana", "server", "codex"), ("bo", "server", "claude-code")].enumerated() {
                var script = TranscriptScript("/t/\(number).jsonl")
                script.message("m\(number)", "lantern", in: .start("c\(number)"), minute: Int64(number))
                var batch = script.batch()
                batch.origin = CaptureOrigin(user: redacted(origin.0), machine: redacted(origin.1), agent: redacted(origin.2))
                _ = try await store.capture(batch)
            }
            try expect(
                try await store.message(id: "m1", textLimit: nil)?.origin, Origin(user: "ana", machine: "server", agent: "codex"), "the origin")
            func ids(_ change: (inout MessageFilter) -> Void) async throws -> [String] {
                var filter = MessageFilter()
                change(&filter)
                let listed = try await store.messages(MessageQuery(filter: filter, order: .oldestFirst, limit: 10)).map(\.id)
                let found = try await store.search(SearchQuery(terms: .words(["lantern"]), filter: filter, limit: 10)).map(\.message.id)
                try expect(found.sorted(), listed, "what search finds by the same filter")
                return listed
            }
            try expect(try await ids { $0.user = "Ana" }, ["m0", "m1"], "by user")
            try expect(try await ids { $0.machine = "server" }, ["m1", "m2"], "by machine")
            try expect(try await ids { $0.agent = "codex" }, ["m1"], "by agent")
            try expect(try await ids { $0.from = "bo" }, ["m2"], "from a user")
            try expect(try await ids { $0.from = "ana@server" }, ["m1"], "from a user on a machine")
            try expect(
                try await ids {
                    $0.user = "ana"
                    $0.machine = "server"
                }, ["m1"], "by both")
            try expect(try await ids { $0.from = "nobody" }, [], "from nobody")
        },
        StoreRule("a directory counts with all directories of its repository") { open in
            let store = try await open()
            for (number, place) in [("/a/atlas", "h/ana/atlas"), ("/b/feature", "h/ana/atlas"), ("/a/atlas", nil), ("/c/other", "h/ana/other")]
                .enumerated()
            {
                var script = TranscriptScript("/t/\(number).jsonl")
                script.project = place.0
                script.repository = place.1
                script.message("m\(number)", "lantern", in: .start("c\(number)"), minute: Int64(number))
                _ = try await store.capture(script.batch())
            }
            func ids(_ project: String) async throws -> [String] {
                var filter = MessageFilter()
                filter.project = project
                return try await store.messages(MessageQuery(filter: filter, order: .oldestFirst, limit: 10)).map(\.id)
            }
            try expect(try await store.message(id: "m1", textLimit: nil)?.repository, "h/ana/atlas", "the repository")
            try expect(try await ids("feature"), ["m0", "m1"], "by one directory's name")
            try expect(try await ids("/b/feature/"), ["m0", "m1"], "by one directory")
            try expect(try await ids("h/ana/atlas"), ["m0", "m1"], "by the repository")
            try expect(try await ids("/a/atlas"), ["m0", "m1", "m2"], "by a directory that was stored before its repository was known")
            try expect(try await ids("other"), ["m3"], "by another repository")
        },
        StoreRule("a directory counts with all below it, by its path and by its name") { open in
            let store = try await open()
            let places: [(directory: String, repository: String?)] = [
                ("/home/ana/private", nil), ("/home/ana/private/sub/deep", nil), ("/home/ana/private2", nil), ("/home/bo/private/sub", nil),
                ("C:\\ana\\private\\x", nil), ("/home/ana/my private", nil), ("/home/ana/atlas/src", "h/ana/atlas"), ("/srv/clone", "h/ana/atlas"),
            ]
            for (number, place) in places.enumerated() {
                var script = TranscriptScript("/t/\(number).jsonl")
                script.project = place.directory
                script.repository = place.repository
                script.message("m\(number)", "lantern", in: .start("c\(number)"), minute: Int64(number))
                _ = try await store.capture(script.batch())
            }
            func ids(_ project: String, alone: Bool = false) async throws -> [String] {
                var filter = MessageFilter()
                filter.project = project
                filter.leavesOutBelow = alone
                let listed = try await store.messages(MessageQuery(filter: filter, order: .oldestFirst, limit: 20)).map(\.id)
                let found = try await store.search(SearchQuery(terms: .words(["lantern"]), filter: filter, limit: 20)).map(\.message.id)
                try expect(found.sorted(), listed, "what search finds by \(project)")
                return listed
            }
            try expect(try await ids("/home/ana/private"), ["m0", "m1"], "by a directory")
            try expect(try await ids("/home/ana/private/"), ["m0", "m1"], "by a directory with a separator at its end")
            try expect(try await ids("/home/ana/private/sub"), ["m1"], "by a directory in which nothing was said")
            try expect(try await ids("/home/ana"), ["m0", "m1", "m2", "m5", "m6"], "by one around all, without the clone of what is in it")
            try expect(try await ids("/"), ["m0", "m1", "m2", "m3", "m5", "m6", "m7"], "by the root")
            try expect(try await ids("C:\\ana"), ["m4"], "with the other separator")
            try expect(try await ids("private"), ["m0", "m1", "m3", "m4"], "by a name")
            try expect(try await ids("sub"), ["m1", "m3"], "by a name further down")
            try expect(try await ids("/home/ana/atlas/src"), ["m6", "m7"], "by a directory, with its repository")
            for none in ["ana/private", "/home/ana/priv", "priv", "/ana/private", ""] { try expect(try await ids(none), [], "by \(none)") }
            try expect(try await ids("private", alone: true), ["m0"], "by a name, without what lies below")
            try expect(try await ids("/home/ana", alone: true), [], "by one around all, without what lies below")
        },
        StoreRule("a directory counts with all below it, however many that are") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            for number in 0..<400 {
                script.project = "/home/ana/many/\(number)"
                script.message("m\(number)", "lantern", in: .start("c"), minute: Int64(number))
            }
            script.project = "/home/ana/other"
            script.message("other", "lantern", in: .start("c"))
            _ = try await store.capture(script.batch())
            for project in ["/home/ana/many", "many"] {
                var filter = MessageFilter()
                filter.project = project
                let listed = try await store.messages(MessageQuery(filter: filter, order: .newestFirst, limit: 1000)).map(\.id)
                try expect(listed, (0..<400).reversed().map { "m\($0)" }, "listed by \(project)")
                let found = try await store.search(SearchQuery(terms: .words(["lantern"]), filter: filter, limit: 1000)).count
                try expect(found, 400, "found by \(project)")
                try expect(try await store.randomMessages(filter, count: 5, textLimit: nil).count, 5, "drawn by \(project)")
                var selection = ErasureSelection()
                selection.filter = filter
                try expect(try await store.previewErasure(selection).messages, 400, "to be forgotten by \(project)")
            }
        },
    ]
}
