#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A host of its own, as far as addresses and ports go. It is removed with the value.
struct NetworkNamespace: ~Copyable {
    enum Shape: CaseIterable {
        /// As newer Docker makes them: `::1` on lo, and an interface with an IPv4 address and IPv6 switched off.
        case ipv4Only
        /// As older Docker makes them: no IPv6 address at all.
        case noIPv6Address
        case ipv6Only
        case both
    }

    private let name: String

    /// Whether namespaces can be made here: root and iproute2.
    static let isAvailable: Bool = {
        guard getuid() == 0 else { return false }
        let name = "listeners-try-\(getpid())"
        guard (try? run("ip", "netns", "add", name)) == 0 else { return false }
        return (try? run("ip", "netns", "del", name)) == 0
    }()

    static let compiler: String? = ["cc", "gcc", "clang"].first { (try? run("sh", "-c", "command -v \($0) >/dev/null")) == 0 }

    /// The program that listens, beside the tests' own.
    static let probe: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/ListenerProbe"
    }()

    init(_ shape: Shape, sysctl: String? = nil) throws {
        name = "listeners-\(getpid())-\(UInt32.random(in: 0...0xFF_FFFF))"
        try run("ip", "netns", "add", name)
        try inside("ip", "link", "set", "lo", "up")
        if let sysctl { try inside("sysctl", "-qw", sysctl) }
        try inside("ip", "link", "add", "a0", "type", "veth", "peer", "name", "b0")
        switch shape {
        case .ipv4Only:
            try inside("sysctl", "-qw", "net.ipv6.conf.a0.disable_ipv6=1", "net.ipv6.conf.b0.disable_ipv6=1")
            try inside("ip", "address", "add", "10.9.9.1/24", "dev", "a0")
        case .noIPv6Address:
            try inside("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
            try inside("ip", "address", "add", "10.9.9.1/24", "dev", "a0")
        case .ipv6Only:
            try inside("ip", "address", "del", "127.0.0.1/8", "dev", "lo")
            try inside("ip", "address", "add", "fd77::5/64", "dev", "a0", "nodad")
        case .both:
            try inside("ip", "address", "add", "10.9.9.1/24", "dev", "a0")
            try inside("ip", "address", "add", "fd77::5/64", "dev", "a0", "nodad")
        }
        try inside("ip", "link", "set", "a0", "up")
        try inside("ip", "link", "set", "b0", "up")
    }

    deinit {
        _ = try? run("ip", "netns", "del", name)
    }

    private func inside(_ arguments: String...) throws {
        let child = try ChildProcess(["ip", "netns", "exec", name] + arguments)
        _ = child.line()
        _ = child.stop()
    }

    func start(_ arguments: [String], wrapper: [String] = []) throws -> ChildProcess {
        try ChildProcess(["ip", "netns", "exec", name] + wrapper + [Self.probe] + arguments)
    }

    /// What the probe says of its listeners, when it has ended.
    func report(_ arguments: String..., wrapper: [String] = []) throws -> String {
        let child = try start(arguments, wrapper: wrapper)
        let line = child.line()
        _ = child.stop()
        return line
    }
}
