#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What this host calls itself, and where it is.
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

    /// The addresses of all interfaces that are up, loopback too, without repetitions; `nil` where the kernel does not say.
    package static var addresses: [InternetAddress]? {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return nil }
        defer { freeifaddrs(first) }
        var found: [InternetAddress] = []
        var next = first
        while let entry = next {
            next = entry.pointee.ifa_next
            guard entry.pointee.ifa_flags & UInt32(IFF_UP) != 0, let pointer = entry.pointee.ifa_addr,
                let address = InternetAddress(pointer), !found.contains(address)
            else { continue }
            found.append(address)
        }
        return found
    }
}
