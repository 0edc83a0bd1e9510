#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A transcript as the directory shows it.
package struct TranscriptFile: Sendable, Hashable {
    package var path: String
    package var stamp: FileStamp

    package var size: Int64 { stamp.size }
    /// Seconds since 1970; the older file of two that repeat each other is read first, so that the copy is the repeated one.
    package var modified: Int64 { stamp.modified / 1_000_000_000 }

    package init(path: String, stamp: FileStamp) {
        self.path = path
        self.stamp = stamp
    }
}

/// What one look at a file shows without opening it. Two that are equal: nothing was written in between.
package struct FileStamp: Sendable, Hashable {
    package var device: UInt64
    package var inode: UInt64
    package var size: Int64
    /// Nanoseconds since 1970.
    package var modified: Int64
    /// When the inode changed last, in nanoseconds since 1970: no program can set it back.
    package var changed: Int64

    /// - Returns: `nil` where there is no regular file; a symbolic link is none.
    package static func look(at path: String) -> FileStamp? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileStamp(status)
    }

    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }

    /// Of whatever is there, a directory too.
    static func lookAtAny(_ path: String) -> FileStamp? {
        var status = stat()
        return lstat(path, &status) == 0 ? FileStamp(status) : nil
    }

    init(_ status: stat) {
        #if canImport(Darwin)
            let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
            let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int64(status.st_size)
        self.modified = Self.nanoseconds(modified)
        self.changed = Self.nanoseconds(changed)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

/// Finds what may be transcripts below a directory: every `*.jsonl`, and the `*.json` that an agent's format knows by its path. Whose
/// they are, ``TranscriptRecognition`` says.
package struct TranscriptFiles {
    /// Codex files by year, month and day; Claude Code's deepest place is project, session, `subagents`, workflow, run.
    static let maximumDepth = 6

    /// - Parameters:
    ///   - directory: the part of `root` to look through; `nil` for all of it.
    ///   - entering: hears of each directory before it is read: whoever watches it from then on misses nothing.
    /// - Returns: the files, oldest first, a session's own file before its sub-agents'.
    /// - Throws: ``TranscriptFilesError`` where the directory itself cannot be read; a subdirectory that cannot be is reported and passed over.
    package static func find(
        below root: String, in directory: String? = nil, entering: (String) -> Void = { _ in }, report: (String) -> Void
    ) throws(TranscriptFilesError) -> [TranscriptFile] {
        let start = directory ?? root
        var status = stat()
        guard stat(start, &status) == 0 else {
            throw TranscriptFilesError(root: start, isMissing: errno == ENOENT, cause: errorText(errno))
        }
        if status.st_mode & S_IFMT == S_IFREG {
            return [TranscriptFile(path: start, stamp: FileStamp(status))]
        }
        let depth = 1 + max(0, start.split(separator: "/").count - root.split(separator: "/").count)
        guard depth <= maximumDepth else { return [] }
        var files: [TranscriptFile] = []
        collect(start, root: root, depth: depth, into: &files, entering: entering, report: report)
        return files.sorted {
            ($0.stamp.modified, $0.path.utf8.count, $0.path) < ($1.stamp.modified, $1.path.utf8.count, $1.path)
        }
    }

    /// Whether a directory is one of a message's parts, below which nothing is looked for.
    package static func isPart(_ directory: String) -> Bool {
        TranscriptReaders.formats.contains { $0.holdsParts(directory: TranscriptLocation.directory(of: directory)) }
    }

    /// The names in a directory, in their order; none where it cannot be read.
    package static func names(in directory: String) -> [String] { DocumentFile.names(in: directory) }

    private static func collect(
        _ directory: String, root: String, depth: Int, into files: inout [TranscriptFile], entering: (String) -> Void, report: (String) -> Void
    ) {
        entering(directory)
        guard let handle = opendir(directory) else {
            // One that was removed since its name was read holds nothing.
            if errno != ENOENT { report("cannot read the directory \(directory): \(errorText(errno))") }
            return
        }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR where depth < maximumDepth && !TranscriptReaders.formats.contains(where: { $0.skips(directory: path) }):
                collect(path, root: root, depth: depth + 1, into: &files, entering: entering, report: report)
            // Whoever watches it hears of the sessions that grow there.
            case S_IFDIR where TranscriptReaders.formats.contains(where: { $0.holdsParts(directory: path) }): entering(path)
            case S_IFREG:
                if let stamp = stamp(of: path, name, root, status) { files.append(TranscriptFile(path: path, stamp: stamp)) }
            // Symbolic links are not followed: a link in a project could lead to any file of the user.
            default: continue
            }
        }
    }

    /// `nil` for a file that is no transcript by its name.
    private static func stamp(of path: String, _ name: String, _ root: String, _ status: stat) -> FileStamp? {
        if name.hasSuffix(".jsonl") { return FileStamp(status) }
        for format in TranscriptReaders.formats where format.isDocumentName(name) {
            if let location = format.location(path, under: root) { return format.stamp(of: location) }
        }
        return nil
    }

    private static func errorText(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}

/// A directory of transcripts that cannot be read.
package struct TranscriptFilesError: Error, Sendable, Hashable, CustomStringConvertible {
    package var root: String
    /// It may come later; anything else is in somebody's way.
    package var isMissing: Bool
    package var cause: String

    package var description: String { "cannot read \(root): \(cause)" }
}
