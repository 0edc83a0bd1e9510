#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

import Diagnosis

/// sock_diag(7): the kernel's own list of sockets. It is the only place that shows IPV6_V6ONLY of sockets that are not ours.
package enum SocketDiagnosis {
    /// - Throws: EAFNOSUPPORT or EPROTONOSUPPORT where the kernel has no sock_diag, EPERM where a sandbox forbids it.
    package static func listening() throws(SystemCallError) -> [ListeningSocket] {
        #if os(Linux)
            try dump(AF_INET) + dump(AF_INET6)
        #else
            throw SystemCallError(call: "socket AF_NETLINK", code: EAFNOSUPPORT)
        #endif
    }

    #if os(Linux)
        /// More packets than a hundred thousand sockets need.
        private static let maximumPackets = 2048

        private static func dump(_ family: Int32) throws(SystemCallError) -> [ListeningSocket] {
            #if canImport(Glibc)
                let kind = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
            #else
                let kind = SOCK_RAW | SOCK_CLOEXEC
            #endif
            // NETLINK_SOCK_DIAG
            let descriptor = socket(AF_NETLINK, kind, 4)
            guard descriptor >= 0 else { throw SystemCallError(call: "socket AF_NETLINK", code: errno) }
            defer { close(descriptor) }
            // A kernel answers at once; a sandbox that imitates one may never do.
            var timeout = timeval(tv_sec: 1, tv_usec: 0)
            _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            let request = SocketDiagnosisMessages.request(family: UInt8(family))
            guard send(descriptor, request, request.count, 0) == request.count else {
                throw SystemCallError(call: "send sock_diag", code: errno)
            }
            var messages = SocketDiagnosisMessages()
            // The kernel fills at most 32 KiB at once.
            var packet = [UInt8](repeating: 0, count: 1 << 16)
            for _ in 0..<maximumPackets where !messages.isComplete {
                var count = recv(descriptor, &packet, packet.count, 0)
                while count < 0, errno == EINTR { count = recv(descriptor, &packet, packet.count, 0) }
                guard count > 0 else { throw SystemCallError(call: "receive sock_diag", code: count < 0 ? errno : EBADMSG) }
                try messages.read(packet[..<count])
            }
            return messages.sockets
        }
    #endif
}

/// The bytes of a sock_diag conversation (linux/netlink.h, linux/inet_diag.h): words are in the host's order, ports and addresses in
/// the network's.
struct SocketDiagnosisMessages {
    private(set) var sockets: [ListeningSocket] = []
    private(set) var isComplete = false

    /// Asks for every TCP socket of the family that listens.
    static func request(family: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        func word<Number: FixedWidthInteger>(_ number: Number) { withUnsafeBytes(of: number) { bytes += $0 } }
        // nlmsghdr: length, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, sequence, port
        word(UInt32(72))
        word(UInt16(20))
        word(UInt16(0x301))
        word(UInt32(1))
        word(UInt32(0))
        // inet_diag_req_v2: family, IPPROTO_TCP, no extensions, padding, 1 << TCP_LISTEN, an empty inet_diag_sockid
        bytes += [family, 6, 0, 0]
        word(UInt32(1 << 10))
        return bytes + [UInt8](repeating: 0, count: 48)
    }

    /// - Throws: what the kernel answered, or EBADMSG for bytes that are no netlink messages.
    mutating func read(_ packet: ArraySlice<UInt8>) throws(SystemCallError) {
        var rest = packet
        while !rest.isEmpty, !isComplete {
            guard rest.count >= 16 else { throw Self.malformed }
            let length = Int(Self.number(rest, at: 0, as: UInt32.self))
            guard length >= 16, length <= rest.count else { throw Self.malformed }
            let body = rest.dropFirst(16).prefix(length - 16)
            switch Self.number(rest, at: 4, as: UInt16.self) {
            case 20: try socket(body)
            // NLMSG_ERROR carries a negative errno, NLMSG_DONE ends the list.
            case 2:
                guard body.count >= 4 else { throw Self.malformed }
                throw SystemCallError(call: "sock_diag", code: 0 &- Self.number(body, at: 0, as: Int32.self))
            case 3: isComplete = true
            default: break
            }
            rest = rest.dropFirst((length + 3) & ~3)
        }
    }

    private mutating func socket(_ body: ArraySlice<UInt8>) throws(SystemCallError) {
        guard body.count >= 72, let family = body.first else { throw Self.malformed }
        let address: InternetAddress
        switch Int32(family) {
        case AF_INET: address = .ipv4(UInt32(bigEndian: Self.number(body, at: 8, as: UInt32.self)))
        case AF_INET6:
            address = .ipv6(
                high: UInt64(bigEndian: Self.number(body, at: 8, as: UInt64.self)), low: UInt64(bigEndian: Self.number(body, at: 16, as: UInt64.self))
            )
        default: return
        }
        sockets.append(
            ListeningSocket(
                address: address, port: UInt16(bigEndian: Self.number(body, at: 4, as: UInt16.self)),
                user: Self.number(body, at: 64, as: UInt32.self), inode: UInt64(Self.number(body, at: 68, as: UInt32.self)),
                isIPv6Only: address.family == .ipv6 ? try isIPv6Only(body.dropFirst(72)) : nil))
    }

    /// INET_DIAG_SKV6ONLY among the attributes.
    private func isIPv6Only(_ attributes: ArraySlice<UInt8>) throws(SystemCallError) -> Bool? {
        var rest = attributes
        while rest.count >= 4 {
            let length = Int(Self.number(rest, at: 0, as: UInt16.self))
            guard length >= 4, length <= rest.count else { throw Self.malformed }
            if Self.number(rest, at: 2, as: UInt16.self) == 11, length > 4 { return rest[rest.startIndex + 4] != 0 }
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return nil
    }

    private static let malformed = SystemCallError(call: "sock_diag", code: EBADMSG)

    /// The caller has seen that the bytes are there.
    private static func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>, at offset: Int, as type: Number.Type) -> Number {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }
}
