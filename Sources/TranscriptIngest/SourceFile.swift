import Crypto
import Redaction

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open file and what tells it from another at the same path.
final class SourceFile {
    let path: String
    let identity: String
    private let descriptor: Int32
    private(set) var size: Int64

    init(path: String) throws(ImportError) {
        // No link is followed, and a FIFO does not hold the import up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw ImportError(operation: "read \(path)", cause: String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ImportError(operation: "read \(path)", cause: "it is no regular file")
        }
        self.path = path
        self.descriptor = descriptor
        identity = "\(status.st_dev):\(status.st_ino)"
        size = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    /// The bytes from `offset` on, as many as `buffer` takes; 0 at the end.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            guard errno == EINTR else { throw ImportError(operation: "read \(path)", cause: String(cString: strerror(errno))) }
        }
    }

    /// SHA-256 of a range, hexadecimal, as earlier versions kept it. `nil` where the file is shorter.
    func hash(at offset: Int64, length: Int) throws(ImportError) -> String? {
        var hash = SHA256()
        return try pieces(at: offset, length: length) { hash.update(bufferPointer: $0) } ? Fingerprint.hexadecimal(hash.finalize()) : nil
    }

    /// The fingerprint of a range. `nil` where the file is shorter.
    func fingerprint(at offset: Int64, length: Int, by redactor: Redactor) throws(ImportError) -> String? {
        var fingerprint = redactor.fingerprint()
        return try pieces(at: offset, length: length) { fingerprint.update($0) } ? fingerprint.text() : nil
    }

    /// - Returns: whether the file has the whole range.
    private func pieces(at offset: Int64, length: Int, _ body: (UnsafeRawBufferPointer) -> Void) throws(ImportError) -> Bool {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(length, 1), 1 << 20), alignment: 16)
        defer { chunk.deallocate() }
        var count = 0
        while count < length {
            let got = try read(
                at: offset + Int64(count), into: UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(chunk.count, length - count)]))
            guard got > 0 else { return false }
            body(UnsafeRawBufferPointer(rebasing: chunk[..<got]))
            count += got
        }
        return true
    }

    static func hash(_ bytes: some Sequence<UInt8>) -> String {
        Fingerprint.hexadecimal(SHA256.hash(data: Array(bytes)))
    }
}
