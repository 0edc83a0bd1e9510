#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What this host calls itself.
package enum ThisHost {
    /// The name that the kernel has, and its first label where it has more; none where it cannot be told.
    package static var names: [String] {
        // HOST_NAME_MAX is 64 on Linux and 255 elsewhere.
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return [] }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard !name.isEmpty else { return [] }
        let label = String(name.prefix { $0 != "." })
        return label == name ? [name] : [name, label]
    }
}
