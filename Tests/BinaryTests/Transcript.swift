import BinaryTesting
import JSON

/// A hand-made Claude Code transcript, in the shapes of 2.1.
struct Transcript {
    static let session = "5e551011-0000-4000-8000-000000000001"
    private(set) var lines: [String] = []
    private var minute = 0

    /// A uuid that a reader of a failed test can tell from others.
    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    mutating func prompt(_ number: Int, _ text: String) {
        add("user", number, ["message": ["role": "user", "content": .string(text)]])
    }

    mutating func reply(_ number: Int, _ text: String) {
        add("assistant", number, ["message": assistant(number, [["type": "text", "text": .string(text)]])])
    }

    mutating func toolUse(_ number: Int, _ tool: String, _ input: JSONValue) {
        let use: JSONValue = ["type": "tool_use", "id": .string("toolu_\(number)"), "name": .string(tool), "input": input]
        add("assistant", number, ["message": assistant(number, [use])])
    }

    /// The answer to the tool use before it as Claude Code 2.1.330 writes an MCP tool's: the text twice, the structured form once.
    mutating func toolResult(_ number: Int, text: JSONValue, structured: JSONValue, server: String) {
        let block: JSONValue = ["tool_use_id": .string("toolu_\(number - 1)"), "type": "tool_result", "content": text]
        add(
            "user", number,
            [
                "message": ["role": "user", "content": [block]],
                "toolUseResult": text,
                "mcpMeta": [
                    "_meta": ["io.modelcontextprotocol/serverInfo": ["name": .string(server), "version": ""]],
                    "structuredContent": structured,
                ],
                "mcpCallNotReadOnly": "no_hint",
                "sourceToolAssistantUUID": .string(Self.id(number - 1)),
            ])
    }

    mutating func add(_ type: String, _ number: Int, _ more: JSONObject) {
        minute += 1
        var record: JSONObject = [
            "parentUuid": number > 1 ? .string(Self.id(number - 1)) : nil, "isSidechain": false, "userType": "external",
            "cwd": "/home/dev/zoo", "sessionId": .string(Self.session), "version": "2.1.330", "gitBranch": "main",
            "type": .string(type), "uuid": .string(Self.id(number)),
            "timestamp": .string("2026-03-01T10:\(minute < 10 ? "0" : "")\(minute):00.000Z"),
        ]
        for member in more.members { record[member.key] = member.value }
        lines.append(JSONWriter.string(of: .object(record)))
    }

    private func assistant(_ number: Int, _ content: JSONValue) -> JSONValue {
        [
            "id": .string("msg_\(number)"), "type": "message", "role": "assistant", "model": "claude-opus-4-6", "content": content,
            "stop_reason": "end_turn", "usage": ["input_tokens": 5, "output_tokens": 9],
        ]
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// Writes it where Claude Code would, below `transcripts`, and gives that folder.
    @discardableResult
    func write(in scratch: Scratch) throws -> String {
        try scratch.write(text, to: "transcripts/-home-dev-zoo/\(Self.session).jsonl")
        return scratch.path("transcripts")
    }

    /// Three messages, one of which names a zebra.
    static let zoo: Transcript = {
        var zoo = Transcript()
        zoo.prompt(1, "Which animals live behind the old bridge?")
        zoo.reply(2, "A zebra and two owls live there.")
        zoo.prompt(3, "Thank you, write that down.")
        return zoo
    }()
}

/// A store that holds ``Transcript/zoo``.
func withZoo<Value>(_ body: (_ scratch: Scratch, _ store: String) async throws -> Value) async throws -> Value {
    try await Scratch.with { scratch in
        let store = scratch.path("memory.sqlite")
        _ = try await Magenta.json(["import", try Transcript.zoo.write(in: scratch), "--store", store], in: scratch)
        return try await body(scratch, store)
    }
}

extension JSONValue {
    /// The ids of the messages that an answer of magenta holds, in their order.
    var messageIDs: [String]? { self["messages"]?.array?.compactMap { $0["id"]?.string } }
}

/// What every client must see of the zoo.
enum Zoo {
    static let tools = [
        "bootstrap_memory", "get_context_heap", "get_era_summary", "get_latest_continuation", "get_message_by_id", "get_messages_before",
        "get_recent_work", "random_messages", "search_messages",
    ]
    static let search: JSONValue = ["query": "zebra", "limit": 3]
    static let found = [Transcript.id(2)]
}
