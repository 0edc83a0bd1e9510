import MemoryModel
import Redaction

/// The markup in which Claude Code writes slash commands, `!` commands and what they printed.
///
/// A body is a command only if it is nothing but the markup: people quote it.
struct SlashCommand {
    private struct Element {
        var tag: String
        var text: RedactedText
    }

    private static let tags = [
        "command-name", "command-message", "command-args", "command-contents", "local-command-stdout", "local-command-stderr",
        "local-command-caveat", "bash-input", "bash-stdout", "bash-stderr",
    ]

    private var elements: [Element] = []

    init?(_ body: RedactedText) {
        guard body.length <= 4 << 20 else { return nil }
        let text = body.trimmed
        guard text.hasPrefix("<") else { return nil }
        let bytes = Array(text.value.utf8)
        var index = 0
        while index < bytes.count {
            guard let tag = Self.tags.first(where: { Self.stands("<\($0)>", in: bytes, at: index) }) else { return nil }
            let start = index + tag.utf8.count + 2
            guard let end = Self.end(of: tag, in: bytes, from: start), let inner = text.part(start..<end) else { return nil }
            elements.append(Element(tag: tag, text: inner))
            index = end + tag.utf8.count + 3
            while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) { index += 1 }
        }
        guard !elements.isEmpty else { return nil }
    }

    /// As a person would have typed or read it.
    var message: TranscriptMessage {
        if let input = self["bash-input"] { return command("! " + input.trimmed) }
        if let name = self["command-name"] ?? self["command-message"] {
            let arguments = (self["command-args"] ?? .empty).trimmed
            return command(arguments.isEmpty ? name.trimmed : name.trimmed + " " + arguments)
        }
        let isCaveat = elements.allSatisfy { $0.tag == "local-command-caveat" }
        let parts = elements.map(\.text).filter { !$0.trimmed.isEmpty }
        return TranscriptMessage(
            role: .system, kind: isCaveat ? .meta : .commandOutput,
            blocks: [TranscriptBlock(kind: .text, text: parts.joined(separator: "\n"))])
    }

    private func command(_ text: RedactedText) -> TranscriptMessage {
        TranscriptMessage(role: .human, kind: .command, blocks: [TranscriptBlock(kind: .text, text: text)])
    }

    private subscript(tag: String) -> RedactedText? { elements.first { $0.tag == tag }?.text }

    /// The first closing tag; where more markup or nothing follows it. Output may hold its own closing tag as text, so
    /// otherwise the last one.
    private static func end(of tag: String, in bytes: [UInt8], from start: Int) -> Int? {
        let closing = "</\(tag)>"
        let length = closing.utf8.count
        var index = start
        while index + length <= bytes.count {
            if bytes[index] == UInt8(ascii: "<"), stands(closing, in: bytes, at: index), isFollowedByMarkup(bytes, from: index + length) {
                return index
            }
            index += 1
        }
        return nil
    }

    private static func isFollowedByMarkup(_ bytes: [UInt8], from start: Int) -> Bool {
        var index = start
        while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) { index += 1 }
        return index == bytes.count || tags.contains { stands("<\($0)>", in: bytes, at: index) }
    }

    private static func stands(_ text: String, in bytes: [UInt8], at index: Int) -> Bool {
        bytes.count - index >= text.utf8.count && bytes[index...].starts(with: text.utf8)
    }
}
