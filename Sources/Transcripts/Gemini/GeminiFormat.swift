package import JSON
package import MemoryModel
package import Redaction

/// Sessions of Gemini CLI: `~/.gemini/tmp/PROJECT/chats/session-TIME-ID.jsonl`, before that `.json`, and those of sub-agents in
/// `chats/SESSION/ID.jsonl`. ``GeminiReader`` says where the format was taken from.
package struct GeminiFormat: TranscriptFormat {
    package init() {}

    package var agent: RedactedText { GeminiReader.agent }

    package var name: String { "Gemini CLI" }

    package func roots(environment: [String: String], home: String) -> [String] {
        let base = environment["GEMINI_CLI_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home
        return ["\(base)/.gemini/tmp"]
    }

    package func location(_ path: String, under root: String) -> TranscriptLocation? {
        let parts = TranscriptLocation.components(path)
        guard let name = parts.last, parts.count > 1, name.hasSuffix(".jsonl") || name.hasSuffix(".json") else { return nil }
        let folders = parts.dropLast()
        if folders.last == "chats", name.hasPrefix("session-") {
            var location = TranscriptLocation(path: path, baseName: TranscriptLocation.baseName(of: path), projectDirectory: folders.dropLast().last)
            location.metadataPath = TranscriptLocation.directory(of: path, up: 2) + "/.project_root"
            return location
        }
        guard folders.dropLast().last == "chats", name.hasSuffix(".jsonl"), let session = folders.last else { return nil }
        let id = TranscriptLocation.baseName(of: path)
        return TranscriptLocation(
            path: path, baseName: id, agentID: id, session: session, projectDirectory: folders.dropLast(2).last,
            metadataPath: TranscriptLocation.directory(of: path, up: 3) + "/.project_root")
    }

    package func isDocumentName(_ name: String) -> Bool { name.hasPrefix("session-") && name.hasSuffix(".json") }

    package func recognises(_ record: JSONValue) -> Bool {
        if record["sessionId"]?.string != nil, record["projectHash"]?.string != nil { return true }
        if record["$set"]?.object != nil || record["$rewindTo"]?.string != nil { return true }
        return record["type"]?.string == "gemini" && record["id"]?.string != nil
    }

    package func documents(of location: TranscriptLocation, now: Timestamp) throws(TranscriptFilesError) -> (any TranscriptDocuments)? {
        location.path.hasSuffix(".jsonl") ? nil : try GeminiDocuments(location.path, now: now)
    }

    package var namesDirectoryOnce: Bool { true }

    package func workingDirectory(of record: RedactedJSON) -> RedactedText? {
        (record["directories"] ?? record["$set"]?["directories"])?.array?.first?.nonEmpty
    }

    /// `.project_root` holds nothing but the path.
    package func workingDirectory(ofSideFile file: RedactedJSON) -> RedactedText? { file.nonEmpty?.trimmed }

    package func reader(
        _ location: TranscriptLocation, state: RedactedJSON?, echoes: OwnEchoes, redactor: Redactor
    ) -> (any TranscriptReader)? {
        guard let state else { return GeminiReader(location: location, echoes: echoes, redactor: redactor) }
        return GeminiReader(state: state, echoes: echoes)
    }
}
