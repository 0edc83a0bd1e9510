import JSON
import MemoryModel

/// A session of the versions before lines: one document, written again with every message. Its head is the first record, its messages are
/// those behind it, and a summary, which is made when the next session begins, is the last.
struct GeminiDocuments: TranscriptDocuments {
    private static let maximumLength = 256 << 20
    /// A file that breaks off and is younger is being written.
    private static let writeTime: Int64 = 10_000

    let identity: String
    private(set) var ids: [String] = []
    private var records: [JSONValue] = []

    init(_ path: String, now: Timestamp) throws(TranscriptFilesError) {
        let file = try DocumentFile.read(path, limit: Self.maximumLength)
        identity = file.identity
        do throws(LineRefusal) {
            guard let document = try TranscriptLineReader().read(file.bytes)?.object else { return }
            add(document)
        } catch {
            guard error == .cutOff, now.milliseconds - file.modified.milliseconds < Self.writeTime else {
                throw TranscriptFilesError(root: path, isMissing: false, cause: "as a document of Gemini CLI, \(error)")
            }
        }
    }

    private mutating func add(_ document: JSONObject) {
        let messages = document["messages"]?.array ?? []
        // What changes with every message would make the head another one.
        let changing: Set<String> = ["messages", "lastUpdated", "summary"]
        let head = JSONObject(document.members.filter { !changing.contains($0.key) })
        records = [.object(head)] + messages
        ids = ["head"] + messages.enumerated().map { $0.element["id"]?.string ?? "#\($0.offset)" }
        guard let summary = document["summary"] else { return }
        records.append(.object(["sessionId": document["sessionId"] ?? .null, "summary": summary]))
        ids.append("summary")
    }

    func document(at index: Int) -> TranscriptDocument {
        let record = records[index]
        guard record.object != nil else { return .unreadable(.notAnObject(record.kindName), bytes: JSONWriter.bytes(of: record)) }
        return .record(record, length: JSONWriter.bytes(of: record).count)
    }
}
