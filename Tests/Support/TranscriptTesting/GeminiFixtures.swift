import JSON
import Transcripts

extension AgentFixture {
    private static let geminiSession = "7b1c3f0e-5d2a-4f6b-9a53-0c1d2e3f4a5b"
    private static let geminiOld = "8c2d4f1e-6e3b-4a7c-8b64-1d2e3f4a5b6c"

    private static func message(_ number: Int, _ type: String, _ content: JSONValue, _ more: JSONObject = [:]) -> JSONValue {
        var record: JSONObject = [
            "id": .string("4a3b2c1d-0000-4000-8000-00000000000\(number)"), "timestamp": .string("2026-05-02T09:0\(number):00.000Z"),
            "type": .string(type), "content": content,
        ]
        for member in more.members { record[member.key] = member.value }
        return .object(record)
    }

    private static let usage: JSONValue = ["input": 200, "output": 11, "cached": 50, "thoughts": 4, "tool": 0, "total": 215]

    private static func call(_ id: String, _ name: String, _ output: String, status: String = "success") -> JSONValue {
        [
            "id": .string(id), "name": .string(name), "args": ["path": "src"], "status": .string(status),
            "timestamp": "2026-05-02T09:02:10.000Z", "displayName": .string(name),
            "result": [["functionResponse": ["id": .string(id), "name": .string(name), "response": ["output": .string(output)]]]],
        ]
    }

    private static let thought: JSONValue = [
        "subject": "Looking", "description": "I look at the fence.", "timestamp": "2026-05-02T09:02:00.000Z",
    ]

    /// Gemini CLI of 2026: lines, where a message is written again as it grows.
    package static let gemini = AgentFixture(
        name: "Gemini CLI, 2026", format: GeminiFormat(), root: ".gemini/tmp",
        files: [
            File("zoo/.project_root", "/home/ana/zoo"),
            File("zoo/logs.json", "[]"),
            File(
                "zoo/chats/session-2026-05-02T09-00-7b1c3f0e.jsonl",
                lines([
                    [
                        "sessionId": .string(geminiSession), "projectHash": "f00d", "startTime": "2026-05-02T09:00:00.000Z",
                        "lastUpdated": "2026-05-02T09:00:00.000Z", "kind": "main",
                    ],
                    message(1, "user", [["text": "Who mends the gemininneedle fence?"]]),
                    ["$set": ["lastUpdated": "2026-05-02T09:01:00.000Z"]],
                    message(2, "gemini", "I look.", ["thoughts": [thought], "tokens": nil, "model": "gemini-3-pro"]),
                    message(2, "gemini", "I look.", ["thoughts": [thought], "tokens": usage, "model": "gemini-3-pro"]),
                    message(
                        2, "gemini", "I look.",
                        [
                            "thoughts": [thought], "tokens": usage, "model": "gemini-3-pro",
                            "toolCalls": [call("list-1", "list_directory", "fence.txt")],
                        ]),
                    message(3, "gemini", "", ["model": "gemini-3-pro", "toolCalls": [call("mem-1", "mcp_magenta-memory_search_messages", echo)]]),
                    message(
                        4, "gemini", "The carpenter mends it.",
                        ["thoughts": [], "tokens": ["input": 10, "output": 1, "cached": 0, "total": 11], "model": "gemini-3-pro"]),
                    ["$set": ["summary": "Mending the fence"]],
                    message(5, "info", "Switched to another model."),
                    [
                        "$set": [
                            "messages": [
                                message(6, "user", [["text": "<state_snapshot>\nThe carpenter mends the fence.\n</state_snapshot>"]]),
                                message(4, "gemini", [["text": "The carpenter mends it."]]),
                            ],
                            "lastUpdated": "2026-05-02T09:06:00.000Z",
                        ]
                    ],
                    message(7, "user", [["text": "And this?"], ["inlineData": ["mimeType": "image/png", "data": "QUJDRA=="]]]),
                    ["$rewindTo": "4a3b2c1d-0000-4000-8000-000000000007"],
                    message(8, "error", "The quota is used up."),
                ])),
        ],
        transcript: "zoo/chats/session-2026-05-02T09-00-7b1c3f0e.jsonl", session: geminiSession,
        outline: [
            "human prompt", "agent reply", "agent tool_call", "agent tool_call echo", "agent reply", "system meta", "system continuation",
            "human prompt", "system error",
        ],
        openers: ["start", "boundary"], title: "Mending the fence", project: "/home/ana/zoo", branch: nil, model: "gemini-3-pro",
        tokens: (150 + 15 + 50) + 11, needle: "gemininneedle")

    /// What an agent of Gemini CLI ran: a file of its own below that of the session.
    package static let geminiAgent = AgentFixture(
        name: "Gemini CLI, a sub-agent", format: GeminiFormat(), root: ".gemini/tmp",
        files: [
            File(
                "zoo/chats/\(geminiSession)/investigator-1.jsonl",
                lines([
                    [
                        "sessionId": "investigator-1", "projectHash": "f00d", "startTime": "2026-05-02T09:02:00.000Z",
                        "lastUpdated": "2026-05-02T09:02:00.000Z", "kind": "subagent", "directories": ["/home/ana/zoo"],
                    ],
                    message(8, "user", "Look for the geminichildneedle.", ["id": "6c4a3b2c-0000-4000-8000-000000000001"]),
                    message(9, "gemini", "It is here.", ["id": "6c4a3b2c-0000-4000-8000-000000000002", "model": "gemini-3-flash"]),
                ]))
        ],
        transcript: "zoo/chats/\(geminiSession)/investigator-1.jsonl", session: geminiSession, outline: ["agent prompt", "agent reply"],
        openers: ["agent:investigator-1"], title: nil, project: "/home/ana/zoo", branch: nil, model: "gemini-3-flash", tokens: 0,
        needle: "geminichildneedle")

    /// Gemini CLI of 2025: one document a session.
    package static let geminiDocument = AgentFixture(
        name: "Gemini CLI, 2025", format: GeminiFormat(), root: ".gemini/tmp",
        files: [
            File(
                "0f1e2d3c4b5a/chats/session-2025-10-02T09-00-8c2d4f1e.json",
                JSONWriter.string(
                    of: [
                        "sessionId": .string(geminiOld), "projectHash": "0f1e2d3c4b5a", "startTime": "2025-10-02T09:00:00.000Z",
                        "lastUpdated": "2025-10-02T09:09:00.000Z", "summary": "The needle in the shed",
                        "messages": [
                            [
                                "id": "5b4c3d2e-0000-4000-8000-000000000001", "timestamp": "2025-10-02T09:01:00.000Z", "type": "user",
                                "content": "Where is the oldgemininneedle?",
                            ],
                            [
                                "id": "5b4c3d2e-0000-4000-8000-000000000002", "timestamp": "2025-10-02T09:02:00.000Z", "type": "gemini",
                                "content": "In the shed.", "model": "gemini-2.5-pro", "tokens": usage,
                                "toolCalls": [
                                    call("read-1", "read_file", "File not found", status: "error"),
                                    call("own-1", "magenta-memory__search_messages", echo),
                                ],
                            ],
                        ],
                    ]))
        ],
        transcript: "0f1e2d3c4b5a/chats/session-2025-10-02T09-00-8c2d4f1e.json", session: geminiOld,
        outline: ["human prompt", "agent tool_call"], openers: ["start"], title: "The needle in the shed", project: nil, branch: nil,
        model: "gemini-2.5-pro",
        tokens: 150 + 15 + 50, needle: "oldgemininneedle")
}
