import MemoryModel
package import Redaction

/// Recognises what magenta itself said when it comes back in a transcript, so that memory does not feed on itself: calls of
/// its tools and their answers, and every payload that carries its marker.
package struct OwnEchoes: Sendable {
    private let toolNames: Set<String>
    private let marker: [UInt8]

    /// - Parameters:
    ///   - toolNames: as the server lists them; Claude Code writes `mcp__SERVER__NAME`.
    ///   - marker: stands in everything that magenta answers or injects; empty for none.
    package init(toolNames: Set<String>, marker: String) {
        self.toolNames = toolNames
        self.marker = Array(marker.utf8)
    }

    package static let none = OwnEchoes(toolNames: [], marker: "")

    /// Claude Code, Codex and newer OpenCode write `mcp__SERVER__TOOL`. Gemini writes `mcp_SERVER_TOOL` or `SERVER__TOOL`, older Codex
    /// `SERVER__TOOL`, older OpenCode `SERVER_TOOL`: there the server has to be of magenta's name, since nothing tells where it ends.
    package func isOwnTool(_ name: RedactedText) -> Bool {
        let hasServer = name.hasPrefix("mcp__")
        guard hasServer || Self.namesMagenta(name) else { return false }
        return toolNames.contains { name.value.hasSuffix((hasServer ? "__" : "_") + $0) }
    }

    private static func namesMagenta(_ name: RedactedText) -> Bool { name.length <= 256 && name.value.lowercased().contains("magenta") }

    /// Whether the name tells the server too. Other servers have a `search_messages` of their own, whose results are somebody's words:
    /// those are echoes only where they carry the marker.
    package func isOnOwnServer(_ name: RedactedText) -> Bool {
        isOwnTool(name) && Self.namesMagenta(name)
    }

    package func carriesMarker(_ text: RedactedText) -> Bool { text.contains(marker) }

    /// Flags a message that is nothing but echo. In a message that is more, the echoes lose their text and the rest stays.
    ///
    /// - Parameter isInjected: the client wrote it. What a person typed or the agent said may quote the marker.
    func marking(_ message: TranscriptMessage, isInjected: Bool, _ tools: ToolUseMemory) -> TranscriptMessage {
        let echoes = message.blocks.map { isEcho($0, isInjected: isInjected, tools) }
        guard echoes.contains(true) else { return message }
        var message = message
        if zip(message.blocks, echoes).allSatisfy({ block, isEcho in isEcho || block.text.isEmpty }) {
            message.isOwnEcho = true
        } else {
            for index in message.blocks.indices where echoes[index] { message.blocks[index].text = .empty }
        }
        return message
    }

    private func isEcho(_ block: TranscriptBlock, isInjected: Bool, _ tools: ToolUseMemory) -> Bool {
        switch block.kind {
        case .toolUse: block.name.map(isOwnTool) ?? false
        case .toolResult: (block.toolUseID.map(tools.isOwn) ?? false) || carriesMarker(block.text)
        default: isInjected && carriesMarker(block.text)
        }
    }
}
