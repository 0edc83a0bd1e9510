#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import MemoryStore

/// The 32 secret bytes beside the store.
///
/// They are written to a file of another name, which is then linked to the right one: a link either makes the name
/// or finds it taken, so a reader never sees half a key and two processes that start at once agree on one.
struct ServerKeyFile {
    static let length = 32
    var path: String

    func readOrMake() throws(StoreError) -> [UInt8] {
        if let key = try read() { return key }
        try make()
        guard let key = try read() else {
            throw StoreError(.unavailable, operation: "read the server key \(path)", cause: "it vanished just after it was made")
        }
        return key
    }

    private func read() throws(StoreError) -> [UInt8]? {
        let operation = "read the server key \(path)"
        guard access(path, F_OK) == 0 || errno != ENOENT else { return nil }
        let file = try StoreFiles.open(path, O_RDONLY, operation: operation)
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw StoreError(errno: errno, operation: operation) }
        guard status.st_mode & 0o077 == 0 || fchmod(file, 0o600) == 0 else {
            throw StoreError(.unavailable, operation: operation, cause: "others may read it; run chmod 600 on it")
        }
        var key = [UInt8](repeating: 0, count: Self.length + 1)
        let count = key.withUnsafeMutableBytes { readBytes(of: file, into: $0) }
        guard count == Self.length else {
            throw StoreError(
                .corrupt, operation: operation,
                cause:
                    "it holds \(max(0, count)) bytes instead of \(Self.length). Fix: put the right one there, out of a backup; or remove it to have a "
                    + "new one, which begins new sessions, reads every file again, and does not know what was forgotten when a copy brings it back")
        }
        return Array(key.prefix(Self.length))
    }

    private func make() throws(StoreError) {
        let operation = "make the server key \(path)"
        var random = SystemRandomNumberGenerator()
        let key = (0..<Self.length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let draft = "\(path).\(getpid())-\(random.next() as UInt64)"
        let file = try StoreFiles.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, operation: operation)
        defer { unlink(draft) }
        let written = key.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        let code = written == Self.length && fsync(file) == 0 ? 0 : errno
        close(file)
        guard code == 0 else { throw StoreError(errno: code, operation: operation) }
        guard link(draft, path) == 0 || errno == EEXIST else { throw StoreError(errno: errno, operation: operation) }
    }
}

// Outside of the type, whose own `read` would hide the call.
private func readBytes(of file: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(file, buffer.baseAddress, buffer.count)
}
