#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The output of a tool that was too large for its line: a file in the `tool-results` directory of its session.
///
/// A record names it by an absolute path of the machine that wrote it. Only the last component counts, so that no record can
/// have another file read; and no symbolic link is followed below the session's directory.
package enum PersistedOutput {
    package static let defaultLimit = 64 << 20

    package enum Failure: Error, Sendable, Hashable {
        /// The record's path has no usable last component, or the session's directory is not known.
        case invalidName
        /// Cleanup deletes it with the session.
        case absent
        /// A symbolic link, a directory, a device.
        case notAFile
        case unreadable(errno: Int32)
    }

    /// - Parameters:
    ///   - recordedPath: as the record names it.
    ///   - limit: in bytes; what is longer is cut there.
    /// - Returns: the bytes, which may not be UTF-8 and are not redacted yet.
    package static func read(_ recordedPath: String, of location: TranscriptLocation, limit: Int = defaultLimit) throws(Failure) -> [UInt8] {
        // The writing machine may have run Windows.
        let name = recordedPath.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        guard let directory = location.sessionDirectory, !name.isEmpty, name != ".", name != "..", !name.utf8.contains(0) else {
            throw .invalidName
        }
        let session = try open(AT_FDCWD, directory, O_DIRECTORY)
        defer { close(session) }
        let results = try open(session, "tool-results", O_DIRECTORY)
        defer { close(results) }
        // O_NONBLOCK: a FIFO must not hold the import up.
        let file = try open(results, name, O_NONBLOCK)
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .unreadable(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        return try contents(file, limit: min(limit, max(0, Int(status.st_size))))
    }

    private static func open(_ directory: Int32, _ name: String, _ flags: Int32) throws(Failure) -> Int32 {
        let descriptor = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags)
        guard descriptor < 0 else { return descriptor }
        switch errno {
        case ENOENT: throw .absent
        case ELOOP, ENOTDIR: throw .notAFile
        case let code: throw .unreadable(errno: code)
        }
    }

    private static func contents(_ file: Int32, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let wanted = min(chunk.count, limit - bytes.count)
            let count = chunk.withUnsafeMutableBytes { Self.read(file, $0.baseAddress, wanted) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(errno: errno) }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    private static func read(_ file: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Darwin)
            Darwin.read(file, buffer, count)
        #elseif canImport(Glibc)
            Glibc.read(file, buffer, count)
        #elseif canImport(Musl)
            Musl.read(file, buffer, count)
        #endif
    }
}
