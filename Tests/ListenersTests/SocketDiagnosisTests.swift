@testable import Listeners
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("The listening sockets as the kernel tells them")
struct SocketDiagnosisTests {
    /// A message of a dump: struct nlmsghdr, struct inet_diag_msg, then attributes.
    private func message(type: UInt16 = 20, family: UInt8 = UInt8(AF_INET6), port: UInt16 = 8000, attributes: [UInt8] = []) -> [UInt8] {
        var payload: [UInt8] = [family, 10, 0, 0, UInt8(port >> 8), UInt8(port & 255), 0, 0]
        payload += [UInt8](repeating: 0, count: 15) + [1]
        payload += [UInt8](repeating: 0, count: 16 + 12 + 12)
        payload += [7, 0, 0, 0, 0xEF, 0xBE, 0, 0]
        return header(16 + payload.count + attributes.count, type) + payload + attributes
    }

    private func header(_ length: Int, _ type: UInt16) -> [UInt8] {
        [UInt8(length & 255), UInt8(length >> 8), 0, 0, UInt8(type & 255), UInt8(type >> 8), 0, 0] + [UInt8](repeating: 0, count: 8)
    }

    @Test("Reads address, port, owner and IPV6_V6ONLY, past attributes that it does not know", arguments: [true, false])
    func reads(isOnly: Bool) throws {
        var dump = SocketDump()
        let attributes: [UInt8] = [5, 0, 8, 0, 9, 0, 0, 0, 5, 0, 11, 0, isOnly ? 1 : 0, 0, 0, 0]
        try dump.read(message(attributes: attributes)[...])
        #expect(dump.entries == [.init(address: .loopback6, port: 8000, user: 7, inode: 0xBEEF, isIPv6Only: isOnly)])
        #expect(!dump.isComplete)
        try dump.read(header(16, 3)[...])
        #expect(dump.isComplete)
    }

    @Test("A message that is cut off is left out")
    func cutOff() throws {
        let whole = message(attributes: [5, 0, 11, 0, 1, 0, 0, 0])
        for length in 0..<whole.count {
            var dump = SocketDump()
            try dump.read(whole.prefix(length))
            #expect(dump.entries.isEmpty)
        }
        // One whose length says less than it should hold.
        var dump = SocketDump()
        try dump.read((header(40, 20) + [UInt8](repeating: 10, count: 24))[...])
        try dump.read((header(8, 20))[...])
        #expect(dump.entries.isEmpty)
    }

    @Test("An attribute whose length is wrong says nothing")
    func attribute() throws {
        for attributes: [UInt8] in [[0, 0, 11, 0], [255, 0, 11, 0, 1], [4, 0, 11, 0]] {
            var dump = SocketDump()
            try dump.read(message(attributes: attributes)[...])
            #expect(dump.entries.first?.isIPv6Only == nil)
        }
    }

    @Test("The kernel's error is thrown by its errno")
    func error() {
        var dump = SocketDump()
        let code = UInt32(bitPattern: -EPERM)
        let bytes = header(20, 2) + [UInt8(code & 255), UInt8(code >> 8 & 255), 255, 255]
        #expect(throws: SystemCallError(call: "sock_diag", code: EPERM)) { try dump.read(bytes[...]) }
    }

    #if os(Linux)
        @Test("Tells a dual-stack socket from one that takes IPv6 only, and both owners")
        func real() throws {
            for isOnly in [true, false] {
                let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
                guard descriptor >= 0 else { return }
                defer { close(descriptor) }
                var only: Int32 = isOnly ? 1 : 0
                setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &only, socklen_t(MemoryLayout<Int32>.size))
                #expect(listen(descriptor, 1) == 0)
                var address = sockaddr_in6()
                var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
                _ = withUnsafeMutablePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
                }
                let port = UInt16(bigEndian: address.sin6_port)
                let entry = try #require(try SocketDiagnosis.listening().first { $0.port == port })
                #expect(entry.isIPv6Only == isOnly)
                #expect(entry.address == .any6)
                guard case .process(getpid(), _) = PortOwner(inode: entry.inode, user: entry.user) else {
                    Issue.record("the owner is this process")
                    return
                }
            }
        }
    #endif
}
