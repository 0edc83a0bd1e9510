package import JSON
package import Redaction

/// Rollout files of Codex CLI: `$CODEX_HOME/sessions/YYYY/MM/DD/rollout-TIME-UUID.jsonl`, and those that were archived, in
/// `archived_sessions`. ``CodexReader`` says where the format was taken from.
package struct CodexFormat: TranscriptFormat {
    package init() {}

    package var agent: RedactedText { CodexReader.agent }

    package var name: String { "Codex CLI" }

    package func roots(environment: [String: String], home: String) -> [String] {
        let base = environment["CODEX_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.codex"
        return ["\(base)/sessions", "\(base)/archived_sessions"]
    }

    package func location(_ path: String, under root: String) -> TranscriptLocation? {
        let parts = TranscriptLocation.components(path)
        guard let name = parts.last, name.hasPrefix("rollout-"), name.hasSuffix(".jsonl") else { return nil }
        let folders = parts.dropLast()
        guard folders.last == "archived_sessions" || folders.last == "sessions" || Self.isDay(folders.suffix(3)) else { return nil }
        return location(ofCopy: path)
    }

    /// The file is named after its session: the last 36 bytes of the name are the uuid.
    package func location(ofCopy path: String) -> TranscriptLocation {
        let name = TranscriptLocation.baseName(of: path)
        let id = name.suffix(36)
        return TranscriptLocation(path: path, baseName: name, session: TranscriptLocation.isUUID(id) ? String(id) : nil)
    }

    private static func isDay(_ folders: ArraySlice<String>) -> Bool {
        folders.map(\.utf8.count) == [4, 2, 2] && folders.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    package func recognises(_ record: JSONValue) -> Bool {
        if let type = record["type"]?.string, record["payload"]?.object != nil { return CodexReader.lineTypes.contains(type) }
        if record["record_type"]?.string == "state" { return true }
        // The head of 2025.
        return record["type"] == nil && record["id"]?.string != nil && record["timestamp"]?.string != nil && record.object?["instructions"] != nil
    }

    package var namesDirectoryOnce: Bool { true }

    package func workingDirectory(of record: RedactedJSON) -> RedactedText? { record["payload"]?["cwd"]?.nonEmpty }

    package func reader(
        _ location: TranscriptLocation, state: RedactedJSON?, echoes: OwnEchoes, redactor: Redactor
    ) -> (any TranscriptReader)? {
        guard let state else { return CodexReader(location: location, echoes: echoes, redactor: redactor) }
        return CodexReader(state: state, echoes: echoes)
    }
}
