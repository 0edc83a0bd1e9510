import FoundationEssentials
import JSON
import MemoryModel
import MemoryStore

/// The copies of a store that magenta wrote, which no erasure reaches.
enum CopyNotes {
    /// The copy is there already, so a store that cannot keep the note is no reason to fail.
    static func note(_ kind: StoreCopy.Kind, _ path: String, in store: any MemoryStore) async {
        do { try await store.noteCopy(StoreCopy(kind: kind, path: path, time: SystemClock.now)) } catch {
            Terminal.complain("magenta: \(error); `magenta forget` will not name this copy")
        }
    }

    /// To be called before a file is written: a process that is killed meanwhile leaves a part of it under another name.
    static func noteDraft(_ kind: StoreCopy.Kind, _ path: String, in store: any MemoryStore) async {
        // A store that cannot keep notes says so once the copy is there.
        try? await store.noteCopy(StoreCopy(kind: kind, path: path + (kind == .export ? exportDraft : ".partial"), time: SystemClock.now))
    }

    /// Those that are there still, whole or in part. Whatever went to standard output may be anywhere.
    static func remaining(_ store: any MemoryStore) async throws -> [StoreCopy] {
        try await store.copies().flatMap { copy -> [StoreCopy] in
            if copy.kind == .export && copy.path.hasSuffix(exportDraft) { return drafts(copy) }
            return copy.path == "-" || FileManager.default.fileExists(atPath: copy.path) ? [copy] : []
        }
    }

    /// What the draft of an export has behind its name; the number of its process follows (``DraftFile``).
    private static let exportDraft = ".partial-"

    private static func drafts(_ copy: StoreCopy) -> [StoreCopy] {
        guard let slash = copy.path.lastIndex(of: "/") else { return [] }
        let folder = slash == copy.path.startIndex ? "/" : String(copy.path[..<slash])
        let name = String(copy.path[copy.path.index(after: slash)...])
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasPrefix(name) }.sorted().map {
            StoreCopy(kind: copy.kind, path: folder == "/" ? "/\($0)" : "\(folder)/\($0)", time: copy.time)
        }
    }

    static func lines(_ copies: [StoreCopy]) -> [String] {
        guard !copies.isEmpty else { return [] }
        return ["copies that this does not reach; remove them, or keep them knowing that:"]
            + copies.map { "  \($0.kind.rawValue) of \($0.time): \($0.path == "-" ? "to standard output" : $0.path)" }
    }

    static func value(_ copy: StoreCopy) -> JSONValue {
        ["kind": .string(copy.kind.rawValue), "path": .string(copy.path), "time": .string(copy.time.description)]
    }
}
