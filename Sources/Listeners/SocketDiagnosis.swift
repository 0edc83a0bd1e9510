#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The TCP sockets of this host that listen, as the kernel tells by sock_diag(7). Unlike /proc/net/tcp6 it says IPV6_V6ONLY, without privilege.
package enum SocketDiagnosis {
    package struct Entry: Sendable, Hashable {
        package var address: InternetAddress
        package var port: UInt16
        package var user: UInt32
        package var inode: UInt64
        /// `nil` for IPv4.
        package var isIPv6Only: Bool?

        package init(address: InternetAddress, port: UInt16, user: UInt32, inode: UInt64, isIPv6Only: Bool? = nil) {
            self.address = address
            self.port = port
            self.user = user
            self.inode = inode
            self.isIPv6Only = isIPv6Only
        }
    }

    /// Asks the kernel. Blocks for as long as a dump takes, a second at most.
    /// - Throws: ``SystemCallError``; on systems without netlink always, with EAFNOSUPPORT.
    package static func listening() throws(SystemCallError) -> [Entry] {
        #if os(Linux)
            var entries: [Entry] = []
            for family in [AF_INET, AF_INET6] { entries += try dump(UInt8(family)) }
            return entries
        #else
            throw SystemCallError(call: "socket", code: EAFNOSUPPORT)
        #endif
    }

    #if os(Linux)
        private static func dump(_ family: UInt8) throws(SystemCallError) -> [Entry] {
            let type = Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
            let descriptor = socket(AF_NETLINK, type, SocketDump.netlinkInetDiag)
            guard descriptor >= 0 else { throw SystemCallError(call: "socket", code: errno) }
            defer { close(descriptor) }
            var patience = timeval(tv_sec: 1, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            let request = SocketDump.request(family: family)
            guard send(descriptor, request, request.count, 0) == request.count else { throw SystemCallError(call: "send", code: errno) }
            var dump = SocketDump()
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while !dump.isComplete {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { throw SystemCallError(call: "recv", code: count == 0 ? ECONNRESET : errno) }
                try dump.read(buffer[..<count])
            }
            return dump.entries
        }
    #endif
}

/// The bytes of a dump: struct nlmsghdr (netlink(7)), struct inet_diag_req_v2 and inet_diag_msg (sock_diag(7)), in the host's order.
struct SocketDump {
    static let netlinkInetDiag: Int32 = 4
    private static let sockDiagByFamily: UInt16 = 20
    private static let headerLength = 16
    private static let messageLength = 72
    /// INET_DIAG_SKV6ONLY: the kernel adds it to every listening IPv6 socket.
    private static let onlyAttribute: UInt16 = 11
    /// A host with more listening sockets than this is told of these.
    private static let entryLimit = 65_536

    private(set) var entries: [SocketDiagnosis.Entry] = []
    private(set) var isComplete = false

    static func request(family: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value) { bytes += $0 } }
        append(UInt32(headerLength + 56))
        append(sockDiagByFamily)
        append(UInt16(0x301))  // NLM_F_REQUEST | NLM_F_ROOT | NLM_F_MATCH
        append(UInt32(1))
        append(UInt32(0))
        bytes += [family, 6, 0, 0]  // IPPROTO_TCP
        append(UInt32(1 << 10))  // TCP_LISTEN
        bytes += [UInt8](repeating: 0, count: 48)
        return bytes
    }

    /// Takes one datagram. What is cut off or of another kind is left out; an error message is thrown.
    mutating func read(_ datagram: ArraySlice<UInt8>) throws(SystemCallError) {
        var rest = datagram
        while rest.count >= Self.headerLength {
            let length = Int(rest.value(at: 0, as: UInt32.self))
            guard length >= Self.headerLength, length <= rest.count else { break }
            let payload = rest.dropFirst(Self.headerLength).prefix(length - Self.headerLength)
            switch rest.value(at: 4, as: UInt16.self) {
            case 2:
                // NLMSG_ERROR carries a negative errno.
                let code = payload.count >= 4 ? -payload.value(at: 0, as: Int32.self) : EPROTO
                throw SystemCallError(call: "sock_diag", code: code == 0 ? EPROTO : code)
            case 3: isComplete = true
            case Self.sockDiagByFamily where entries.count < Self.entryLimit:
                if let entry = Self.entry(payload) { entries.append(entry) }
            default: break
            }
            rest = rest.dropFirst((length + 3) & ~3)
        }
    }

    private static func entry(_ payload: ArraySlice<UInt8>) -> SocketDiagnosis.Entry? {
        guard payload.count >= messageLength else { return nil }
        let words = (0..<4).map { UInt32(bigEndian: payload.value(at: 8 + 4 * $0, as: UInt32.self)) }
        let address: InternetAddress
        switch Int32(payload.value(at: 0, as: UInt8.self)) {
        case AF_INET: address = .ipv4(words[0])
        case AF_INET6: address = .ipv6(high: UInt64(words[0]) << 32 | UInt64(words[1]), low: UInt64(words[2]) << 32 | UInt64(words[3]))
        default: return nil
        }
        return SocketDiagnosis.Entry(
            address: address, port: UInt16(bigEndian: payload.value(at: 4, as: UInt16.self)), user: payload.value(at: 64, as: UInt32.self),
            inode: UInt64(payload.value(at: 68, as: UInt32.self)), isIPv6Only: only(payload.dropFirst(messageLength)))
    }

    private static func only(_ attributes: ArraySlice<UInt8>) -> Bool? {
        var rest = attributes
        while rest.count >= 4 {
            let length = Int(rest.value(at: 0, as: UInt16.self))
            guard length >= 4, length <= rest.count else { return nil }
            if rest.value(at: 2, as: UInt16.self) == onlyAttribute, length >= 5 { return rest.value(at: 4, as: UInt8.self) != 0 }
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return nil
    }
}

extension ArraySlice<UInt8> {
    /// The caller has seen to it that so many bytes are there.
    fileprivate func value<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value {
        withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }
}
