import JSON
import Transcripts

extension AgentFixture {
    private static let claudeSession = "5e551011-0000-4000-8000-000000000077"

    private static func record(_ number: Int, _ type: String, _ more: JSONObject) -> JSONValue {
        var record: JSONObject = [
            "parentUuid": number > 1 ? .string(claudeID(number - 1)) : nil, "isSidechain": false, "userType": "external",
            "cwd": "/home/ana/zoo", "sessionId": .string(claudeSession), "version": "2.1.330", "gitBranch": "owls", "type": .string(type),
            "uuid": .string(claudeID(number)), "timestamp": .string("2026-03-01T10:0\(number):00.000Z"),
        ]
        for member in more.members { record[member.key] = member.value }
        return .object(record)
    }

    private static func claudeID(_ number: Int) -> String { "77000000-0000-4000-8000-00000000000\(number)" }

    private static func reply(_ number: Int, _ block: JSONValue) -> JSONValue {
        record(
            number, "assistant",
            [
                "message": [
                    "id": "msg_claude", "type": "message", "role": "assistant", "model": "claude-opus-4-6", "content": [block],
                    "usage": ["input_tokens": 5, "output_tokens": 9, "cache_creation_input_tokens": 1, "cache_read_input_tokens": 2],
                ]
            ])
    }

    private static func user(_ number: Int, _ content: JSONValue, _ more: JSONObject = [:]) -> JSONValue {
        var members: JSONObject = ["message": ["role": "user", "content": content]]
        for member in more.members { members[member.key] = member.value }
        return record(number, "user", members)
    }

    /// Claude Code of 2.1.
    package static let claudeCode = AgentFixture(
        name: "Claude Code, 2.1", format: ClaudeCodeFormat(), root: ".claude/projects",
        files: [
            File(
                "-home-ana-zoo/\(claudeSession).jsonl",
                lines([
                    ["type": "custom-title", "customTitle": "Claude's zoo", "sessionId": .string(claudeSession)],
                    user(1, "Which claudeneedle sleeps?"),
                    reply(2, ["type": "tool_use", "id": "toolu_1", "name": "mcp__magenta-memory__search_messages", "input": ["query": "q"]]),
                    user(3, [["type": "tool_result", "tool_use_id": "toolu_1", "content": .string(echo)]]),
                    reply(4, ["type": "text", "text": "The owl."]),
                    record(
                        5, "system",
                        ["subtype": "compact_boundary", "content": "Conversation compacted", "compactMetadata": ["trigger": "auto", "preTokens": 9]]),
                    user(6, "This session is being continued from a previous conversation.", ["isCompactSummary": true]),
                    user(7, "Thank you."),
                ]))
        ],
        transcript: "-home-ana-zoo/\(claudeSession).jsonl", session: claudeSession,
        outline: [
            "human prompt", "agent tool_call echo", "tool tool_result echo", "agent reply", "system continuation", "human prompt",
        ],
        openers: ["start", "boundary:77000000-0000-4000-8000-000000000005"], title: "Claude's zoo", project: "/home/ana/zoo", branch: "owls",
        model: "claude-opus-4-6", tokens: 17, needle: "claudeneedle")
}
