#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A new file that nobody but its owner may read, from its first byte on.
struct OwnerOnlyFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    /// Makes it; a file that is there already, or a link, is left as it is.
    init(making path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno == EEXIST ? "it is there already; name another, or remove it" : String(cString: strerror(errno))
            throw UsageError("cannot make the file \(path): \(reason)")
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func write(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { writeBytes(to: descriptor, $0) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw UsageError("cannot write \(path): \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw UsageError("cannot write \(path): \(String(cString: strerror(errno)))") }
    }

    func remove() {
        unlink(path)
    }
}

// Outside of the type, whose own `write` would hide the call.
private func writeBytes(to descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
