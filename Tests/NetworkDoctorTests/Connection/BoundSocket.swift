import BinaryTesting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A port of 127.0.0.1 that is taken and not served. A port that was closed may be taken by another test, or stay open for a moment in a
/// process that was just forked.
enum BoundSocket {
    /// Nobody listens: it is refused.
    static func with<Value>(_ body: (UInt16) async throws -> Value) async throws -> Value {
        let (descriptor, address) = try bound()
        defer { close(descriptor) }
        return try await body(UInt16(bigEndian: address.sin_port))
    }

    #if os(Linux)
        /// It listens and its queue is full: Linux drops a SYN for it, as a firewall would.
        static func withFullQueue<Value>(_ body: (UInt16) async throws -> Value) async throws -> Value {
            var (listener, address) = try bound()
            defer { close(listener) }
            guard listen(listener, 0) == 0 else { throw TestFailure("listen failed") }
            // A queue of length 0 takes one connection.
            var clients: [CInt] = []
            defer { for client in clients { close(client) } }
            for _ in 0..<4 {
                let client = try open()
                clients.append(client)
                _ = call(&address) { connect(client, $0, $1) }
            }
            return try await body(UInt16(bigEndian: address.sin_port))
        }
    #endif

    private static func bound() throws -> (CInt, sockaddr_in) {
        let descriptor = try open()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard call(&address, { bind(descriptor, $0, $1) }) == 0, call(&address, { name, _ in getsockname(descriptor, name, &length) }) == 0 else {
            close(descriptor)
            throw TestFailure("bind failed")
        }
        return (descriptor, address)
    }

    private static func open() throws -> CInt {
        #if canImport(Glibc)
            let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw TestFailure("socket failed") }
        return descriptor
    }

    private static func call(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
