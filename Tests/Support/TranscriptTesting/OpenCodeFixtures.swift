import JSON
import Transcripts

extension AgentFixture {
    private static let openCodeSession = "ses_7fa2c1e9bffeBICghRNeI7BWy6"
    private static let openCodeChildSession = "ses_7fa2c1e9affeBICghRNeI7BWy7"
    private static let project = "3f2a9c1e7b6d5a4c8e9f0a1b2c3d4e5f6a7b8c9d"
    private static let start: Int64 = 1_760_000_000_000

    private struct Turn {
        var info: JSONValue
        var parts: [JSONValue]
    }

    private static func id(_ prefix: String, _ number: Int) -> JSONValue {
        .string("\(prefix)_b96306d83001UHECFoap\(number < 10 ? "0" : "")\(number)")
    }

    private static func turn(_ number: Int, _ session: String, _ role: String, _ more: JSONObject, _ parts: [JSONObject]) -> Turn {
        var info: JSONObject = [
            "id": id("msg", number), "sessionID": .string(session), "role": .string(role),
            "time": ["created": .integer(start + Int64(number) * 60_000)],
        ]
        if role == "assistant" {
            info["time"] = ["created": .integer(start + Int64(number) * 60_000), "completed": .integer(start + Int64(number) * 60_000 + 5000)]
            info["parentID"] = id("msg", number - 1)
            info["modelID"] = "claude-sonnet-4-5"
            info["providerID"] = "anthropic"
            info["mode"] = "build"
            info["path"] = ["cwd": "/home/ana/zoo/src", "root": "/home/ana/zoo"]
            info["cost"] = 0.01
            info["tokens"] = ["input": 30, "output": 5, "reasoning": 2, "cache": ["read": 100, "write": 20]]
        }
        for member in more.members { info[member.key] = member.value }
        let all = parts.enumerated().map { place, part in
            var part = part
            part["id"] = id("prt", number * 10 + place)
            part["sessionID"] = .string(session)
            part["messageID"] = id("msg", number)
            return JSONValue.object(part)
        }
        return Turn(info: .object(info), parts: all)
    }

    private static func text(_ text: String, _ more: JSONObject = [:]) -> JSONObject {
        var part: JSONObject = ["type": "text", "text": .string(text)]
        for member in more.members { part[member.key] = member.value }
        return part
    }

    private static func tool(_ name: String, _ call: String, _ state: JSONValue) -> JSONObject {
        ["type": "tool", "callID": .string(call), "tool": .string(name), "state": state]
    }

    private static func completed(_ output: String, _ metadata: JSONValue = [:]) -> JSONValue {
        [
            "status": "completed", "input": ["filePath": "zoo.txt"], "output": .string(output), "title": "zoo.txt", "metadata": metadata,
            "time": ["start": .integer(start), "end": .integer(start + 1)],
        ]
    }

    private static func session(_ id: String, _ title: String, parent: String? = nil) -> JSONValue {
        var session: JSONObject = [
            "id": .string(id), "version": "1.1.20", "projectID": .string(project), "directory": "/home/ana/zoo", "title": .string(title),
            "time": ["created": .integer(start), "updated": .integer(start + 900_000)], "summary": ["additions": 1, "deletions": 0, "files": 1],
        ]
        if let parent { session["parentID"] = .string(parent) }
        return .object(session)
    }

    private static func turns(_ session: String, needle: String) -> [Turn] {
        [
            turn(
                1, session, "user", ["agent": "build"],
                [
                    text("Which \(needle) eats at noon?"), text("Called the Read tool: zoo.txt", ["synthetic": true]),
                    ["type": "file", "mime": "image/png", "filename": "zoo.png", "url": "data:image/png;base64,QUJDRA=="],
                ]),
            turn(
                2, session, "assistant", [:],
                [
                    ["type": "step-start", "snapshot": "a1"],
                    ["type": "reasoning", "text": "I should read.", "time": ["start": .integer(start), "end": .integer(start + 1)]],
                    text("I read the list."), tool("read", "call_01", completed("owls at noon")),
                    tool("edit", "call_02", ["status": "error", "input": [:], "error": "oldString not found", "time": ["start": 1, "end": 2]]),
                    [
                        "type": "step-finish", "reason": "tool-calls", "cost": 0.01,
                        "tokens": ["input": 30, "output": 5, "reasoning": 2, "cache": ["read": 100, "write": 20]],
                    ],
                ]),
            turn(3, session, "assistant", ["tokens": [:]], [tool("magenta-memory_search_messages", "call_03", completed(echo))]),
            turn(
                4, session, "assistant", ["tokens": [:]],
                [tool("task", "call_04", completed("two owls", ["sessionId": .string(openCodeChildSession)])), text("Two owls eat at noon.")]),
            turn(5, session, "user", [:], [["type": "compaction", "auto": true]]),
            turn(6, session, "assistant", ["summary": true, "mode": "compaction", "tokens": [:]], [text("Summary: the owls eat at noon.")]),
            turn(7, session, "user", [:], [text("The following tool was executed by the user", ["synthetic": true])]),
            turn(8, session, "user", [:], [text("Thank you.")]),
            turn(
                9, session, "assistant",
                ["error": ["name": "APIError", "data": ["message": "Overloaded", "statusCode": 529]], "tokens": [:]], []),
        ]
    }

    private static let outlineOfTurns = [
        "human prompt", "agent tool_call", "agent tool_call echo", "agent tool_call", "system continuation", "system meta", "human prompt",
        "system error",
    ]

    private static func storage(_ info: JSONValue, _ turns: [Turn]) -> [File] {
        let session = info["id"]?.string ?? ""
        var files = [File("session/\(project)/\(session).json", JSONWriter.string(of: info))]
        for turn in turns {
            let message = turn.info["id"]?.string ?? ""
            files.append(File("message/\(session)/\(message).json", JSONWriter.string(of: turn.info)))
            files += turn.parts.map { File("part/\(message)/\($0["id"]?.string ?? "").json", JSONWriter.string(of: $0)) }
        }
        return files
    }

    /// OpenCode of 1.0 and 1.1: a file for each session, message and part.
    package static let openCode = AgentFixture(
        name: "OpenCode, storage", format: OpenCodeFormat(), root: ".local/share/opencode/storage",
        files: [File("project/\(project).json", "{}")]
            + storage(session(openCodeSession, "Feeding the owls"), turns(openCodeSession, needle: "opencodeneedle")),
        transcript: "session/\(project)/\(openCodeSession).json", session: openCodeSession, outline: outlineOfTurns,
        openers: ["start", "boundary:msg_b96306d83001UHECFoap05"], title: "Feeding the owls", project: "/home/ana/zoo", branch: nil,
        model: "claude-sonnet-4-5", tokens: 157, needle: "opencodeneedle")

    /// What the tool `task` ran: a session of its own that names its parent.
    package static let openCodeChild = AgentFixture(
        name: "OpenCode, a child session", format: OpenCodeFormat(), root: ".local/share/opencode/storage",
        files: storage(
            session(openCodeChildSession, "Child session - 2025", parent: openCodeSession),
            [
                turn(21, openCodeChildSession, "user", [:], [text("Count the opencodechildneedle.")]),
                turn(22, openCodeChildSession, "assistant", ["tokens": [:]], [text("Two.")]),
            ]),
        transcript: "session/\(project)/\(openCodeChildSession).json", session: openCodeSession, outline: ["agent prompt", "agent reply"],
        openers: ["agent:\(openCodeChildSession)"], title: nil, project: "/home/ana/zoo", branch: nil, model: "claude-sonnet-4-5", tokens: 0,
        needle: "opencodechildneedle")

    private static let exported = "ses_6fa2c1e9bffeBICghRNeI7BWy9"

    /// What `opencode export` writes of a session that is in the database of newer versions. It lies wherever the user put it.
    package static let openCodeExport = AgentFixture(
        name: "OpenCode, an export", format: OpenCodeFormat(), root: "exports",
        files: [
            File(
                "session.json",
                JSONWriter.string(
                    of: [
                        "info": session(exported, "Feeding the owls"),
                        "messages": .array(
                            turns(exported, needle: "exportneedle").map { turn in
                                // Ids are unique among all sessions.
                                var info = turn.info.object ?? [:]
                                info["id"] = .string((info["id"]?.string ?? "") + "x")
                                return ["info": .object(info), "parts": .array(turn.parts)]
                            }),
                    ]))
        ],
        transcript: "session.json", session: exported, outline: outlineOfTurns, openers: ["start", "boundary:msg_b96306d83001UHECFoap05x"],
        title: "Feeding the owls", project: "/home/ana/zoo", branch: nil, model: "claude-sonnet-4-5", tokens: 157, needle: "exportneedle")
}
