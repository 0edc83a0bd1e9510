@testable import MemoryStoreSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Looks for a text in every file of a directory: in its bytes, and in what small Zstandard frames among them hold, used or free.
struct ByteSearch {
    var directory: String

    /// The files that hold it, each with how: `memory.sqlite (frame)`.
    func places(of text: String) -> [String] {
        let needle = Array(text.utf8)
        return names(in: directory).flatMap { name -> [String] in
            let bytes = Self.whole("\(directory)/\(name)")
            let isPlain = bytes.holds(needle)
            let isPacked = Self.frames(in: bytes).contains { $0.holds(needle) }
            return (isPlain ? [name] : []) + (isPacked ? ["\(name) (frame)"] : [])
        }
    }

    private static func whole(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        return Array(bytes.prefix(max(0, count)))
    }

    /// What begins as a frame of a page or less and can be opened (RFC 8878 section 3.1.1).
    private static func frames(in bytes: [UInt8]) -> [[UInt8]] {
        let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
        var result: [[UInt8]] = []
        for start in bytes.indices.dropLast(8) where bytes[start] == magic[0] && bytes[start..<(start + 4)].elementsEqual(magic) {
            let length: Int
            switch bytes[start + 4] >> 6 {
            case 0: length = Int(bytes[start + 5])
            case 1: length = Int(bytes[start + 5]) + Int(bytes[start + 6]) << 8 + 256
            default: continue
            }
            for end in (start + 9)..<min(start + 4096, bytes.count + 1) {
                let text = bytes[start..<end].withUnsafeBytes { try? decompressed($0, length: length) }
                if let text {
                    result.append(text)
                    break
                }
            }
        }
        return result
    }
}
