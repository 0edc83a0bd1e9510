package import MemoryModel

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file read at once, and when it was written last. No symbolic link is followed, and a FIFO holds nobody up.
package struct DocumentFile: Sendable {
    package var bytes: [UInt8]
    package var modified: Timestamp
    /// Device and inode.
    package var identity: String

    /// - Parameters:
    ///   - limit: in bytes; a longer file is refused.
    ///   - atMost: how much of it is wanted; a longer file is then no trouble.
    package static func read(_ path: String, limit: Int, atMost: Int? = nil) throws(TranscriptFilesError) -> DocumentFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw TranscriptFilesError(root: path, isMissing: false, cause: "it is no regular file")
        }
        guard atMost != nil || Int64(status.st_size) <= Int64(limit) else {
            throw TranscriptFilesError(root: path, isMissing: false, cause: "it is longer than \(limit) bytes")
        }
        let wanted = min(Int(status.st_size), atMost ?? limit)
        var bytes = [UInt8](repeating: 0, count: wanted)
        var count = 0
        while count < wanted {
            let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress.map { $0 + count }, wanted - count, off_t(count)) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure(path, errno) }
            guard got > 0 else { break }
            count += got
        }
        bytes.removeLast(wanted - count)
        return DocumentFile(bytes: bytes, modified: modified(status), identity: "\(status.st_dev):\(status.st_ino)")
    }

    private static func failure(_ path: String, _ code: Int32) -> TranscriptFilesError {
        TranscriptFilesError(root: path, isMissing: code == ENOENT, cause: String(cString: strerror(code)))
    }

    /// When the file was written last; `nil` where there is none.
    static func modified(_ path: String) -> Timestamp? {
        var status = stat()
        return lstat(path, &status) == 0 ? modified(status) : nil
    }

    private static func modified(_ status: stat) -> Timestamp {
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The names in a directory, in their order; none where it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
