package import Listeners

/// `host[:port]` of a Host header or an Origin, read strictly: what is not plainly a name or an address is nothing at all.
package struct Authority: Sendable, Hashable {
    package enum Host: Sendable, Hashable {
        case address(InternetAddress)
        /// Lower case, without a trailing dot.
        case name(String)
    }

    package var host: Host
    package var port: UInt16?

    package init(host: Host, port: UInt16? = nil) {
        self.host = host
        self.port = port
    }

    /// `nil` where the text is no authority: empty, with user information, with characters that no host name has.
    package init?(_ text: some StringProtocol) {
        // A DNS name is at most 253 characters; brackets, a dot and a port come on top.
        guard !text.isEmpty, text.utf8.count <= 270 else { return nil }
        if text.utf8.first == UInt8(ascii: "[") {
            guard let bracket = text.firstIndex(of: "]"),
                let address = InternetAddress(text[text.index(after: text.startIndex)..<bracket]), case .ipv6 = address,
                let port = Self.port(text[text.index(after: bracket)...])
            else { return nil }
            self.init(host: .address(address.canonical), port: port.value)
            return
        }
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        guard let port = Self.port(text[colon...]), let host = Self.host(text[..<colon]) else { return nil }
        self.init(host: host, port: port.value)
    }

    private struct Port { var value: UInt16? }

    /// Of `` or `:8000`; an empty port (`host:`) is the default one (RFC 3986 section 3.2.3).
    private static func port(_ text: some StringProtocol) -> Port? {
        guard let colon = text.first else { return Port(value: nil) }
        let digits = text.dropFirst()
        guard colon == ":" else { return nil }
        if digits.isEmpty { return Port(value: nil) }
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = UInt16(digits) else { return nil }
        return Port(value: value)
    }

    private static func host(_ text: some StringProtocol) -> Host? {
        var length = 0
        var labelLength = 0
        var isNumeric = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."):
                guard labelLength > 0 else { return nil }
                labelLength = -1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                break
            // An underscore stands in no host name of the DNS and in many service names of Docker.
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                isNumeric = false
            default: return nil
            }
            labelLength += 1
            length += 1
            guard labelLength <= 63 else { return nil }
        }
        guard length > 0 else { return nil }
        if isNumeric, let address = InternetAddress(text) { return .address(address) }
        let name = labelLength == 0 ? text.dropLast() : text[...]
        return name.isEmpty ? nil : .name(name.lowercased())
    }

    /// For people and for `--allow-host`.
    package var name: String {
        switch host {
        case .address(let address): address.description
        case .name(let name): name
        }
    }

    var isLoopback: Bool {
        switch host {
        case .address(let address): address.isLoopback
        case .name(let name): name == "localhost" || name.hasSuffix(".localhost")
        }
    }
}
