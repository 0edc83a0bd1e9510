#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#elseif canImport(Darwin)
    package import Darwin
#endif

/// The C structure of an endpoint, for the time of a call.
func withSocketAddress<Value>(_ endpoint: ListenEndpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
    func pass<Address>(_ address: Address) -> Value {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
        }
    }
    switch endpoint {
    case .internet(.ipv4(let bits), let port):
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = bits.bigEndian
        return pass(address)
    case .internet(let internet, let port):
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        if let bytes = internet.in6 { address.sin6_addr = bytes }
        return pass(address)
    case .unix(let path):
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            // The last byte stays NUL; ListenSpecification refuses what is longer.
            bytes.dropLast().copyBytes(from: path.utf8.prefix(bytes.count - 1))
        }
        return pass(address)
    }
}

/// The endpoint of a C structure; `nil` for a family that is none of ours.
func endpoint(of storage: sockaddr_storage) -> ListenEndpoint? {
    withUnsafeBytes(of: storage) { bytes in
        switch CInt(storage.ss_family) {
        case AF_INET:
            let address = bytes.loadUnaligned(as: sockaddr_in.self)
            return .internet(.ipv4(UInt32(bigEndian: address.sin_addr.s_addr)), port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = bytes.loadUnaligned(as: sockaddr_in6.self)
            return .internet(InternetAddress(address.sin6_addr), port: UInt16(bigEndian: address.sin6_port))
        case AF_UNIX:
            let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
            let end = min(bytes.count, MemoryLayout<sockaddr_un>.size)
            return .unix(path: String(decoding: bytes[start..<end].prefix { $0 != 0 }, as: UTF8.self))
        default: return nil
        }
    }
}

extension InternetAddress {
    /// The address in a C structure of whatever family; `nil` for one that is neither IPv4 nor IPv6.
    package init?(_ pointer: UnsafePointer<sockaddr>) {
        switch CInt(pointer.pointee.sa_family) {
        case AF_INET:
            let address = UnsafeRawPointer(pointer).loadUnaligned(as: sockaddr_in.self)
            self = .ipv4(UInt32(bigEndian: address.sin_addr.s_addr))
        case AF_INET6:
            self.init(UnsafeRawPointer(pointer).loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: return nil
        }
    }
}
