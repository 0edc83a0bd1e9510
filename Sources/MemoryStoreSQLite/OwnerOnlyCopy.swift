#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import MemoryStore

/// Files that come into being under another name and take their own once they are whole and on disk.
enum OwnerOnlyCopy {
    /// Copies all bytes of a file to a new one, and waits until they are on disk.
    static func copy(_ source: String, to path: String, operation: String) throws(StoreError) {
        let input = try StoreFiles.open(source, O_RDONLY, operation: operation)
        defer { close(input) }
        unlink(path)
        let output = try StoreFiles.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, operation: operation)
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StoreError(errno: errno, operation: operation) }
            if count == 0 { break }
            var start = 0
            while start < count {
                let written = buffer.withUnsafeBytes { write(output, $0.baseAddress.map { $0 + start }, count - start) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw StoreError(errno: errno, operation: operation) }
                start += written
            }
        }
        guard fsync(output) == 0 else { throw StoreError(errno: errno, operation: operation) }
    }

    static func sync(_ path: String, operation: String) throws(StoreError) {
        let file = try StoreFiles.open(path, O_RDWR, operation: operation)
        defer { close(file) }
        guard fsync(file) == 0 else { throw StoreError(errno: errno, operation: operation) }
    }

    /// Gives a finished file its name.
    ///
    /// - Parameter replaces: whether a file of that name is replaced; otherwise it is an error.
    static func rename(_ draft: String, to path: String, replaces: Bool, operation: String) throws(StoreError) {
        if replaces {
            guard systemRename(draft, path) == 0 else { throw StoreError(errno: errno, operation: operation) }
        } else {
            try link(draft, as: path, operation: operation)
            unlink(draft)
        }
        syncDirectory(of: path)
    }

    /// Gives a file a second name, which nothing may have. Where the file system knows no links, it is copied.
    static func link(_ path: String, as name: String, operation: String) throws(StoreError) {
        if systemLink(path, name) == 0 { return }
        let code = errno
        guard code == EPERM || code == EOPNOTSUPP || code == ENOSYS, !exists(name) else {
            if code == EEXIST { throw isThere(name, operation) }
            throw StoreError(errno: code, operation: operation)
        }
        try copy(path, to: name, operation: operation)
    }

    static func isThere(_ path: String, _ operation: String) -> StoreError {
        StoreError(.invalid, operation: operation, cause: "\(path) is there already; name another file, or say --force to replace it")
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// A name that no file has, with a number behind it where there is one; or one that `file` has already.
    static func freeName(_ name: String, orOf file: String? = nil, operation: String) throws(StoreError) -> String {
        for number in 1...1000 {
            let name = number == 1 ? name : "\(name).\(number)"
            if !exists(name) { return name }
            if let file, isSame(name, file) { return name }
        }
        throw StoreError(.invalid, operation: operation, cause: "a thousand files \(name).N are there; remove those that you do not need")
    }

    /// Whether two names are of one file.
    static func isSame(_ first: String, _ second: String) -> Bool {
        var (one, other) = (stat(), stat())
        return lstat(first, &one) == 0 && lstat(second, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    /// A name is on disk when its directory is.
    static func syncDirectory(of path: String) {
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard let descriptor = try? StoreFiles.open(directory, O_RDONLY, operation: "") else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

// Outside of the type, whose own functions would hide the calls.
private func systemRename(_ from: String, _ to: String) -> Int32 { rename(from, to) }
private func systemLink(_ from: String, _ to: String) -> Int32 { link(from, to) }
