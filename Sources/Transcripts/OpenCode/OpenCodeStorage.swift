import JSON
import MemoryModel

/// One session in OpenCode's storage: a record for each message, `{"session": …, "info": …, "parts": […]}`, in the order of the ids, which
/// are made of the time.
struct OpenCodeStorage: TranscriptDocuments {
    private static let maximumFile = 64 << 20
    private static let maximumMessage = 256 << 20
    /// A message that nobody wrote for so long broke off with its process.
    static let idleTime: Int64 = 600_000
    /// A prompt's parts are written right behind it.
    private static let promptTime: Int64 = 2_000

    let identity: String
    let ids: [String]
    private let storage: String
    private let session: JSONValue
    private let sessionID: String
    private let now: Timestamp

    init(_ location: TranscriptLocation, now: Timestamp) {
        sessionID = location.session ?? location.baseName
        identity = sessionID
        self.now = now
        storage = TranscriptLocation.directory(of: location.path, up: 3)
        session = Self.head(Self.read(location.path))
        ids = DocumentFile.names(in: "\(storage)/message/\(sessionID)").filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
    }

    func document(at index: Int) throws(TranscriptFilesError) -> TranscriptDocument {
        let id = ids[index]
        let path = "\(storage)/message/\(sessionID)/\(id).json"
        let file: DocumentFile
        do throws(TranscriptFilesError) {
            file = try DocumentFile.read(path, limit: Self.maximumFile)
        } catch {
            // Taken back by the user since the directory was listed.
            if DocumentFile.modified(path) == nil { return .incomplete }
            throw error
        }
        let info: JSONValue
        do throws(LineRefusal) {
            info = try TranscriptLineReader().read(file.bytes) ?? .null
        } catch {
            return isIdle(since: file.modified) ? .unreadable(error, bytes: file.bytes) : .incomplete
        }
        let parts = try parts(of: id)
        let isLast = index == ids.count - 1
        let modified = max(file.modified, parts.modified)
        guard !isLast || isIdle(since: modified) || isComplete(info, parts.values, modified) else { return .incomplete }
        // A part that is being written is waited for as long as the message may still change.
        if parts.isCutOff, !isIdle(since: modified) { return .incomplete }
        let record = JSONValue.object(["session": session, "info": info, "parts": .array(parts.values)])
        return .record(record, length: file.bytes.count + parts.length)
    }

    /// What of a session's description holds for its messages; the rest (times, sums of changes) is written anew with every one of them.
    static func head(_ session: JSONValue?) -> JSONValue {
        let kept = ["id", "slug", "version", "projectID", "directory", "parentID", "title"]
        return .object(JSONObject((session?.object?.members ?? []).filter { kept.contains($0.key) }))
    }

    private func isIdle(since modified: Timestamp) -> Bool { now.milliseconds - modified.milliseconds > Self.idleTime }

    private func isComplete(_ info: JSONValue, _ parts: [JSONValue], _ modified: Timestamp) -> Bool {
        switch info["role"]?.string {
        case "user": !parts.isEmpty && now.milliseconds - modified.milliseconds > Self.promptTime
        default: info["time"]?["completed"] != nil || info["error"] != nil
        }
    }

    private struct Parts {
        var values: [JSONValue] = []
        var length = 0
        var modified = Timestamp.distantPast
        var isCutOff = false
    }

    private func parts(of message: String) throws(TranscriptFilesError) -> Parts {
        var result = Parts()
        let directory = "\(storage)/part/\(message)"
        for name in DocumentFile.names(in: directory) where name.hasSuffix(".json") {
            let path = "\(directory)/\(name)"
            guard let file = try? DocumentFile.read(path, limit: Self.maximumFile) else {
                result.values.append(Self.placeholder(name, "the file cannot be read or is longer than \(Self.maximumFile) bytes"))
                continue
            }
            result.length += file.bytes.count
            guard result.length <= Self.maximumMessage else {
                let cause = "the parts are longer than \(Self.maximumMessage) bytes together"
                throw TranscriptFilesError(root: directory, isMissing: false, cause: cause)
            }
            result.modified = max(result.modified, file.modified)
            do throws(LineRefusal) {
                if let value = try TranscriptLineReader().read(file.bytes) { result.values.append(value) }
            } catch {
                result.isCutOff = true
                result.values.append(Self.placeholder(name, "\(error)"))
            }
        }
        return result
    }

    /// What stands for a part that cannot be read, so that its place is not lost.
    private static func placeholder(_ name: String, _ reason: String) -> JSONValue {
        ["id": .string(String(name.dropLast(5))), "type": "unreadable", "reason": .string(reason)]
    }

    static func read(_ path: String) -> JSONValue? {
        guard let file = try? DocumentFile.read(path, limit: maximumFile) else { return nil }
        return (try? TranscriptLineReader().read(file.bytes)) ?? nil
    }

    /// How many of the last messages may still change: those that are read again.
    private static let changingMessages = 2

    /// Of the directory of messages, and of all files of the last ones: none of them touches the file that describes the session, and a part
    /// that is written in place touches no directory either.
    static func stamps(of location: TranscriptLocation) -> [FileStamp] {
        let (messages, last) = lastMessages(of: location)
        var paths = [messages] + last.map { "\(messages)/\($0).json" }
        for directory in partDirectories(last, location) {
            paths.append(directory)
            paths += DocumentFile.names(in: directory).map { "\(directory)/\($0)" }
        }
        return paths.compactMap { FileStamp.lookAtAny($0) }
    }

    static func partDirectories(of location: TranscriptLocation) -> [String] { partDirectories(lastMessages(of: location).ids, location) }

    private static func partDirectories(_ messages: [String], _ location: TranscriptLocation) -> [String] {
        let storage = TranscriptLocation.directory(of: location.path, up: 3)
        return messages.map { "\(storage)/part/\($0)" }
    }

    private static func lastMessages(of location: TranscriptLocation) -> (directory: String, ids: [String]) {
        let directory = "\(TranscriptLocation.directory(of: location.path, up: 3))/message/\(location.session ?? location.baseName)"
        let names = DocumentFile.names(in: directory).filter { $0.hasSuffix(".json") }
        return (directory, names.suffix(changingMessages).map { String($0.dropLast(5)) })
    }

    /// The file that describes a session, which lies in the directory of its project.
    static func sessionFile(_ session: String, in storage: String) -> String? {
        guard session.hasPrefix("ses_") else { return nil }
        return DocumentFile.names(in: "\(storage)/session").lazy.map { "\(storage)/session/\($0)/\(session).json" }
            .first { DocumentFile.modified($0) != nil }
    }
}

/// What `opencode export` writes: one document, `{"info": …, "messages": [{"info": …, "parts": […]}]}`.
struct OpenCodeExport: TranscriptDocuments {
    private static let maximumLength = 256 << 20

    let identity: String
    private(set) var ids: [String] = []
    private var records: [JSONValue] = []

    init(_ path: String) throws(TranscriptFilesError) {
        let file = try DocumentFile.read(path, limit: Self.maximumLength)
        identity = file.identity
        do throws(LineRefusal) {
            guard let document = try TranscriptLineReader().read(file.bytes), let info = document["info"] else { return }
            let session = OpenCodeStorage.head(info)
            for (index, message) in (document["messages"]?.array ?? []).enumerated() {
                ids.append(message["info"]?["id"]?.string ?? "#\(index)")
                records.append(.object(["session": session, "info": message["info"] ?? .null, "parts": message["parts"] ?? .null]))
            }
        } catch {
            throw TranscriptFilesError(root: path, isMissing: false, cause: "as an export of OpenCode, \(error)")
        }
    }

    func document(at index: Int) -> TranscriptDocument {
        .record(records[index], length: JSONWriter.bytes(of: records[index]).count)
    }
}
