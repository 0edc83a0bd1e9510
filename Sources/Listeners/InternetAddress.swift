#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

package import Diagnosis

/// An IPv4 or IPv6 address as a number. It comes from a literal only: a name is never resolved here, because resolving even a literal
/// with `getaddrinfo` drops IPv6 on a host whose only IPv6 address is loopback (glibc's AI_ADDRCONFIG).
package enum InternetAddress: Sendable, Hashable {
    case ipv4(UInt32)
    case ipv6(high: UInt64, low: UInt64)

    package static let loopback4 = InternetAddress.ipv4(0x7F00_0001)
    package static let loopback6 = InternetAddress.ipv6(high: 0, low: 1)
    package static let any4 = InternetAddress.ipv4(0)
    package static let any6 = InternetAddress.ipv6(high: 0, low: 0)

    /// Reads a literal without brackets, port or zone; `nil` where the text is anything else.
    package init?(_ literal: some StringProtocol) {
        // The longest literal is 45 characters (RFC 4291 section 2.2, with an IPv4 tail).
        guard literal.utf8.count <= 45, literal.utf8.allSatisfy(Self.mayStandInLiteral) else { return nil }
        let text = String(literal)
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self = .ipv4(UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        self.init(v6)
    }

    init(_ address: in6_addr) {
        let (high, low) = withUnsafeBytes(of: address) { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self = .ipv6(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    var in6: in6_addr? {
        guard case .ipv6(let high, let low) = self else { return nil }
        var address = in6_addr()
        withUnsafeMutableBytes(of: &address) { bytes in
            bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return address
    }

    private static func mayStandInLiteral(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    package var family: AddressFamily {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        }
    }

    /// `::ffff:a.b.c.d` as `a.b.c.d`, everything else as it is. A dual-stack socket that was handed to us shows IPv4 peers as mapped
    /// addresses, and logs, loopback checks and limits must not see two forms of one peer.
    package var canonical: InternetAddress {
        guard case .ipv6(0, let low) = self, low >> 32 == 0xFFFF else { return self }
        return .ipv4(UInt32(truncatingIfNeeded: low))
    }

    package var isLoopback: Bool {
        switch canonical {
        case .ipv4(let bits): bits >> 24 == 127
        case .ipv6(let high, let low): high == 0 && low == 1
        }
    }

    package var isWildcard: Bool {
        switch self {
        case .ipv4(let bits): bits == 0
        case .ipv6(let high, let low): high == 0 && low == 0
        }
    }

    /// Whether the first `length` bits are the other's; false across families and for a length that the family has not.
    package func sharesPrefix(of length: Int, with other: InternetAddress) -> Bool {
        switch (self, other) {
        case (.ipv4(let left), .ipv4(let right)):
            return (0...32).contains(length) && (length == 0 || (left ^ right) >> (32 - length) == 0)
        case (.ipv6(let high, let low), .ipv6(let otherHigh, let otherLow)):
            guard (0...128).contains(length) else { return false }
            let isHighSame = length == 0 || (high ^ otherHigh) >> (64 - min(length, 64)) == 0
            return isHighSame && (length <= 64 || (low ^ otherLow) >> (128 - length) == 0)
        default: return false
        }
    }

    /// The address and a port as a URL has them: `127.0.0.1:8000`, `[::1]:8000`.
    package func withPort(_ port: UInt16) -> String {
        switch self {
        case .ipv4: "\(self):\(port)"
        case .ipv6: "[\(self)]:\(port)"
        }
    }
}

extension InternetAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ipv4(let bits):
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        case .ipv6:
            guard var address = in6 else { return "" }
            // INET6_ADDRSTRLEN
            var text = [CChar](repeating: 0, count: 46)
            guard inet_ntop(AF_INET6, &address, &text, socklen_t(text.count)) != nil else { return "" }
            return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
