#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import MemoryStore

/// The store's file and the files named after it. All of them are readable by their owner alone; SQLite gives its own
/// two, `-wal` and `-shm`, the mode of the store's file.
struct StoreFiles: Sendable {
    var store: String

    var lock: String { store + ".lock" }
    var key: String { store + ".key" }

    /// Makes the file, and the directories above it that are missing, for their owner alone. A directory that is there
    /// stays as it is: it may be one that others use.
    ///
    /// - Parameter check: judges a file that holds something but has not the store's mark, before it is touched.
    func prepare(operation: String, check: () throws(StoreError) -> Void) throws(StoreError) {
        guard !store.isEmpty, store.utf8.count < 4000, !store.utf8.contains(0), !store.hasSuffix("/") else {
            throw StoreError(.invalid, operation: operation, cause: "that is no file name")
        }
        try Self.makeDirectories(above: store, operation: operation)
        let file = try Self.open(store, O_RDWR | O_CREAT, operation: operation)
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw StoreError(errno: errno, operation: operation) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw StoreError(.unavailable, operation: operation, cause: "it is no regular file") }
        if status.st_size > 0, Self.applicationID(in: file) != Migration.applicationID { try check() }
        // Loosened by a copy or a restore, perhaps; the archive is never meant for others.
        if status.st_mode & 0o077 != 0, fchmod(file, 0o600) != 0 { throw StoreError(errno: errno, operation: operation) }
    }

    /// SQLite keeps it at byte 68 of the file (https://www.sqlite.org/fileformat.html section 1.3).
    static func applicationID(in file: Int32) -> Int64? {
        var bytes = [UInt8](repeating: 0, count: 4)
        guard bytes.withUnsafeMutableBytes({ pread(file, $0.baseAddress, 4, 68) }) == 4 else { return nil }
        return bytes.reduce(0) { $0 << 8 | Int64($1) }
    }

    static func open(_ path: String, _ flags: Int32, operation: String) throws(StoreError) -> Int32 {
        while true {
            #if canImport(Darwin)
                let file = Darwin.open(path, flags | O_CLOEXEC, 0o600)
            #elseif canImport(Musl)
                let file = Musl.open(path, flags | O_CLOEXEC, 0o600)
            #else
                let file = Glibc.open(path, flags | O_CLOEXEC, 0o600)
            #endif
            if file >= 0 { return file }
            if errno != EINTR { throw StoreError(errno: errno, operation: operation) }
        }
    }

    static func makeDirectories(above path: String, operation: String) throws(StoreError) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let directory = String(path[..<slash])
        if mkdir(directory, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw StoreError(errno: errno, operation: operation) }
        try makeDirectories(above: directory, operation: operation)
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw StoreError(errno: errno, operation: operation) }
    }
}

// What `magenta check` looks at.
extension StoreFiles {
    func findings() -> [StoreFinding] {
        var findings = loose.map { name in
            StoreFinding(.permissions, cause: "others may use \(name)", remedy: "takes their permission away", isRepairable: true)
        }
        var status = stat()
        if stat(key, &status) != 0 {
            findings.append(
                StoreFinding(
                    .key, cause: "the server's key \(key) is missing",
                    remedy:
                        "put the backup's key there; or go on without: the next start makes a new one, sessions end, secrets get new placeholders, every "
                        + "file is read again, and what was forgotten is stored again where a copy brings it back",
                    isRepairable: false))
        } else if status.st_size != off_t(ServerKeyFile.length) {
            findings.append(
                StoreFinding(
                    .key, cause: "the server's key \(key) has \(status.st_size) bytes instead of \(ServerKeyFile.length)",
                    remedy: "put the backup's key there; or remove it, and the next start makes a new one", isRepairable: false))
        }
        return findings
    }

    func restrict() throws(StoreError) {
        for name in loose {
            guard chmod(name, 0o600) == 0 else { throw StoreError(errno: errno, operation: "take others' permission to use \(name) away") }
        }
    }

    /// Files that others than their owner may read or write.
    private var loose: [String] {
        [store, store + "-wal", store + "-shm", key, lock].filter { name in
            var status = stat()
            return stat(name, &status) == 0 && status.st_mode & 0o077 != 0
        }
    }
}

extension StoreError {
    init(errno code: Int32, operation: String) {
        let reason = String(cString: strerror(code))
        switch code {
        case EROFS: self.init(.readOnly, operation: operation, cause: "the file system is read-only; name a store elsewhere")
        case ENOSPC, EDQUOT: self.init(.full, operation: operation, cause: "the disk is full; free some space")
        case EACCES, EPERM:
            self.init(.unavailable, operation: operation, cause: "no permission (\(reason)); the store must belong to the user who runs magenta")
        default: self.init(.unavailable, operation: operation, cause: reason)
        }
    }
}
