#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the complete lines of a file end: what stands behind the last line break is still being written.
enum LastLineBreak {
    private static let chunk = 1 << 16
    /// The longest line that an import takes is 64 MiB; the doctor does not read that much for one answer.
    private static let reach: Int64 = 16 << 20

    /// Reads backwards from the file's end, at most to `start`.
    /// - Returns: the offset behind the last line break, `start` where none follows it.
    static func end(of path: String, after start: Int64) -> Fact<Int64> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return .notChecked("\(path) cannot be opened: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .notChecked("\(path) is no regular file") }
        let size = Int64(status.st_size)
        var end = size
        var bytes = [UInt8](repeating: 0, count: chunk)
        while end > start {
            guard size - end < reach else { return .notChecked("the last line of \(path) is longer than \(reach >> 20) MiB") }
            let wanted = Int(min(Int64(chunk), end - start))
            let count = pread(descriptor, &bytes, wanted, off_t(end - Int64(wanted)))
            guard count == wanted else { return .notChecked("\(path) changed while it was read") }
            if let index = bytes[..<count].lastIndex(of: 0x0A) { return .known(end - Int64(count - index - 1)) }
            end -= Int64(count)
        }
        return .known(start)
    }
}
