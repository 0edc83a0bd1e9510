import MemoryModel
import Redaction

/// The content blocks of a message: all of them, in their order, unknown ones as placeholders.
enum ClaudeCodeBlocks {
    /// How much of a block of an unknown type is kept as text; the raw record holds the rest.
    static let maximumUnknownLength = 16_384

    static func read(_ content: RedactedJSON?) -> [TranscriptBlock] {
        guard let content, !content.isNull else { return [] }
        if let text = content.string { return [TranscriptBlock(kind: .text, text: text)] }
        guard let elements = content.array else { return [unknown(content, "content")] }
        return elements.map(block)
    }

    private static func block(_ element: RedactedJSON) -> TranscriptBlock {
        if let text = element.string { return TranscriptBlock(kind: .text, text: text) }
        switch element["type"]?.string?.value {
        case "text": return TranscriptBlock(kind: .text, text: element["text"]?.string ?? .empty)
        case "thinking": return TranscriptBlock(kind: .thinking, text: element["thinking"]?.string ?? .empty)
        case "redacted_thinking": return TranscriptBlock(kind: .redactedThinking, text: .empty)
        case "tool_use": return toolUse(element)
        case "tool_result": return toolResult(element)
        case "image": return TranscriptBlock(kind: .image, text: placeholder("image", element))
        case "document": return document(element)
        default: return unknown(element, element["type"]?.string ?? "untyped")
        }
    }

    private static func toolUse(_ element: RedactedJSON) -> TranscriptBlock {
        let name = element["name"]?.string ?? "unnamed"
        let input = element["input"]
        var block = TranscriptBlock(
            kind: .toolUse, text: input?.text ?? .empty, toolUseID: element["id"].flatMap(ClaudeCodeInterpreter.identifier), name: name)
        // Task became Agent in 2.1.63.
        if name == "Task" || name == "Agent" { block.spawnPrompt = input?["prompt"]?.string }
        return block
    }

    private static func toolResult(_ element: RedactedJSON) -> TranscriptBlock {
        TranscriptBlock(
            kind: .toolResult, text: resultText(element["content"]),
            toolUseID: element["tool_use_id"].flatMap(ClaudeCodeInterpreter.identifier),
            isError: element["is_error"]?.bool ?? false)
    }

    private static func resultText(_ content: RedactedJSON?) -> RedactedText {
        guard let content, !content.isNull else { return .empty }
        if let text = content.string { return text }
        guard let parts = content.array else { return unknown(content, "content").text }
        return parts.map { part in
            if let text = part.string { return text }
            switch part["type"]?.string?.value {
            case "text": return part["text"]?.string ?? .empty
            case "image": return placeholder("image", part)
            case "document": return document(part).text
            case "tool_reference": return "[tool " + (part["tool_name"]?.string ?? part["name"]?.string ?? "unnamed") + "]"
            default: return unknown(part, part["type"]?.string ?? "untyped").text
            }
        }.joined(separator: "\n")
    }

    private static func document(_ element: RedactedJSON) -> TranscriptBlock {
        var parts = [placeholder("document", element)]
        if let title = element["title"]?.string { parts.append(title) }
        if let source = element["source"], source["type"]?.string == "text", let text = source["data"]?.string { parts.append(text) }
        return TranscriptBlock(kind: .document, text: parts.joined(separator: "\n"))
    }

    /// `[image image/png, 12345 bytes]`
    private static func placeholder(_ noun: RedactedText, _ element: RedactedJSON) -> RedactedText {
        let source = element["source"] ?? element["file"]
        let media = source?["media_type"]?.string ?? source?["type"]?.string ?? "of unknown type"
        var text = "[" + noun + " " + media.prefix(bytes: 128)
        if let url = source?["url"]?.string {
            text += " " + url.prefix(bytes: 1024)
        } else if let data = source?["data"]?.string {
            let isText = source?["type"]?.string == "text"
            text += ", " + RedactedText(number: isText ? data.length : decodedLength(data)) + " bytes"
        }
        return text + "]"
    }

    /// The length that base64 stands for (RFC 4648 section 4).
    private static func decodedLength(_ data: RedactedText) -> Int {
        let padding = data.value.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
        return max(0, data.length / 4 * 3 - padding)
    }

    private static func unknown(_ element: RedactedJSON, _ type: RedactedText) -> TranscriptBlock {
        let name = type.prefix(bytes: 128)
        return TranscriptBlock(kind: .unknown, text: element.text.prefix(bytes: maximumUnknownLength), name: name)
    }
}
