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
    package var size: Int64
    /// Seconds since 1970; the older file of two that repeat each other is read first, so that the copy is the repeated one.
    package var modified: Int64
}

/// Finds what may be transcripts below a directory: every `*.jsonl`, and the `*.json` that an agent's format knows by its path. Whose
/// they are, ``TranscriptRecognition`` says.
package struct TranscriptFiles {
    /// Codex files by year, month and day; Claude Code's deepest place is project, session, `subagents`, workflow, run.
    static let maximumDepth = 6

    /// - Returns: the files, oldest first, a session's own file before its sub-agents'.
    /// - Throws: ``TranscriptFilesError`` where the directory itself cannot be read; a subdirectory that cannot be is reported and passed over.
    package static func find(below root: String, report: (String) -> Void) throws(TranscriptFilesError) -> [TranscriptFile] {
        var status = stat()
        guard stat(root, &status) == 0 else {
            throw TranscriptFilesError(root: root, cause: errorText(errno))
        }
        if status.st_mode & S_IFMT == S_IFREG {
            return [TranscriptFile(path: root, size: Int64(status.st_size), modified: modified(status))]
        }
        var files: [TranscriptFile] = []
        collect(root, root: root, depth: 1, into: &files, report: report)
        return files.sorted { ($0.modified, $0.path.utf8.count, $0.path) < ($1.modified, $1.path.utf8.count, $1.path) }
    }

    private static func collect(
        _ directory: String, root: String, depth: Int, into files: inout [TranscriptFile], report: (String) -> Void
    ) {
        guard let handle = opendir(directory) else {
            report("cannot read the directory \(directory): \(errorText(errno))")
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
                collect(path, root: root, depth: depth + 1, into: &files, report: report)
            case S_IFREG where name.hasSuffix(".jsonl") || name.hasSuffix(".json") && isDocument(path, root):
                files.append(TranscriptFile(path: path, size: Int64(status.st_size), modified: modified(status)))
            // Symbolic links are not followed: a link in a project could lead to any file of the user.
            default: continue
            }
        }
    }

    private static func isDocument(_ path: String, _ root: String) -> Bool {
        TranscriptReaders.formats.contains { $0.location(path, under: root) != nil }
    }

    private static func modified(_ status: stat) -> Int64 {
        #if canImport(Darwin)
            Int64(status.st_mtimespec.tv_sec)
        #else
            Int64(status.st_mtim.tv_sec)
        #endif
    }

    private static func errorText(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}

/// A directory of transcripts that cannot be read.
package struct TranscriptFilesError: Error, Sendable, Hashable, CustomStringConvertible {
    package var root: String
    package var cause: String

    package var description: String { "cannot read \(root): \(cause)" }
}
