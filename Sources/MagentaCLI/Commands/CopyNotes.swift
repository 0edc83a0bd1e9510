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

    /// Those that are there still. Whatever went to standard output may be anywhere.
    static func remaining(_ store: any MemoryStore) async throws -> [StoreCopy] {
        try await store.copies().filter { $0.path == "-" || FileManager.default.fileExists(atPath: $0.path) }
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
