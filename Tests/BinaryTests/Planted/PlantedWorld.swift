import BinaryTesting
import FoundationEssentials
import JSON
import TranscriptTesting

/// Transcripts with secrets in every place that text can hide.
struct PlantedWorld {
    struct Place {
        enum Trace {
            /// In the store, where nothing redacts it.
            case stored
            /// In a log, where nothing redacts it.
            case logged
            /// Nowhere, redacted or not: a line that cannot be read, a question.
            case nowhere
        }

        var name: String
        var secret: PlantedSecret
        var trace: Trace
    }

    let isControl: Bool
    private(set) var places: [Place] = []

    init(isControl: Bool) {
        self.isControl = isControl
    }

    /// A place of its own for each call.
    mutating func plant(_ name: String, _ trace: Place.Trace = .stored) -> PlantedSecret {
        let secret = PlantedSecret(place: places.count, isControl: isControl)
        places.append(Place(name: name, secret: secret, trace: trace))
        return secret
    }

    mutating func text(_ name: String, _ trace: Place.Trace = .stored) -> JSONValue { .string("see \(plant(name, trace).text) there") }

    /// Claude Code's lines, and what follows them: a malformed line and half a line.
    mutating func claudeCode() -> String {
        var transcript = Transcript()
        let first = plant("prompt").text
        transcript.prompt(1, "Look at \(first) please")
        transcript.reply(2, "It says \(plant("reply").text)")
        let thinking: JSONValue = ["type": "thinking", "thinking": text("thinking"), "signature": text("signature of thinking")]
        transcript.add("assistant", 3, ["message": ["role": "assistant", "content": [thinking]]])
        let input: JSONValue = [
            "command": text("tool input"), "deep": [["list": [text("nested tool input")]]],
            "json": .string(#"{"inner":"\#(plant("JSON within JSON").text)"}"#),
            "twice": .string(#"{"inner":"\#(PlantedSecret.escaped(plant("escapes within escapes").text))"}"#),
        ]
        transcript.toolUse(4, "Bash", input)
        transcript.toolResult(5, text: text("tool result"), structured: ["out": text("structured result")], server: plant("server's name").text)
        let parts: JSONValue = [["type": "text", "text": text("block of a tool result")]]
        let block: JSONValue = ["type": "tool_result", "tool_use_id": "toolu_4", "content": parts, "is_error": true]
        let blocks: JSONValue = ["role": "user", "content": [block]]
        let outcome: JSONValue = [
            "stdout": text("stdout"), "stderr": text("stderr"), "filePath": text("filePath"), "originalFile": text("originalFile"),
            "structuredPatch": [["lines": [text("patch")]]], plant("key of an object").text: 1,
        ]
        transcript.add("user", 6, ["message": blocks, "toolUseResult": outcome])
        let file: JSONValue = ["file": ["content": text("attachment")]]
        let attachment: JSONValue = ["type": "file", "filename": text("name of an attachment"), "content": file]
        transcript.add("attachment", 7, ["attachment": attachment])
        transcript.add(
            "user", 8, ["message": ["role": "user", "content": text("prompt elsewhere")], "cwd": .string("/home/dev/\(plant("cwd").text)")])
        transcript.add("user", 9, ["message": ["role": "user", "content": text("prompt on a branch")], "gitBranch": .string(plant("branch").text)])
        transcript.add("system", 10, ["subtype": "local_command", "content": text("local command"), "level": "info"])
        let compaction: JSONValue = ["trigger": text("trigger")]
        transcript.add("system", 11, ["subtype": "compact_boundary", "content": "Conversation compacted", "compactMetadata": compaction])
        transcript.add("user", 12, ["message": ["role": "user", "content": text("compaction summary")], "isCompactSummary": true])
        transcript.add("assistant", 13, ["message": ["role": "assistant", "model": text("model"), "content": [["type": "text", "text": "ok"]]]])
        transcript.add("progress", 14, ["data": ["type": "hook_progress", "command": text("progress")], "slug": text("slug")])
        transcript.toolUse(15, "mcp__other__look", ["query": text("argument of another server's tool"), "image": text("unknown member")])
        transcript.prompt(16, String(repeating: "filler text that goes on ", count: 90_000) + plant("end of a huge line").text)
        var lines = transcript.lines
        lines.append(line(["type": "summary", "leafUuid": .string(Transcript.id(2)), "summary": text("summary")]))
        lines.append(line(["type": "custom-title", "sessionId": .string(Transcript.session), "customTitle": text("title")]))
        lines.append(line(["type": "ai-title", "sessionId": .string(Transcript.session), "aiTitle": text("title of a model")]))
        lines.append(line(["type": "queue-operation", "operation": "enqueue", "sessionId": .string(Transcript.session), "content": text("queue")]))
        lines.append(line(["type": "file-history-snapshot", "snapshot": ["trackedFileBackups": [plant("file history").text: [:]]]]))
        lines.append(line(["type": .string(plant("unknown type").text), "anything": text("unknown record")]))
        let escaped = PlantedSecret.escaped(plant("prompt in escapes").text)
        lines.append(lines[0].replacing(Transcript.id(1), with: Transcript.id(40)).replacing(first, with: escaped))
        lines.append(#"{"type":"user","message":{"content":"\#(plant("malformed line", .nowhere).text)"}"#)
        lines.append(#"["\#(plant("line that is no object", .nowhere).text)"]"#)
        return lines.map { $0 + "\n" }.joined() + #"{"type":"user","message":{"content":"\#(plant("half line", .nowhere).text)"#
    }

    /// A session in which each secret begins in one block and ends in the next.
    mutating func split() -> String {
        var transcript = Transcript()
        for (number, name) in ["blocks of a reply", "blocks of a result"].enumerated() {
            for (count, secret) in plant("split over \(name)").all.enumerated() {
                let half = secret.index(secret.startIndex, offsetBy: secret.count / 2)
                let parts = [secret[..<half], secret[half...]].map { part -> JSONValue in ["type": "text", "text": .string(String(part))] }
                let id = 50 + number * 10 + count
                let content: JSONValue = number == 0 ? .array(parts) : [["type": "tool_result", "tool_use_id": "toolu_1", "content": .array(parts)]]
                transcript.add(number == 0 ? "assistant" : "user", id, ["message": ["role": number == 0 ? "assistant" : "user", "content": content]])
            }
        }
        return transcript.text.replacing(Transcript.session, with: Transcript.session.replacing("1", with: "2"))
    }

    /// Writes everything below `world/` and gives what `magenta import` is to read.
    mutating func write(in scratch: Scratch) throws -> [String] {
        let folder = "world/transcripts/-home-dev-\(plant("directory of a project").text)"
        try scratch.write(claudeCode(), to: "\(folder)/\(Transcript.session).jsonl")
        try scratch.write(split(), to: "\(folder)/\(plant("name of a transcript").text).jsonl")
        var paths = [scratch.path("world/transcripts")]
        for fixture in AgentFixture.all {
            let secret = plant("session of \(fixture.name)").text
            for file in fixture.files {
                let text = file.text.replacing(fixture.needle, with: "\(fixture.needle) \(secret)")
                    .replacing("no such owl", with: "no such owl \(secret)")
                let path = try scratch.write(text, to: "world/agents/\(fixture.root)/\(file.path)")
                // The agent has long been through with it.
                try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path)
            }
            paths.append(scratch.path("world/agents/\(fixture.root)/\(fixture.transcript)"))
        }
        return paths
    }

    private func line(_ value: JSONValue) -> String { JSONWriter.string(of: value) }
}
