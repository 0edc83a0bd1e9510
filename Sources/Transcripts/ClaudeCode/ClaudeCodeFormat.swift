package import JSON
import MemoryModel
package import Redaction

/// Transcripts of Claude Code.
package struct ClaudeCodeFormat: TranscriptFormat {
    package init() {}

    package var agent: RedactedText { ClaudeCodeReader.agent }

    package var name: String { "Claude Code" }

    package func roots(environment: [String: String], home: String) -> [String] {
        let base = environment["CLAUDE_CONFIG_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.claude"
        return ["\(base)/projects"]
    }

    package func location(_ path: String, under root: String) -> TranscriptLocation? {
        TranscriptLocation(path: path, under: root)
    }

    /// Only Claude Code names directories after paths (`-home-ana-zoo`); any other line file may be a copy of anybody's.
    package func isCertain(_ location: TranscriptLocation, under root: String) -> Bool {
        location.projectDirectory?.hasPrefix("-") ?? false || TranscriptLocation.components(root).suffix(2) == [".claude", "projects"]
    }

    package func recognises(_ record: JSONValue) -> Bool {
        guard record["payload"] == nil, record["projectHash"] == nil, let type = record["type"]?.string else { return false }
        if ["uuid", "parentUuid", "sessionId", "leafUuid"].contains(where: { record[$0] != nil }) { return true }
        return switch type {
        case "user", "assistant": record["message"] != nil
        default: ClaudeCodeInterpreter.isKnown(type)
        }
    }

    package func workingDirectory(of record: RedactedJSON) -> RedactedText? {
        record["cwd"].flatMap(ClaudeCodeInterpreter.nonEmpty)
    }

    package func outputPath(of record: RedactedJSON) -> RedactedText? {
        record["toolUseResult"]?["persistedOutputPath"]?.string
    }

    package func reader(
        _ location: TranscriptLocation, state: RedactedJSON?, echoes: OwnEchoes, redactor: Redactor
    ) -> (any TranscriptReader)? {
        if let state { return ClaudeCodeReader(state: state, location: location, echoes: echoes, redactor: redactor) }
        return ClaudeCodeReader(location: location, echoes: echoes, redactor: redactor, time: .distantPast)
    }
}
