import JSON
import Transcripts

extension AgentFixture {
    static let codexSession = "019a5c5a-eb02-7ff0-90af-653b66eba9f4"
    private static let codexChild = "019a5c5b-0000-7ff0-90af-653b66eba9f5"

    private static func rollout(_ second: Int, _ type: String, _ payload: JSONValue) -> JSONValue {
        ["timestamp": .string("2026-07-13T16:41:\(second < 10 ? "0" : "")\(second).145Z"), "type": .string(type), "payload": payload]
    }

    private static func item(_ second: Int, _ payload: JSONValue) -> JSONValue { rollout(second, "response_item", payload) }

    private static func said(_ role: String, _ text: String, id: String? = nil) -> JSONValue {
        var message: JSONObject = [
            "type": "message", "role": .string(role),
            "content": [["type": .string(role == "assistant" ? "output_text" : "input_text"), "text": .string(text)]],
        ]
        if let id { message["id"] = .string(id) }
        return .object(message)
    }

    private static func tokens(_ second: Int, total: Int64) -> JSONValue {
        let last: JSONValue = [
            "input_tokens": 100, "cached_input_tokens": 60, "output_tokens": 7, "reasoning_output_tokens": 3, "total_tokens": 107,
        ]
        let info: JSONValue = ["total_token_usage": ["total_tokens": .integer(total)], "last_token_usage": last, "model_context_window": 353_400]
        return rollout(second, "event_msg", ["type": "token_count", "info": info, "rate_limits": nil])
    }

    /// Codex CLI of mid 2026, by its protocol at rust-v0.144.3.
    package static let codex = AgentFixture(
        name: "Codex CLI, 2026", format: CodexFormat(), root: ".codex/sessions",
        files: [
            File(
                "2026/07/13/rollout-2026-07-13T16-41-30-\(codexSession).jsonl",
                lines([
                    rollout(
                        1, "session_meta",
                        [
                            "session_id": .string(codexSession), "id": .string(codexSession), "timestamp": "2026-07-13T16:41:00.114Z",
                            "cwd": "/home/ana/zoo", "originator": "codex-tui", "cli_version": "0.144.3", "source": "cli",
                            "model_provider": "openai", "base_instructions": ["text": "You are Codex…"], "history_mode": "legacy",
                            "git": ["commit_hash": "abc1234", "branch": "owls", "repository_url": "https://example.org/zoo.git"],
                        ]),
                    item(2, said("developer", "<permissions instructions>\nread-only\n</permissions instructions>")),
                    item(3, said("user", "# AGENTS.md instructions for /home/ana/zoo\n\n<INSTRUCTIONS>\nFeed the owls.\n</INSTRUCTIONS>")),
                    item(4, said("user", "<environment_context>\n  <cwd>/home/ana/zoo</cwd>\n</environment_context>")),
                    rollout(5, "turn_context", ["turn_id": "t1", "cwd": "/home/ana/zoo", "model": "gpt-5.6-sol", "effort": "high"]),
                    rollout(5, "event_msg", ["type": "task_started", "turn_id": "t1"]),
                    item(6, said("user", "Which codexneedle lives behind the bridge?")),
                    rollout(6, "event_msg", ["type": "user_message", "message": "Which codexneedle lives behind the bridge?", "images": []]),
                    item(
                        7,
                        [
                            "type": "reasoning", "id": "rs_0123456789abcdef01234567",
                            "summary": [["type": "summary_text", "text": "**Looking around**"]], "encrypted_content": "gAAA",
                        ]),
                    item(
                        8,
                        [
                            "type": "function_call", "id": "fc_0123456789abcdef01234567", "name": "exec_command",
                            "arguments": "{\"cmd\":\"ls\"}", "call_id": "call_AAAAAAAAAAAAAAAAAAAAAAAA",
                        ]),
                    item(
                        9,
                        ["type": "function_call_output", "call_id": "call_AAAAAAAAAAAAAAAAAAAAAAAA", "output": "Exit code: 1\nOutput:\nno such owl"]),
                    item(
                        10,
                        [
                            "type": "function_call", "name": "search_messages", "namespace": "mcp__magenta-memory__",
                            "arguments": "{\"query\":\"owl\"}", "call_id": "call_BBBBBBBBBBBBBBBBBBBBBBBB",
                        ]),
                    item(
                        11,
                        [
                            "type": "function_call_output", "call_id": "call_BBBBBBBBBBBBBBBBBBBBBBBB",
                            "output": ["content": [["type": "input_text", "text": .string(echo)]], "success": true],
                        ]),
                    item(
                        12,
                        [
                            "type": "custom_tool_call", "status": "completed", "name": "apply_patch", "input": "*** Begin Patch",
                            "call_id": "call_CCCCCCCCCCCCCCCCCCCCCCCC",
                        ]),
                    item(13, ["type": "custom_tool_call_output", "call_id": "call_CCCCCCCCCCCCCCCCCCCCCCCC", "output": "Success."]),
                    item(14, said("assistant", "A zebra lives there.", id: "msg_0123456789abcdef01234567")),
                    rollout(14, "event_msg", ["type": "agent_message", "message": "A zebra lives there.", "phase": "final_answer"]),
                    tokens(15, total: 107),
                    tokens(15, total: 107),
                    rollout(16, "event_msg", ["type": "task_complete", "turn_id": "t1", "last_agent_message": "A zebra lives there."]),
                    rollout(17, "event_msg", ["type": "thread_name_updated", "thread_name": "Zoo behind the bridge"]),
                    rollout(
                        20, "compacted",
                        [
                            "message": "Another language model started to solve this problem and produced a summary: a zebra was found.",
                            "replacement_history": [said("user", "Which animal lives behind the bridge?")],
                        ]),
                    rollout(20, "event_msg", ["type": "context_compacted"]),
                    rollout(20, "world_state", ["full": true, "state": ["skills": []]]),
                    rollout(21, "turn_context", ["turn_id": "t2", "cwd": "/home/ana/zoo", "model": "gpt-5.6-sol"]),
                    item(
                        22,
                        [
                            "type": "message", "role": "user",
                            "content": [
                                ["type": "input_text", "text": "And in this picture?"],
                                ["type": "input_image", "image_url": "data:image/png;base64,QUJDRA=="],
                            ],
                        ]),
                    item(23, ["type": "web_search_call", "status": "completed", "action": ["type": "search", "query": "zebra"]]),
                    item(24, said("assistant", "Two owls.")),
                    tokens(25, total: 214),
                    rollout(26, "event_msg", ["type": "error", "message": "stream disconnected before completion"]),
                ]))
        ],
        transcript: "2026/07/13/rollout-2026-07-13T16-41-30-\(codexSession).jsonl", session: codexSession,
        outline: [
            "system meta", "system meta", "system meta", "human prompt", "agent thinking", "agent tool_call", "tool tool_result",
            "agent tool_call echo", "tool tool_result echo", "agent tool_call", "tool tool_result", "agent reply", "system continuation",
            "human prompt", "agent tool_call", "agent reply", "system error",
        ],
        openers: ["start", "boundary"], title: "Zoo behind the bridge", project: "/home/ana/zoo", branch: "owls", model: "gpt-5.6-sol",
        tokens: 2 * (40 + 7 + 60), needle: "codexneedle")

    /// A sub-agent's file, which begins with its own head and then repeats its parent's.
    package static let codexAgent = AgentFixture(
        name: "Codex CLI, a sub-agent", format: CodexFormat(), root: ".codex/sessions",
        files: [
            File(
                "2026/07/13/rollout-2026-07-13T16-50-00-\(codexChild).jsonl",
                lines([
                    rollout(
                        30, "session_meta",
                        [
                            "id": .string(codexChild), "timestamp": "2026-07-13T16:50:00.000Z", "cwd": "/home/ana/zoo", "cli_version": "0.144.3",
                            "source": [
                                "subagent": ["thread_spawn": ["parent_thread_id": .string(codexSession), "depth": 1, "agent_role": "explorer"]]
                            ],
                        ]),
                    rollout(30, "session_meta", ["id": .string(codexSession), "cwd": "/home/ana/elsewhere", "source": "cli"]),
                    rollout(31, "turn_context", ["turn_id": "c1", "cwd": "/home/ana/zoo", "model": "gpt-5.6-sol"]),
                    item(32, said("user", "Count the owls behind the codexchildneedle.")),
                    item(33, said("assistant", "There are two.")),
                ]))
        ],
        transcript: "2026/07/13/rollout-2026-07-13T16-50-00-\(codexChild).jsonl", session: codexSession,
        outline: ["agent prompt", "agent reply"], openers: ["agent:\(codexChild)"], title: nil, project: "/home/ana/zoo", branch: nil,
        model: "gpt-5.6-sol", tokens: 0, needle: "codexchildneedle")

    private static let codexOld = "c3c4b301-27c8-4c70-b6e4-46b99fdf0236"

    /// Codex CLI of August 2025: bare items, without time, directory or model.
    package static let codexOf2025 = AgentFixture(
        name: "Codex CLI, 2025", format: CodexFormat(), root: ".codex/sessions",
        files: [
            File(
                "2025/08/18/rollout-2025-08-18T01-16-13-\(codexOld).jsonl",
                lines([
                    [
                        "id": .string(codexOld), "timestamp": "2025-08-18T01:16:13.522Z", "instructions": nil,
                        "git": ["commit_hash": "abc123", "branch": "main"],
                    ],
                    ["record_type": "state"],
                    said("user", "<environment_context>\n  <cwd>/home/ana/barn</cwd>\n</environment_context>"),
                    said("user", "Where is the oldcodexneedle?"),
                    ["record_type": "state"],
                    ["type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAA"],
                    [
                        "type": "function_call", "id": nil, "name": "shell", "arguments": "{\"command\":[\"bash\",\"-lc\",\"ls\"]}",
                        "call_id": "call_1",
                    ],
                    [
                        "type": "function_call_output", "call_id": "call_1",
                        "output": "{\"output\":\"barn\\n\",\"metadata\":{\"exit_code\":0,\"duration_seconds\":0.0}}",
                    ],
                    ["type": "function_call", "name": "magenta-memory__search_messages", "arguments": "{}", "call_id": "call_2"],
                    ["type": "function_call_output", "call_id": "call_2", "output": .string(echo)],
                    said("assistant", "In the barn."),
                ]))
        ],
        transcript: "2025/08/18/rollout-2025-08-18T01-16-13-\(codexOld).jsonl", session: codexOld,
        outline: [
            "system meta", "human prompt", "agent thinking", "agent tool_call", "tool tool_result", "agent tool_call echo", "tool tool_result echo",
            "agent reply",
        ],
        openers: ["start"], title: nil, project: "/home/ana/barn", branch: "main", model: nil, tokens: 0, needle: "oldcodexneedle")
}
