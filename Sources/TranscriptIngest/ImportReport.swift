package import MemoryStore

/// What an import did, and what it could not.
package struct ImportReport: Sendable {
    package var counts = CaptureCounts()
    package var files = 0
    /// Lines of earlier imports, passed over by their offset.
    package var skipped: Int64 = 0
    /// The first refused lines, for people; the store keeps all.
    package var refusals: [Refusal] = []
    /// Files that could not be read, each with the reason.
    package var problems: [String] = []
    /// The first links, deep directories and unreadable names that were left out by design, each with what to do: no failure.
    package var passedOver: [String] = []

    package struct Refusal: Sendable, Hashable {
        package var file: String
        package var line: Int64
        package var offset: Int64
        package var reason: String
    }

    static let shownRefusals = 100

    package init() {}
}

/// How far an import is.
package struct ImportProgress: Sendable {
    package var files: Int
    package var totalFiles: Int
    package var bytes: Int64
    package var totalBytes: Int64
    package var lines: Int
    /// What became of the lines since the last time that this was told.
    package var batch = CaptureCounts()
}
