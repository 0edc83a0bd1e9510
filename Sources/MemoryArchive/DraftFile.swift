#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file under another name that takes its own name once it is whole. Only its owner may read it, from its first byte on.
///
/// A process that is killed leaves `NAME.partial-PID` behind and nothing under the name itself.
package final class DraftFile: Sendable {
    private let path: String
    private let draft: String
    private let replaces: Bool
    private let descriptor: Int32
    private let operation: String

    /// - Parameter replaces: whether a file of that name is replaced; otherwise it is left alone and an error.
    package init(for path: String, replaces: Bool) throws(ArchiveError) {
        operation = "write \(path)"
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw ArchiveError(operation: operation, cause: "something else than a file is there") }
            guard replaces else { throw Self.isThere(operation) }
            try Self.checkReplaceable(path, operation)
        }
        draft = "\(path).partial-\(getpid())"
        self.path = path
        self.replaces = replaces
        descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ArchiveError(errno: errno, operation: operation) }
    }

    deinit { close(descriptor) }

    package func write(_ bytes: [UInt8]) throws(ArchiveError) {
        try Descriptor.write(bytes, to: descriptor, operation: operation)
    }

    /// Gives the file its name, on disk for good.
    package func commit() throws(ArchiveError) {
        guard fsync(descriptor) == 0 else { throw ArchiveError(errno: errno, operation: operation) }
        if replaces {
            guard rename(draft, path) == 0 else { throw ArchiveError(errno: errno, operation: operation) }
        } else if link(draft, path) == 0 {
            // A link never replaces, whoever made the name in the meantime.
            unlink(draft)
        } else {
            let code = errno
            if code == EEXIST { throw Self.isThere(operation) }
            // Some file systems have no links.
            guard code == EPERM || code == EOPNOTSUPP || code == ENOSYS, rename(draft, path) == 0 else {
                throw ArchiveError(errno: code, operation: operation)
            }
        }
        Descriptor.syncDirectory(of: path)
    }

    package func discard() {
        unlink(draft)
    }

    /// An archive takes an older one's place, never a backup's: a name mistyped should not cost somebody the way back.
    private static func checkReplaceable(_ path: String, _ operation: String) throws(ArchiveError) {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ArchiveError(
                operation: operation,
                cause: "what is there cannot be read (\(reason)) and may be a backup. Fix: remove it first, or name another file")
        }
        defer { close(file) }
        // https://www.sqlite.org/fileformat.html section 1.3
        let mark = Array("SQLite format 3\0".utf8)
        var head = [UInt8](repeating: 0, count: mark.count)
        guard head.withUnsafeMutableBytes({ pread(file, $0.baseAddress, $0.count, 0) }) == mark.count, head == mark else { return }
        throw ArchiveError(
            operation: operation,
            cause: "an SQLite file is there, perhaps a backup, and --force does not replace one. Fix: remove it first, or name another file")
    }

    private static func isThere(_ operation: String) -> ArchiveError {
        ArchiveError(operation: operation, cause: "it is there already; name another file, or say --force to replace it")
    }
}

enum Descriptor {
    static func write(_ bytes: [UInt8], to descriptor: Int32, operation: String) throws(ArchiveError) {
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { writeBytes(descriptor, UnsafeRawBufferPointer(rebasing: $0[start...])) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw ArchiveError(errno: errno, operation: operation) }
            start += written
        }
    }

    /// A name is on disk when its directory is.
    static func syncDirectory(of path: String) {
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

// Outside of the type, whose own `write` would hide the call.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
