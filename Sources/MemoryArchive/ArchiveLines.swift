#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The lines of a file, one at a time; memory is bounded by the longest line.
package final class ArchiveLines {
    private static let chunk = 1 << 20

    private let descriptor: Int32
    private let operation: String
    private var buffer: [UInt8] = []
    private var start = 0
    /// No line break stands before this index and behind `start`.
    private var scanned = 0
    private var isAtEnd = false
    /// Lines handed out.
    private(set) var number: Int64 = 0

    package init(path: String) throws(ArchiveError) {
        operation = "read \(path)"
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError(errno: errno, operation: operation) }
    }

    deinit { close(descriptor) }

    /// Whether a file begins as an archive does; `false` where it cannot be read at all.
    package static func isArchive(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let lines = try? ArchiveLines(path: path) else { return false }
        guard let first = try? lines.next(maximumLength: ArchiveFormat.maximumHeaderLength) else { return false }
        return ArchiveFormat.isHeader(first)
    }

    /// The next line without its line break; `nil` behind the last one.
    func next(maximumLength: Int = ArchiveFormat.maximumLineLength) throws -> [UInt8]? {
        while true {
            if let end = lineBreak() {
                let line = Array(buffer[start..<end])
                start = end + 1
                scanned = start
                number += 1
                return line
            }
            scanned = buffer.count
            guard !isAtEnd else {
                guard start == buffer.count else { throw ArchiveFlaw.cut }
                return nil
            }
            guard buffer.count - start <= maximumLength else { throw ArchiveFlaw.tooLong }
            try fill()
        }
    }

    private func lineBreak() -> Int? {
        buffer.withUnsafeBytes { bytes -> Int? in
            guard scanned < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + scanned, Int32(UInt8(ascii: "\n")), bytes.count - scanned)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private func fill() throws(ArchiveError) {
        if start > 0 {
            buffer.removeFirst(start)
            scanned -= start
            start = 0
        }
        let filled = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.chunk))
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + filled }, Self.chunk) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ArchiveError(errno: errno, operation: operation) }
            buffer.removeLast(Self.chunk - count)
            isAtEnd = count == 0
            return
        }
    }
}
