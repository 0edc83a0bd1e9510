import Diagnosis
import Testing

@testable import Listeners

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Socket diagnosis")
struct SocketDiagnosisTests {
    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }

    private static func message(_ type: UInt16, _ body: [UInt8]) -> [UInt8] {
        let whole = bytes(UInt32(16 + body.count)) + bytes(type) + bytes(UInt16(2)) + bytes(UInt32(1)) + bytes(UInt32(0)) + body
        return whole + [UInt8](repeating: 0, count: (4 - whole.count % 4) % 4)
    }

    private static func attribute(_ type: UInt16, _ data: [UInt8]) -> [UInt8] {
        bytes(UInt16(4 + data.count)) + bytes(type) + data + [UInt8](repeating: 0, count: (4 - data.count % 4) % 4)
    }

    private static func socket(_ family: Int32, _ address: [UInt8], port: UInt16, attributes: [UInt8] = []) -> [UInt8] {
        [UInt8(family), 10, 0, 0] + bytes(port.bigEndian) + [0, 0] + address + [UInt8](repeating: 0, count: 16 - address.count)
            + [UInt8](repeating: 0, count: 28) + [UInt8](repeating: 0, count: 12) + bytes(UInt32(1000)) + bytes(UInt32(4711)) + attributes
    }

    private static let loopback6 = [UInt8](repeating: 0, count: 15) + [1]

    @Test func `Sockets are read with what the kernel says of IPV6_V6ONLY`() throws {
        let packet =
            Self.message(20, Self.socket(AF_INET, [127, 0, 0, 1], port: 8000, attributes: Self.attribute(8, [0])))
            + Self.message(20, Self.socket(AF_INET6, Self.loopback6, port: 8001, attributes: Self.attribute(8, [0]) + Self.attribute(11, [1])))
            + Self.message(20, Self.socket(AF_INET6, [UInt8](repeating: 0, count: 16), port: 8002, attributes: Self.attribute(11, [0])))
            + Self.message(20, Self.socket(AF_INET6, Self.loopback6, port: 8003))
        var messages = SocketDiagnosisMessages()
        try messages.read(packet[...])
        #expect(!messages.isComplete)
        try messages.read((Self.message(3, [0, 0, 0, 0]) + [1, 2, 3])[...])
        #expect(messages.isComplete)
        #expect(
            messages.sockets == [
                ListeningSocket(address: .loopback4, port: 8000, user: 1000, inode: 4711),
                ListeningSocket(address: .loopback6, port: 8001, user: 1000, inode: 4711, isIPv6Only: true),
                ListeningSocket(address: .any6, port: 8002, user: 1000, inode: 4711, isIPv6Only: false),
                ListeningSocket(address: .loopback6, port: 8003, user: 1000, inode: 4711),
            ])
    }

    @Test func `A refusal is the kernel's own error`() {
        var messages = SocketDiagnosisMessages()
        let packet = Self.message(2, Self.bytes(-EPERM) + [UInt8](repeating: 0, count: 16))
        #expect(throws: SystemCallError(call: "sock_diag", code: EPERM)) { try messages.read(packet[...]) }
    }

    @Test func `Every beginning of a packet is refused and none is read beyond its end`() {
        let packet = Self.message(20, Self.socket(AF_INET6, Self.loopback6, port: 1, attributes: Self.attribute(11, [1])))
        for count in 1..<packet.count {
            var messages = SocketDiagnosisMessages()
            #expect(throws: SystemCallError(call: "sock_diag", code: EBADMSG)) { try messages.read(packet[..<count]) }
        }
    }

    @Test(
        arguments: [
            // A length of nothing, a length beyond the packet, a body that is too short, attributes of no length and beyond the message.
            [UInt8](repeating: 0, count: 16), [0xFF, 0xFF, 0, 0] + [UInt8](repeating: 0, count: 12), message(20, [10, 0]), message(2, [1]),
            message(20, socket(AF_INET6, loopback6, port: 1, attributes: [0, 0, 11, 0])),
            message(20, socket(AF_INET6, loopback6, port: 1, attributes: [0xFF, 0xFF, 11, 0])),
        ])
    func `Lengths that lie are refused`(packet: [UInt8]) {
        var messages = SocketDiagnosisMessages()
        #expect(throws: SystemCallError(call: "sock_diag", code: EBADMSG)) { try messages.read(packet[...]) }
    }

    #if os(Linux)
        @Test func `The kernel tells an IPv6 socket that answers IPv4 too from one that does not`() throws {
            var found: [Bool: ListeningSocket] = [:]
            let calls = SystemSocketCalls()
            for isIPv6Only in [true, false] {
                let descriptor = try calls.socket(.ipv6)
                defer { calls.close(descriptor) }
                if isIPv6Only {
                    try calls.onlyIPv6(descriptor)
                } else {
                    var zero: CInt = 0
                    try #require(setsockopt(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &zero, socklen_t(MemoryLayout<CInt>.size)) == 0)
                }
                try calls.bind(descriptor, to: .internet(.any6, port: 0))
                try calls.listen(descriptor, backlog: 1)
                guard case .internet(_, let port) = try calls.localEndpoint(descriptor).0 else { continue }
                found[isIPv6Only] = try SocketDiagnosis.listening().first { $0.port == port }
                #expect(try ListeningSocket.all().first { $0.port == port } == found[isIPv6Only])
                let socket = try #require(found[isIPv6Only])
                guard case .process(let id, _) = PortOwner(of: socket) else {
                    Issue.record("no owner found")
                    continue
                }
                #expect(id == getpid())
            }
            #expect(found[true]?.isIPv6Only == true)
            #expect(found[false]?.isIPv6Only == false)
            #expect(found[true]?.address == .any6 && found[true]?.user == getuid())
        }

        @Test func `An IPv4 socket is listed with its address`() throws {
            let calls = SystemSocketCalls()
            let descriptor = try calls.socket(.ipv4)
            defer { calls.close(descriptor) }
            try calls.bind(descriptor, to: .internet(.loopback4, port: 0))
            try calls.listen(descriptor, backlog: 1)
            guard case .internet(_, let port) = try calls.localEndpoint(descriptor).0 else { return }
            let socket = try #require(try SocketDiagnosis.listening().first { $0.port == port && $0.address.family == .ipv4 })
            #expect(socket.address == .loopback4 && socket.isIPv6Only == nil)
        }
    #endif
}
