#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a person hands to a command: a file, or standard input.
enum TextInput {
    static let maximumLength = 1 << 30

    /// - Parameter path: `nil` for standard input.
    static func bytes(_ path: String?) throws -> [UInt8] {
        let name = path ?? "standard input"
        let descriptor = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
        guard descriptor >= 0 else { throw UsageError("cannot read \(name): \(String(cString: strerror(errno)))") }
        defer { if path != nil { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw UsageError("cannot read \(name): \(String(cString: strerror(errno)))") }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= maximumLength else { throw UsageError("\(name) is longer than \(maximumLength) bytes; hand it over in parts") }
        }
    }
}
