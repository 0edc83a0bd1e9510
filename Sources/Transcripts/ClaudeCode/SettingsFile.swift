#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A settings file of another program, which that program may read and write at any time: replaced in one step, with the mode and the owner
/// that it had, where a symbolic link leads.
package struct SettingsFile {
    private static let maximumSize = 4 << 20

    /// As it was named.
    package let path: String
    /// The file itself, behind all links.
    private let target: String
    /// `nil` where there is none.
    package let bytes: [UInt8]?
    private let mode: mode_t

    /// The copy of what stood there before the first change.
    package var copy: String { "\(target).before-magenta" }

    package init(_ path: String) throws(SettingsFileError) {
        self.path = path
        target = Self.resolved(path)
        var status = stat()
        guard stat(target, &status) == 0 else {
            guard errno == ENOENT else { throw Self.failure("read", path) }
            (bytes, mode) = (nil, 0o600)
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SettingsFileError("\(path) is no regular file, so it is left as it is") }
        guard status.st_size <= Self.maximumSize else { throw SettingsFileError("\(path) is larger than 4 MiB; is it the right file?") }
        mode = status.st_mode & 0o7777
        bytes = try Self.read(target, path)
    }

    /// Puts `new` in its place.
    /// - Throws: where it cannot be written, or where somebody else has changed it since it was read.
    package func replace(with new: [UInt8]) throws(SettingsFileError) {
        guard try SettingsFile(path).bytes == bytes else {
            throw SettingsFileError("\(path) has just been changed by another program. Fix: try again")
        }
        if bytes == nil { try Self.makeFolder(of: target, path) }
        let draft = "\(target).\(getpid()).tmp"
        do throws(SettingsFileError) {
            try Self.write(new, to: draft, mode: mode, like: target)
            guard rename(draft, target) == 0 else { throw Self.failure("write", path) }
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// Keeps what stands there now beside it, unless something was kept before.
    ///
    /// - Returns: whether a copy was made.
    package func keepCopy() throws(SettingsFileError) -> Bool {
        guard let bytes, access(copy, F_OK) != 0 else { return false }
        try Self.write(bytes, to: copy, mode: mode, like: target)
        return true
    }

    /// Removes the copy where the file is again what it was.
    package func dropCopy(ifEqualTo new: [UInt8]) {
        if let kept = try? Self.read(copy, copy), kept == new { unlink(copy) }
    }

    /// A link that leads nowhere leads to the file that is to be made.
    private static func resolved(_ path: String) -> String {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count - 1)
        guard count > 0 else { return path }
        let link = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        return link.hasPrefix("/") ? link : folder + link
    }

    private static func makeFolder(of file: String, _ path: String) throws(SettingsFileError) {
        guard let slash = file.lastIndex(of: "/"), slash > file.startIndex else { return }
        let folder = String(file[..<slash])
        if access(folder, F_OK) == 0 { return }
        try makeFolder(of: folder, path)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure("make the directory of", path) }
    }

    private static func read(_ file: String, _ path: String) throws(SettingsFileError) -> [UInt8] {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= maximumSize {
            let count = readBytes(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
        }
        throw SettingsFileError("\(path) is larger than 4 MiB; is it the right file?")
    }

    private static func write(_ bytes: [UInt8], to file: String, mode: mode_t, like original: String) throws(SettingsFileError) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", file) }
        defer { close(descriptor) }
        var status = stat()
        // Only root may give a file away, and only where root edits another user's file is there anything to give.
        if stat(original, &status) == 0, status.st_uid != geteuid() { _ = fchown(descriptor, status.st_uid, status.st_gid) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", file) }
            rest = rest.dropFirst(count)
        }
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw failure("write", file) }
    }

    private static func failure(_ operation: String, _ path: String) -> SettingsFileError {
        SettingsFileError("cannot \(operation) \(path): \(String(cString: strerror(errno)))")
    }
}

// Outside of the type, whose own `read` and `write` would hide the calls.
private func readBytes(_ descriptor: CInt, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int { read(descriptor, bytes, count) }
private func writeBytes(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }

/// A settings file that cannot be read or written, or should not be.
package struct SettingsFileError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
