package import JSON
package import MemoryModel
package import Redaction

/// Sessions of OpenCode as JSON files: `storage/session/PROJECT/SESSION.json` with `storage/message/SESSION/MESSAGE.json` and
/// `storage/part/MESSAGE/PART.json`, and what `opencode export` writes. ``OpenCodeReader`` says where the format was taken from.
package struct OpenCodeFormat: TranscriptFormat {
    package init() {}

    package var agent: RedactedText { OpenCodeReader.agent }

    package var name: String { "OpenCode" }

    package func roots(environment: [String: String], home: String) -> [String] { [Self.data(environment, home) + "/storage"] }

    /// The database came with 1.2 (anomalyco/opencode, February 2026); the files of before stay where they are.
    package func notice(environment: [String: String], home: String, exists: (String) -> Bool) -> String? {
        let database = Self.data(environment, home) + "/opencode.db"
        guard exists(database) else { return nil }
        return "OpenCode's sessions in \(database) are not read; write one to a file by `opencode export SESSION > FILE` and import that"
    }

    private static func data(_ environment: [String: String], _ home: String) -> String {
        // A relative XDG path is to be ignored, says the specification.
        let base = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/share"
        return "\(base)/opencode"
    }

    package func location(_ path: String, under root: String) -> TranscriptLocation? {
        let parts = TranscriptLocation.components(path)
        guard parts.count > 2, let name = parts.last, name.hasPrefix("ses_"), name.hasSuffix(".json"), parts[parts.count - 3] == "session" else {
            return nil
        }
        let session = TranscriptLocation.baseName(of: path)
        return TranscriptLocation(path: path, baseName: session, session: session, projectDirectory: parts[parts.count - 2])
    }

    package func location(ofCopy path: String) -> TranscriptLocation {
        TranscriptLocation(path: path, baseName: TranscriptLocation.baseName(of: path))
    }

    package func recognises(_ record: JSONValue) -> Bool {
        record["info"]?["id"]?.string?.hasPrefix("ses") == true && record["messages"]?.array != nil
    }

    package func skips(directory: String) -> Bool {
        // What lies beside `session` is found by way of it. In `message` a reply is written again when it is complete, so that is watched.
        let name = directory.split(separator: "/").last ?? ""
        guard ["part", "session_diff", "todo", "project", "migration"].contains(String(name)) else { return false }
        return TranscriptLocation.directory(of: directory).hasSuffix("opencode/storage")
    }

    package func holdsParts(directory: String) -> Bool { directory.hasSuffix("opencode/storage/part") }

    package func partDirectories(of location: TranscriptLocation) -> [String] {
        self.location(location.path, under: "") == nil ? [] : OpenCodeStorage.partDirectories(of: location)
    }

    package func isDocumentName(_ name: String) -> Bool { name.hasPrefix("ses_") && name.hasSuffix(".json") }

    package func stamp(of location: TranscriptLocation) -> FileStamp? {
        guard var stamp = FileStamp.look(at: location.path), self.location(location.path, under: "") != nil else {
            return FileStamp.look(at: location.path)
        }
        for part in OpenCodeStorage.stamps(of: location) {
            stamp.modified = max(stamp.modified, part.modified)
            stamp.changed = max(stamp.changed, part.changed)
            stamp.otherBytes &+= part.size
        }
        return stamp
    }

    package func transcript(holding path: String, under root: String) -> String? {
        if location(path, under: root) != nil { return path }
        let parts = TranscriptLocation.components(path)
        guard parts.count > 3, path.hasSuffix(".json") else { return nil }
        let storage = TranscriptLocation.directory(of: path, up: 3)
        switch parts[parts.count - 3] {
        case "message": return OpenCodeStorage.sessionFile(parts[parts.count - 2], in: storage)
        case "part":
            guard let part = OpenCodeStorage.read(path), let session = part["sessionID"]?.string else { return nil }
            return OpenCodeStorage.sessionFile(session, in: storage)
        default: return nil
        }
    }

    package func documents(of location: TranscriptLocation, now: Timestamp) throws(TranscriptFilesError) -> (any TranscriptDocuments)? {
        self.location(location.path, under: "") != nil ? OpenCodeStorage(location, now: now) : try OpenCodeExport(location.path)
    }

    package func workingDirectory(of record: RedactedJSON) -> RedactedText? {
        record["info"]?["path"]?["cwd"]?.nonEmpty ?? record["session"]?["directory"]?.nonEmpty
    }

    package func reader(
        _ location: TranscriptLocation, state: RedactedJSON?, echoes: OwnEchoes, redactor: Redactor
    ) -> (any TranscriptReader)? {
        guard let state else { return OpenCodeReader(location: location, echoes: echoes, redactor: redactor) }
        return OpenCodeReader(state: state, echoes: echoes)
    }
}
