#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
package import MemoryStore

extension SQLiteStore {
    /// Refuses a name under which a copy would take the place of this store, or of a file that belongs to it.
    package func checkTarget(_ path: String, operation: String) async throws(StoreError) {
        try await Self.blocking(on: queue) { [files] () throws(StoreError) in try files.checkTarget(path, operation: operation) }
    }
}

extension StoreFiles {
    /// Opens nothing: closing any descriptor of the store gives the process's own locks on it back.
    func checkTarget(_ path: String, operation: String) throws(StoreError) {
        let target = FileIdentity(path)
        guard let own = ownNames.first(where: { FileIdentity($0.base + $0.end).isSame(as: target) }) else { return }
        let what = own.end.isEmpty ? "the store itself" : "a file that belongs to the store (its name with \(own.end))"
        throw StoreError(.invalid, operation: operation, cause: "\(path) is \(what), and --force does not change that. Fix: name another file")
    }

    private var ownNames: [(base: String, end: String)] {
        // SQLite follows a link and puts its own files beside what the link leads to; magenta puts its beside the link.
        let bases = [store] + [FileIdentity.resolved(store)].compactMap(\.self)
        return bases.flatMap { base in ["", "-wal", "-shm", "-journal", ".key", ".lock"].map { (base: base, end: $0) } }
    }
}

/// What tells whether two names lead to one file, also where there is none yet.
private struct FileIdentity {
    private struct Node: Hashable {
        var device: UInt64
        var inode: UInt64

        // The kernels' types differ.
        init(_ status: stat) {
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(truncatingIfNeeded: status.st_ino)
        }
    }

    /// Of the name itself and of what a link leads to.
    private var nodes: Set<Node> = []
    /// The name in its directory, without links on the way; `nil` where there is no such directory.
    private var place: String?

    init(_ path: String) {
        var status = stat()
        if lstat(path, &status) == 0 { nodes.insert(Node(status)) }
        if stat(path, &status) == 0 { nodes.insert(Node(status)) }
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        place = Self.resolved(directory).map { "\($0)/\(name)" }
    }

    func isSame(as other: FileIdentity) -> Bool {
        if !nodes.isDisjoint(with: other.nodes) { return true }
        guard let place else { return false }
        return place == other.place
    }

    static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
