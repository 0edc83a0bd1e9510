import JSON
import MemoryStoreSQLite
import MemoryStoreTesting
import Testing

@Suite struct `Completion of names` {
    private static func template(_ text: String) -> JSONValue { ["type": "ref/resource", "uri": .string(text)] }
    private static let recall: JSONValue = ["type": "ref/prompt", "name": "recall"]

    @Test func `a message's id is completed once four characters tell it from others`() async throws {
        try await MemoryFixture.withZoo { memory in
            let template = Self.template("memory://message/{id}")
            try await memory.expectCompletions(of: template, "id", "zoo", [])
            try await memory.expectCompletions(of: template, "id", "zoo-", ["zoo-m1", "zoo-m2", "zoo-m3", "zoo-m4"])
            try await memory.expectCompletions(of: template, "id", "/t/z", ["/t/zoo.jsonl@600"])
            try await memory.expectCompletions(of: template, "id", String(repeating: "z", count: 2000), [])
        }
    }

    @Test func `a window's number is completed, the newest first`() async throws {
        try await MemoryFixture.withZoo { memory in
            let template = Self.template("memory://window/{number}")
            try await memory.expectCompletions(of: template, "number", "", ["3", "2", "1"])
            try await memory.expectCompletions(of: template, "number", "2", ["2"])
            try await memory.expectCompletions(of: template, "number", "x", [])
        }
    }

    @Test func `a conversation is completed by the start of its id or words of its title`() async throws {
        try await MemoryFixture.withZoo { memory in
            let template = Self.template("memory://conversation/{id}")
            try await memory.expectCompletions(of: template, "id", "", ["barn-2", "zoo-1"])
            try await memory.expectCompletions(of: template, "id", "zo", ["zoo-1"])
            try await memory.expectCompletions(of: template, "id", "bridge", ["zoo-1"])
        }
    }

    @Test func `an era is completed by the start of its name, the newest first`() async throws {
        try await MemoryFixture.withZoo { memory in
            _ = try await memory.store.startEra("Early spring", at: minuteOfDay(3))
            for reference in [Self.template("memory://era/{name}"), Self.recall] {
                let argument = reference["type"] == "ref/prompt" ? "era" : "name"
                try await memory.expectCompletions(of: reference, argument, "e", ["Early spring", "Era 1"])
                try await memory.expectCompletions(of: reference, argument, "ERA", ["Era 1"])
            }
        }
    }

    @Test func `the arguments of prompts are completed from what is stored`() async throws {
        try await MemoryFixture.withZoo { memory in
            for name in ["recall", "bootstrap"] {
                let reference: JSONValue = ["type": "ref/prompt", "name": .string(name)]
                try await memory.expectCompletions(of: reference, "project", "", ["atlas", "barn"])
                try await memory.expectCompletions(of: reference, "project", "b", ["barn"])
                try await memory.expectCompletions(of: reference, "project", "/home/ana/src/b", ["/home/ana/src/barn"])
            }
            try await memory.expectCompletions(of: Self.recall, "kind", "RE", ["reply", "recap"])
            try await memory.expectCompletions(of: Self.recall, "query", "zebra", [])
        }
    }

    @Test func `no more than a hundred values are sent`() async throws {
        try await MemoryFixture.with({ script in
            for number in 1...150 { script.message("many-\(number)", "text", in: .start("c\(number)"), minute: Int64(number)) }
        }) { memory in
            let messages = try await memory.completions(of: Self.template("memory://message/{id}"), "id", "many")
            #expect(messages.count == 100)
            let conversations = try await memory.completions(of: Self.template("memory://conversation/{id}"), "id", "c")
            #expect(conversations.count == 100)
            #expect(conversations.first == "c150")
        }
    }
}
