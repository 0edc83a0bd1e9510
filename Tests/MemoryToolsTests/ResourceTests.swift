import JSON
import MCPCore
import MCPTesting
import MemoryModel
import MemoryRecall
import MemoryStore
import MemoryStoreSQLite
import MemoryStoreTesting
import Testing

@Suite struct `Memory resources` {
    @Test(arguments: [Revision.v2025_03_26, .newest])
    func `a template is offered for each kind of thing that an answer names`(revision: Revision) async throws {
        try await MemoryFixture.withZoo { memory in
            let result = try await memory.client(revision).request("resources/templates/list")
            let templates = try #require(result["resourceTemplates"]?.array)
            #expect(
                templates.compactMap { $0["uriTemplate"]?.string } == [
                    "memory://message/{id}", "memory://window/{number}", "memory://conversation/{id}", "memory://era/{name}",
                ])
            for template in templates {
                #expect(template["mimeType"] == "text/plain")
                #expect(template["annotations"]?["audience"] == ["assistant"])
                #expect(template["description"]?.string?.isEmpty == false)
            }
        }
    }

    @Test(arguments: [Revision.v2024_11_05, .newest])
    func `each reads what it names, marked as quoted data`(revision: Revision) async throws {
        try await MemoryFixture.withZoo { memory in
            let message = try await memory.text(of: "memory://message/zoo-m2", revision)
            expectQuoted(message)
            #expect(message.contains("A zebra and two owls"))
            #expect(!message.contains("old bridge"))

            let place = try #require(try await memory.store.message(id: "zoo-m1", textLimit: nil)).window.number
            let window = try await memory.text(of: "memory://window/\(place)", revision)
            expectQuoted(window)
            #expect(window.contains("title: Behind the bridge"))
            let question = try #require(window.firstRange(of: "old bridge?")).lowerBound
            let listing = try #require(window.firstRange(of: "listing of the cages")).lowerBound
            #expect(question < listing, "in the order in which it was written")

            let conversation = try await memory.text(of: "memory://conversation/zoo-1", revision)
            expectQuoted(conversation)
            #expect(conversation.contains("project: /home/ana/src/atlas"))
            #expect(conversation.contains("windows: \(place + 1), \(place)"))
            #expect(!conversation.contains("barn"))
            let newest = try #require(conversation.firstRange(of: "said of the zebra")).lowerBound
            let oldest = try #require(conversation.firstRange(of: "old bridge?")).lowerBound
            #expect(newest < oldest, "newest first")

            let era = try await memory.text(of: "memory://era/Era%201", revision)
            expectQuoted(era)
            #expect(era.contains("era: Era 1"))
            #expect(era.contains("zebra is in no barn"))
        }
    }

    @Test(arguments: [Revision.v2025_11_25, .newest])
    func `what names nothing is not found`(revision: Revision) async throws {
        try await MemoryFixture.withZoo { memory in
            let long = String(repeating: "x", count: 300)
            for name in [
                "message/nobody", "message/\(long)", "window/99", "window/x", "window/01", "window/-1", "conversation/nobody", "era/Nobody",
                "zebra/1", "message/",
            ] {
                let error = await #expect(throws: JSONRPCError.self, "\(name)") { try await memory.text(of: "memory://\(name)", revision) }
                #expect(error?.code == (revision.isLegacy ? .resourceNotFound : .invalidParams), "\(name)")
            }
        }
    }

    @Test func `the list holds the eras, the current one first, and the newest conversations`() async throws {
        try await MemoryFixture.withZoo { memory in
            _ = try await memory.store.startEra("Harbour / days 100%", at: minuteOfDay(3))
            let result = try await memory.client().request("resources/list")
            let listed = try #require(result["resources"]?.array)
            #expect(
                listed.compactMap { $0["uri"]?.string } == [
                    "memory://era/Harbour%20%2F%20days%20100%25", "memory://era/Era%201", "memory://conversation/barn-2",
                    "memory://conversation/zoo-1",
                ])
            #expect(listed[3]["title"] == "Behind the bridge")
            #expect(listed[3]["description"] == "In /home/ana/src/atlas, last at 2026-02-08T00:04:00.000Z.")
            #expect(listed[3]["annotations"]?["lastModified"] == "2026-02-08T00:04:00.000Z")
            #expect(listed[2]["title"] == "Conversation barn-2")
            for resource in listed { expectQuoted(try await memory.text(of: try #require(resource["uri"]?.string))) }
            let era = try await memory.text(of: "memory://era/Harbour%20%2F%20days%20100%25")
            #expect(era.contains("said of the zebra") && !era.contains("old bridge?"))
        }
    }

    @Test func `a message without an id of its own is read by its file and offset`() async throws {
        try await MemoryFixture.withZoo { memory in
            let text = try await memory.text(of: "memory://message/%2Ft%2Fzoo.jsonl%40600")
            #expect(text.contains("A record without an id."))
        }
    }

    @Test func `what does not fit ends with the tool and the cursor that go on`() async throws {
        try await MemoryFixture.with({ $0.long(200) }) { memory in
            let cases: [(uri: String, tool: String, arguments: JSONObject, isOldestFirst: Bool)] = [
                ("memory://window/1", "get_context_heap with heap_id 1", ["heap_id": 1], true),
                ("memory://conversation/long", "get_recent_work with conversation \"long\"", ["conversation": "long"], false),
                ("memory://era/Era%201", "get_era_summary with era_name \"Era 1\"", ["era_name": "Era 1"], true),
            ]
            for (uri, tool, arguments, isOldestFirst) in cases {
                let text = try await memory.text(of: uri)
                #expect(TokenEstimate.tokens(in: text) <= 10_000)
                #expect(TokenEstimate.tokens(in: text) > 7000, "the budget is used")
                let last = try #require(text.matches(of: /\[long-(\d+)\]/).last.flatMap { Int($0.1) })
                let next = try await goOn(memory, text, tool, arguments)
                #expect(next["messages"]?.array?.first?["id"] == .string("long-\(last + (isOldestFirst ? 1 : -1))"), "\(uri)")
            }
        }
    }

    @Test func `a message that no answer can hold goes on where it was cut`() async throws {
        let whole = (0..<30_000).map { "word\($0)" }.joined(separator: " ")
        try await MemoryFixture.with({ $0.message("long", whole, in: .start("c")) }) { memory in
            let text = try await memory.text(of: "memory://message/long")
            #expect(TokenEstimate.tokens(in: text) <= 10_000)
            let next = try await goOn(memory, text, "get_message_by_id with message_id \"long\"", ["message_id": "long"])
            let end = try #require(text.firstMatch(of: /bytes 0 to (\d+) of/).flatMap { Int64($0.1) })
            #expect(next["messages"]?.array?.first?["part"]?["from"] == .integer(end))
        }
    }

    /// Calls the tool that the last sentence names, with the cursor in it.
    private func goOn(_ memory: MemoryFixture, _ text: String, _ tool: String, _ arguments: JSONObject) async throws -> JSONValue {
        let start = "More follows; go on with \(tool) and cursor \""
        let sentence = try #require(text.components(after: start), "\(text.suffix(200))")
        var arguments = arguments
        arguments["cursor"] = .string(String(sentence.dropLast(2)))
        let name = String(tool.prefix { $0 != " " })
        return try #require(try await memory.client().call(name, arguments)["structuredContent"])
    }

    @Test func `a store that cannot be read is told without what only the log may say`() async throws {
        try await MemoryFixture.withZoo { memory in
            try await memory.store.close()
            for uri in ["memory://message/zoo-m1", "memory://conversation/zoo-1"] {
                let error = await #expect(throws: JSONRPCError.self) { try await memory.text(of: uri) }
                #expect(error?.code == .internalError)
                #expect(error?.message.hasPrefix("The memory cannot be read now") == true)
            }
        }
    }
}

extension String {
    /// What stands behind the last `start`.
    fileprivate func components(after start: String) -> Substring? { ranges(of: start).last.map { self[$0.upperBound...] } }
}
