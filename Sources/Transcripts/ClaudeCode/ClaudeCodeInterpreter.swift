package import Redaction

/// Says what a line of a Claude Code transcript means, by itself: no place in a file, no input or output.
///
/// Written for versions 1.0 to 2.1.330. There is no specification; what the records look like was observed. A type that is
/// new is kept raw under ``BookkeepingRule/unknownType``, with its id and parent, since it can be the parent of messages.
package struct ClaudeCodeInterpreter: Sendable {
    package let echoes: OwnEchoes

    package init(echoes: OwnEchoes) {
        self.echoes = echoes
    }

    /// - Parameter tools: the tool uses before this line, which results name by id alone.
    package func record(_ line: RedactedJSON, tools: ToolUseMemory = ToolUseMemory()) -> TranscriptRecord {
        var record = TranscriptRecord(content: .bookkeeping(.unknownType))
        Self.readEnvelope(line, into: &record)
        switch line["type"]?.string?.value {
        case "user": readUser(line, tools, into: &record)
        case "assistant": readAssistant(line, into: &record)
        case "system": readSystem(line, into: &record)
        case "attachment": readAttachment(line, into: &record)
        case let type: readBookkeeping(line, type, into: &record)
        }
        return record
    }
}
