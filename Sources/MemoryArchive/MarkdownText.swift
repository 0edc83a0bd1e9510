import JSON
import MemoryModel
import MemoryStore

/// A conversation as Markdown (CommonMark 0.31). What was said stands as it is; what tools got and gave is fenced and folded.
enum MarkdownText {
    static func head(_ summary: ConversationSummary) -> String {
        var text = "# \(line(summary.title ?? summary.id))\n\n- conversation: `\(code(summary.id))`\n"
        if let project = summary.project { text += "- project: `\(code(project))`\n" }
        return text + "- last message: \(summary.lastTime)\n"
    }

    static func heading(_ window: ContextWindow) -> String {
        let what =
            switch window.opening {
            case .start: "Start"
            case .compaction: "After a compaction"
            case .continuation: "Continuation"
            case .agent: "Sub-agent\(window.agentID.map { " `\(code($0))`" } ?? "")"
            }
        return "\n## \(what)\(window.firstTime.map { ", \($0)" } ?? "")\n"
    }

    static func of(_ message: Message) -> String {
        let speaker = message.participant.name.map { "\(message.participant.role.rawValue) (\(line($0)))" } ?? message.participant.role.rawValue
        var text = "\n### \(speaker), \(message.kind.rawValue.replacing("_", with: " ")), \(message.time)\n\n<!-- \(comment(message.id)) -->\n"
        for block in message.blocks { text += "\n" + of(block) + "\n" }
        return text
    }

    private static func of(_ block: Block) -> String {
        switch block.kind {
        case .text: return block.text
        case .toolUse: return folded("Tool call: \(block.name ?? "")", pretty(block.text), language: "json")
        case .toolResult: return folded(block.isError ? "Tool result: error" : "Tool result", block.text)
        case .thinking: return folded("Thinking", block.text)
        case .redactedThinking: return "*(encrypted thinking)*"
        case .image, .document: return "*(\(line(block.text)))*"
        case .unknown: return folded("Block of kind \(block.name ?? "unknown")", block.text, language: "json")
        }
    }

    /// A details element; the blank lines let the fence within be Markdown again.
    private static func folded(_ title: String, _ text: String, language: String = "") -> String {
        let fence = fence(for: text)
        let ending = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
        return "<details><summary>\(markup(line(title)))</summary>\n\n\(fence)\(language)\n\(text)\(ending)\(fence)\n\n</details>"
    }

    /// Longer than every run of backticks in the text, so that nothing in it ends the block.
    private static func fence(for text: String) -> String {
        var longest = 2
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return String(repeating: "`", count: longest + 1)
    }

    /// The input of a tool over several lines, each member on one.
    private static func pretty(_ text: String) -> String {
        guard let object = try? JSONReader(maximumDepth: 1024, refusesDuplicateKeys: false).read(text).object, !object.isEmpty else {
            return text
        }
        let members = object.members.map { "  \(JSONValue.string($0.key)): \($0.value)" }
        return "{\n\(members.joined(separator: ",\n"))\n}"
    }

    private static func line(_ text: String) -> String {
        String(text.prefix(200)).split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func code(_ text: String) -> String {
        line(text).replacing("`", with: "'")
    }

    private static func markup(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static func comment(_ text: String) -> String {
        line(text).replacing("--", with: "- -")
    }
}
