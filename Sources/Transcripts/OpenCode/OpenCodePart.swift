import MemoryModel
import Redaction

/// The parts of a message of OpenCode.
enum OpenCodePart {
    /// What a part of a prompt holds; `nil` for what only repeats the text.
    static func said(_ part: RedactedJSON, isAlone: Bool) -> TranscriptBlock? {
        switch part["type"]?.string?.value {
        case "text":
            let text = part["text"]?.string ?? .empty
            // A file's content that the client put beside what was typed: kept, and not the user's words.
            return isInjected(part) && !isAlone ? TranscriptBlock(kind: .document, text: text) : .text(text)
        case "file": return .media(part["mime"]?.string, url: part["url"]?.string, name: part["filename"]?.string)
        case "subtask": return .text(part["prompt"]?.string ?? part["description"]?.string ?? .empty)
        case "agent", "snapshot", "patch", "step-start", "step-finish": return nil
        default: return .unknown(part, type: part["type"]?.string)
        }
    }

    static func isInjected(_ part: RedactedJSON) -> Bool { part["type"]?.string == "text" && part["synthetic"]?.bool == true }

    static func isTyped(_ part: RedactedJSON) -> Bool {
        switch part["type"]?.string?.value {
        case "text": part["synthetic"]?.bool != true
        case "file", "subtask": true
        default: false
        }
    }

    /// What a part of a reply holds: a tool gives its call, and its result where there is one.
    static func blocks(_ part: RedactedJSON) -> [TranscriptBlock] {
        switch part["type"]?.string?.value {
        case "text": part["text"]?.string.flatMap { $0.isEmpty ? nil : [.text($0)] } ?? []
        case "reasoning": [TranscriptBlock(kind: .thinking, text: part["text"]?.string ?? .empty)]
        case "tool": tool(part)
        case "file": [.media(part["mime"]?.string, url: part["url"]?.string, name: part["filename"]?.string)]
        case "snapshot", "patch", "step-start", "step-finish", "agent", "retry": []
        default: [.unknown(part, type: part["type"]?.string)]
        }
    }

    private static func tool(_ part: RedactedJSON) -> [TranscriptBlock] {
        let id = part["callID"]?.identifier
        let name = part["tool"]?.nonEmpty ?? "unnamed"
        let state = part["state"]
        let use = TranscriptBlock(kind: .toolUse, text: state?["input"]?.text ?? .empty, toolUseID: id, name: name)
        switch state?["status"]?.string?.value {
        case "completed":
            let media = (state?["attachments"]?.array ?? []).map {
                TranscriptBlock.media($0["mime"]?.string, url: $0["url"]?.string, name: $0["filename"]?.string)
            }
            return [use, TranscriptBlock(kind: .toolResult, text: state?["output"]?.string ?? .empty, toolUseID: id, name: name)] + media
        case "error":
            return [
                use, TranscriptBlock(kind: .toolResult, text: state?["error"]?.string ?? .empty, toolUseID: id, name: name, isError: true),
            ]
        // What did not end by the time the message did was cut off.
        default: return [use]
        }
    }

    /// Each step tells its own tokens, the message those of its last step alone.
    static func usage(_ info: RedactedJSON, _ parts: [RedactedJSON]) -> TokenUsage? {
        let steps = parts.filter { $0["type"]?.string == "step-finish" }.compactMap { $0["tokens"] }
        let all = steps.isEmpty ? [info["tokens"]].compactMap { $0 } : steps
        let usage = all.reduce(into: TokenUsage()) { sum, tokens in
            sum.input &+= tokens.count("input")
            sum.output &+= tokens.count("output") &+ tokens.count("reasoning")
            sum.cacheRead &+= tokens["cache"]?.count("read") ?? 0
            sum.cacheCreation &+= tokens["cache"]?.count("write") ?? 0
        }
        return usage == TokenUsage() ? nil : usage
    }

    /// `APIError: Overloaded`
    static func failure(_ error: RedactedJSON?) -> RedactedText? {
        guard let error, let name = error["name"]?.nonEmpty else { return nil }
        return error["data"]?["message"]?.string.map { name + ": " + $0 } ?? name
    }

    /// The tool `task` runs a child session.
    static func spawn(_ part: RedactedJSON) -> TranscriptFact? {
        guard part["type"]?.string == "tool", let id = part["callID"]?.identifier,
            let child = (part["state"]?["metadata"]?["sessionId"] ?? part["state"]?["metadata"]?["sessionID"])?.identifier
        else { return nil }
        return .spawn(.agent(child), toolUseID: id)
    }
}
