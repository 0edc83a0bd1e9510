#if os(Linux)
    import BinaryTesting

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    /// A socket on 127.0.0.1 whose queue is full: Linux drops a SYN for it, as a firewall would.
    enum FullListener {
        static func with<Value>(_ body: (UInt16) async throws -> Value) async throws -> Value {
            let listener = try open()
            defer { close(listener) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            guard call(&address, { bind(listener, $0, $1) }) == 0, listen(listener, 0) == 0 else { throw TestFailure("bind or listen failed") }
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            guard call(&address, { name, _ in getsockname(listener, name, &length) }) == 0 else { throw TestFailure("getsockname failed") }
            // A queue of length 0 takes one connection.
            var clients: [CInt] = []
            defer { for client in clients { close(client) } }
            for _ in 0..<4 {
                clients.append(try open())
                _ = call(&address) { [client = clients[clients.count - 1]] in connect(client, $0, $1) }
            }
            return try await body(UInt16(bigEndian: address.sin_port))
        }

        private static func open() throws -> CInt {
            #if canImport(Glibc)
                let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            #else
                let descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)
            #endif
            guard descriptor >= 0 else { throw TestFailure("socket failed") }
            return descriptor
        }

        private static func call(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
        }
    }
#endif
