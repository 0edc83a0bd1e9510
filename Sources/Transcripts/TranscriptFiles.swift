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
    /// Bytes of the other files that the stamp speaks of: two writes within a tick of the kernel's clock, of some milliseconds, have one time.
    package var otherBytes: Int64 = 0

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

    /// How many of the things that were passed over are named: a directory full of links must not flood a log.
    static let maximumPassedOver = 20
    /// Hidden directories that people expect to be read. Others hold what is nobody's transcript, and are passed over without a word.
    private static let agentDirectories: Set<String> = [".claude", ".codex", ".gemini"]

    #if canImport(Darwin)
        private typealias Directory = UnsafeMutablePointer<DIR>
    #else
        private typealias Directory = OpaquePointer
    #endif

    private struct Found {
        var files: [TranscriptFile] = []
        var passedOver: [String] = []
        var passesOverMore = false

        mutating func passOver(_ sentence: String) {
            if passedOver.count < TranscriptFiles.maximumPassedOver { passedOver.append(sentence) } else { passesOverMore = true }
        }
    }

    /// - Parameters:
    ///   - directory: the part of `root` to look through; `nil` for all of it.
    ///   - entering: hears of each directory before it is read: whoever watches it from then on misses nothing.
    ///   - report: hears of what could not be read, and of the first things that were passed over.
    /// - Returns: the files, oldest first, a session's own file before its sub-agents'.
    /// - Throws: ``TranscriptFilesError`` where the directory itself cannot be read; a subdirectory that cannot be is reported and passed over.
    package static func find(
        below root: String, in directory: String? = nil, entering: (String) -> Void = { _ in }, report: (TranscriptProblem) -> Void
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
        var found = Found()
        collect(start, root: root, depth: depth, into: &found, entering: entering, report: report)
        for sentence in found.passedOver { report(.passedOver(sentence)) }
        if found.passesOverMore {
            report(.passedOver("passed over more below \(start): only the first \(maximumPassedOver) are named; mend these to see the others"))
        }
        return found.files.sorted {
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
        _ directory: String, root: String, depth: Int, into found: inout Found, entering: (String) -> Void, report: (TranscriptProblem) -> Void
    ) {
        entering(directory)
        guard let handle = opendir(directory) else {
            // One that was removed since its name was read holds nothing.
            if errno != ENOENT { report(.closed("cannot read the directory \(directory): \(errorText(errno))")) }
            return
        }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            var bytes = withUnsafeBytes(of: entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            let name = String(decoding: bytes, as: UTF8.self)
            let path = "\(directory)/\(name)"
            guard !name.hasPrefix(".") else {
                if agentDirectories.contains(name), isDirectory(path) {
                    found.passOver("passed over \(path): directories with a leading dot are not looked through; name it with \(naming(path))")
                }
                continue
            }
            guard name.utf8.elementsEqual(bytes) else {
                bytes.append(0)
                if name.hasSuffix(".jsonl") || isDirectory(bytes.map { CChar(truncatingIfNeeded: $0) }, in: handle) {
                    found.passOver("passed over \(path): its name is no UTF-8, so it cannot be kept as a source; rename it")
                }
                continue
            }
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR where TranscriptReaders.formats.contains(where: { $0.skips(directory: path) }):
                // Whoever watches it hears of the sessions that grow there.
                if TranscriptReaders.formats.contains(where: { $0.holdsParts(directory: path) }) { entering(path) }
            case S_IFDIR where depth < maximumDepth:
                collect(path, root: root, depth: depth + 1, into: &found, entering: entering, report: report)
            case S_IFDIR:
                found.passOver("passed over \(path): it lies more than \(maximumDepth - 1) directories deep; name it with \(naming(path))")
            case S_IFREG:
                if let stamp = stamp(of: path, name, root, status) { found.files.append(TranscriptFile(path: path, stamp: stamp)) }
            case S_IFLNK:
                // A link in a project could lead to any file of the user.
                if let target = target(ofLink: path, name) {
                    found.passOver(
                        "passed over \(path): it is a symbolic link, which is not followed; name its target with \(naming(target))")
                }
            default: continue
            }
        }
    }

    private static func naming(_ path: String) -> String { "--transcripts or `magenta import \(path)`" }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// - Parameter name: with a zero at its end; no `String` could hold it as it is.
    private static func isDirectory(_ name: [CChar], in handle: Directory) -> Bool {
        var status = stat()
        return fstatat(dirfd(handle), name, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Where a link leads, if it hides transcripts: to a directory, or to a file by a transcript's name.
    private static func target(ofLink path: String, _ name: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFDIR || (kind == S_IFREG && name.hasSuffix(".jsonl")) else { return nil }
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Whether a path is a directory or lies below it, without a symbolic link on the way from there or at its end. By bytes: two names that
    /// a `String` takes for equal are two files, and an accent behind a slash hides that from it. What is not there is no link.
    package static func isReached(_ path: String, from root: String) -> Bool {
        let rest = path.utf8.dropFirst(root.utf8.count)
        guard path.utf8.starts(with: root.utf8), rest.isEmpty || rest.first == UInt8(ascii: "/") else { return false }
        var way = root
        for part in rest.split(separator: UInt8(ascii: "/")) {
            let name = String(Substring(part))
            guard name != "..", name != "." else { return false }
            way += "/\(name)"
            var status = stat()
            if lstat(way, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { return false }
        }
        return true
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

/// What a look at a directory of transcripts could not take, as a sentence for people.
package enum TranscriptProblem: Sendable, Hashable, CustomStringConvertible {
    /// A directory that cannot be read.
    case closed(String)
    /// A file of no format that is known.
    case unknown(String)
    /// What is left out by design though it may hold transcripts: nothing went wrong.
    case passedOver(String)

    package var description: String {
        switch self {
        case .closed(let sentence), .unknown(let sentence), .passedOver(let sentence): sentence
        }
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
