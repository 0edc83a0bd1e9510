import Diagnosis

/// The addresses that have their first bits in common (RFC 4632 section 3.1, RFC 4291 section 2.3): `10.0.0.0/8`, or one alone.
package struct AddressBlock: Sendable, Hashable {
    private let address: InternetAddress
    private let length: Int

    /// Reads `ADDRESS` or `ADDRESS/BITS`; `nil` where the text is anything else, a name for example. Bits behind the prefix do not count.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = InternetAddress(first) else { return nil }
        let whole = address.family == .ipv4 ? 32 : 128
        var length = whole
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]), bits <= whole
            else { return nil }
            length = bits
        }
        // Peers are compared in canonical form: a block of mapped addresses is one of IPv4.
        let isMapped = address.canonical != address && length >= 96
        self.address = isMapped ? address.canonical : address
        self.length = isMapped ? length - 96 : length
    }

    package func contains(_ other: InternetAddress) -> Bool {
        address.sharesPrefix(of: length, with: other.canonical)
    }
}
