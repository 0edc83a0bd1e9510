/// What tells one file from another at the same path, as far as it stays the same while the file grows.
package struct FileTraits: Sendable, Hashable {
    /// Device and inode; other ones after a copy, and after a restart of some hosts.
    private let identity: String
    private let head: Substring
    private let headLength: Int64

    /// - Parameter headHash: the mark that a reader made of the file, of any version: the hash of its head and what follows from its end.
    package init(identity: String, headHash: String, headLength: Int64) {
        self.identity = identity
        self.headLength = headLength
        let parts = headHash.split(separator: " ", omittingEmptySubsequences: false)
        // `2 HEAD LENGTH TAIL`, `HEAD LENGTH TAIL`, or `IDS-TAIL.TAIL` of documents.
        let first = parts.count == 4 ? parts[1] : parts.first ?? ""
        head = first.prefix { $0 != "-" }
    }

    /// Whether nothing says that they are two files.
    package func fits(_ other: FileTraits) -> Bool {
        identity == other.identity || (headLength == other.headLength && head == other.head)
    }
}
