import BinaryTesting
import FoundationEssentials
import JSON
import Testing
import TranscriptTesting

/// `magenta import` on the sessions of every agent that is known, each where its agent would leave them.
@Suite("Import of all agents through the binary", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct AgentImportTests {
    @Test func `one import without a directory brings every agent's sessions, and a second one nothing`() async throws {
        try await Scratch.with { scratch in
            for fixture in AgentFixture.all { try Self.write(fixture, in: scratch) }
            let store = scratch.path("memory.sqlite")
            let answer = try await Magenta.json(["import", "--store", store], in: scratch)
            let first = try ImportCounts(answer)
            #expect(first.accountsForEveryLine)
            #expect(first.refused == 0)
            #expect(answer["problems"]?.array == [])
            let found = AgentFixture.all.filter { $0.root != "exports" }
            #expect(answer["files"]?.integer == Int64(found.count))
            #expect(first.stored == Int64(found.reduce(0) { $0 + $1.outline.count }))
            // Sub-agents stand in the conversations that spawned them.
            #expect(answer["conversations"]?.integer == Int64(Set(found.map(\.session)).count))
            #expect(first.windows == Int64(found.reduce(0) { $0 + $1.openers.count }))
            #expect(first.compactions == 4, "one of each agent")

            for fixture in found { try await Self.expectFound(fixture, store, scratch) }
            let echoes = try await Magenta.json(["search", AgentFixture.echo, "--store", store], in: scratch)
            #expect(echoes.messageIDs == [], "what magenta's own tools answered is not found")

            let again = try ImportCounts(try await Magenta.json(["import", "--store", store], in: scratch))
            #expect(again.lines == 0)
            #expect(again.skipped == first.lines)
            #expect(again.messages == first.messages)
        }
    }

    @Test(arguments: AgentFixture.all)
    func `a single file is known by what it holds`(fixture: AgentFixture) async throws {
        try await Scratch.with { scratch in
            let path = try Self.write(fixture, in: scratch)
            let store = scratch.path("memory.sqlite")
            let counts = try ImportCounts(try await Magenta.json(["import", path, "--store", store], in: scratch))
            #expect(counts.stored == Int64(fixture.outline.count))
            try await Self.expectFound(fixture, store, scratch)
        }
    }

    @Test(arguments: [AgentFixture.codex, .gemini, .claudeCode])
    func `a last line that is half written waits for the rest of it`(fixture: AgentFixture) async throws {
        try await Scratch.with { scratch in
            let path = try Self.write(fixture, in: scratch)
            let store = scratch.path("memory.sqlite")
            let whole = Scratch.bytes(at: path)
            try Self.write(whole.dropLast(20), to: path)
            let first = try ImportCounts(try await Magenta.json(["import", path, "--store", store], in: scratch))
            #expect(first.refused == 0)
            try Self.write(whole[...], to: path)
            let second = try ImportCounts(try await Magenta.json(["import", path, "--store", store], in: scratch))
            #expect(second.lines == 1)
            #expect(first.stored + second.stored == Int64(fixture.outline.count))
        }
    }

    @Test func `an OpenCode reply is taken when it is complete, and what the user took back is not missed`() async throws {
        try await Scratch.with { scratch in
            let fixture = AgentFixture.openCode
            let transcript = try Self.write(fixture, in: scratch)
            let store = scratch.path("memory.sqlite")
            let last = try #require(fixture.files.last { $0.path.hasPrefix("message/") })
            let lastPath = scratch.path("home/\(fixture.root)/\(last.path)")

            // The last reply is still being written: neither complete nor cut off.
            var info = try #require(try JSONReader().read(last.text).object)
            info["error"] = nil
            info["time"] = ["created": 1_760_000_540_000]
            try scratch.write(JSONWriter.string(of: .object(info)), to: "home/\(fixture.root)/\(last.path)")
            let first = try ImportCounts(try await Magenta.json(["import", transcript, "--store", store], in: scratch))
            #expect(first.stored == Int64(fixture.outline.count) - 1)

            try Self.write(Array(last.text.utf8).dropLast(3), to: lastPath)
            let halfWay = try ImportCounts(try await Magenta.json(["import", transcript, "--store", store], in: scratch))
            #expect(halfWay.lines == 0, "half a file is waited for")

            try Self.write(Array(last.text.utf8)[...], to: lastPath)
            let second = try ImportCounts(try await Magenta.json(["import", transcript, "--store", store], in: scratch))
            #expect(second.stored == 1)
            #expect(second.lines == 1)

            // Back to the prompt: the reply is gone from the list, and the whole session is looked at again.
            try FileManager.default.removeItem(atPath: lastPath)
            let third = try ImportCounts(try await Magenta.json(["import", transcript, "--store", store], in: scratch))
            #expect(third.stored == 0)
            #expect(third.repeated == third.lines)
            #expect(third.messages == second.messages)
        }
    }

    @Test func `a Gemini document that is written anew gives what is new in it, once`() async throws {
        try await Scratch.with { scratch in
            let fixture = AgentFixture.geminiDocument
            let path = try Self.write(fixture, in: scratch)
            let store = scratch.path("memory.sqlite")
            let whole = try #require(try JSONReader().read(Scratch.bytes(at: path)).object)
            var messages = try #require(whole["messages"]?.array)
            let reply = try #require(messages.last?.object)

            func rewrite(_ change: (inout [JSONValue]) -> Void) async throws -> ImportCounts {
                change(&messages)
                var document = whole
                document["messages"] = .array(messages)
                document["lastUpdated"] = .string("2025-10-02T10:00:00.\(messages.count)00Z")
                try Self.write(JSONWriter.bytes(of: .object(document))[...], to: path)
                let answer = try await Magenta.json(["import", path, "--store", store], in: scratch)
                #expect(answer["problems"]?.array == [])
                return try ImportCounts(answer)
            }

            // What was said, then the tools that it called.
            var said = reply
            said["toolCalls"] = nil
            #expect(try await rewrite { $0[$0.count - 1] = .object(said) }.stored == 2)
            #expect(try await rewrite { _ in }.lines == 0)
            #expect(try await rewrite { $0[$0.count - 1] = .object(reply) }.stored == 1)
            let more: JSONValue = ["id": "m3", "timestamp": "2025-10-02T09:05:00.000Z", "type": "user", "content": "And the thirdneedle?"]
            #expect(try await rewrite { $0.append(more) }.stored == 1)
            // Rewound, and another way taken: as many messages as before.
            let other: JSONValue = ["id": "m4", "timestamp": "2025-10-02T09:06:00.000Z", "type": "user", "content": "Or the fourthneedle?"]
            let rewound = try await rewrite { $0[$0.count - 1] = other }
            #expect(rewound.stored == 1)
            #expect(rewound.messages == 5)
            for word in ["oldgemininneedle", "shed", "thirdneedle", "fourthneedle"] {
                let found = try await Magenta.json(["search", word, "--store", store], in: scratch)
                #expect(found.messageIDs?.count == 1, "\(word)")
            }

            // Half a document is being written: no trouble, and nothing of it is taken.
            let bytes = Scratch.bytes(at: path)
            try Self.write(bytes.prefix(bytes.count / 2), to: path)
            let half = try await Magenta.json(["import", path, "--store", store], in: scratch)
            #expect(half["problems"]?.array == [])
            #expect(half["lines"]?.integer == 0)
        }
    }

    @Test func `a file of no known format is refused by a sentence, and those beside it are read`() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let other = try scratch.write(#"{"speaker":"ana","words":"quiet words"}"# + "\n", to: "mixed/other.jsonl")
            try scratch.write(AgentFixture.codexOf2025.files[0].text, to: "mixed/old.jsonl")
            let process = try Magenta.start(["import", scratch.path("mixed"), "--store", store, "--json"], in: scratch)
            #expect(try await process.exit(within: .seconds(60)) == .code(1))
            let answer = try JSONReader().read(process.outputText)
            #expect(
                answer["problems"]?.array == [
                    .string(
                        "cannot import \(other): no record in it is of Claude Code, Codex CLI, Gemini CLI or OpenCode (the first one has the keys "
                            + #""speaker", "words")"#)
                ])
            #expect(answer["stored"]?.integer == Int64(AgentFixture.codexOf2025.outline.count))
            #expect(!process.errorText.contains("quiet words"))
        }
    }

    @Test func `a secret in any agent's session is in no file that the product writes`() async throws {
        let secret = "zoo-" + "keeper-7Q2vXk19Lm"
        try await Scratch.with { scratch in
            let list = try scratch.write("[\"\(secret)\"]", to: "secrets.json")
            var fixtures = AgentFixture.all
            for index in fixtures.indices {
                let needle = fixtures[index].needle
                for file in fixtures[index].files.indices {
                    fixtures[index].files[file].text = fixtures[index].files[file].text.replacing(needle, with: "\(needle) \(secret)")
                        .replacing("no such owl", with: "no such owl \(secret)").replacing("Overloaded", with: "Overloaded \(secret)")
                }
                try Self.write(fixtures[index], in: scratch, below: "agents")
            }
            let folder = try scratch.folder("store")
            for fixture in fixtures {
                let path = scratch.path("agents/\(fixture.root)/\(fixture.transcript)")
                _ = try await Magenta.json(
                    ["import", path, "--store", "\(folder)/memory.sqlite", "--secrets-file", list], in: scratch)
            }
            let python = try #require(Components.python)
            let dump = try ChildProcess(
                [python, "\(Components.package)/Tests/Interop/dump_store.py", folder, "\(folder)/dump"], environment: [:], in: scratch)
            #expect(try await dump.exit(within: .seconds(60)) == .code(0), "\(dump.errorText)")
            let written = try Scratch.files(in: folder)
            // The control: what stood beside the secret is there.
            #expect(written.contains { Scratch.bytes(at: $0).contains(fixtures[1].needle.utf8) })
            for file in written { #expect(!Scratch.bytes(at: file).contains(secret.utf8), "\(file)") }
        }
    }

    private static func expectFound(_ fixture: AgentFixture, _ store: String, _ scratch: Scratch) async throws {
        let found = try await Magenta.json(["search", fixture.needle, "--store", store], in: scratch)
        let message = try #require(found["messages"]?.array?.first, "\(fixture): \(found)")
        #expect(found["messages"]?.array?.count == 1)
        #expect(message["kind"]?.string == "prompt")
        #expect(message["project"]?.string == fixture.project)
    }

    /// - Returns: the transcript.
    @discardableResult
    private static func write(_ fixture: AgentFixture, in scratch: Scratch, below folder: String = "home") throws -> String {
        for file in fixture.files {
            let path = try scratch.write(file.text, to: "\(folder)/\(fixture.root)/\(file.path)")
            // The agent has long been through with it.
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path)
        }
        return scratch.path("\(folder)/\(fixture.root)/\(fixture.transcript)")
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }
}
