import MemoryModel
package import Redaction

/// Transcripts of Claude Code.
package struct ClaudeCodeFormat: TranscriptFormat {
    package init() {}

    package var agent: RedactedText { ClaudeCodeReader.agent }

    package func location(_ path: String, under root: String) -> TranscriptLocation? {
        TranscriptLocation(path: path, under: root)
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
