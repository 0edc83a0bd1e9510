/// An absolute `http` or `https` URL, taken apart, with scheme and host in lower case and no port where it is the scheme's own
/// (RFC 3986 sections 6.2.2.1 and 6.2.3). Two addresses are equal where they are written alike after that.
struct WebAddress: Sendable, Hashable {
    /// What is wrong with a text.
    enum Flaw: String, Error, Sendable, CustomStringConvertible {
        case scheme = "it does not start with https:// or http://"
        case host = "its host is missing or not written in ASCII"
        case port = "its port is no number from 1 to 65535"
        case userInfo = "it holds a user name or password"
        case fragment = "it has a fragment (#)"
        case query = "it has a query (?)"
        case character = "it holds a space or another character that a URL cannot hold unescaped"
        case length = "it is longer than 2000 bytes"

        var description: String { rawValue }
    }

    let isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    let host: String
    /// Where it differs from the scheme's own.
    let port: Int?
    /// Empty, or from its slash on as it was written.
    var path: String
    var query: String?

    init(_ text: String) throws(Flaw) {
        guard text.utf8.count <= 2000 else { throw .length }
        // Quotes and backslashes are none of RFC 3986, and an address ends up in headers.
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !#""<>\^`{|}"#.utf8.contains($0) }) else { throw .character }
        let scheme = text.prefix(8).lowercased()
        guard scheme.hasPrefix("https://") || scheme.hasPrefix("http://") else { throw .scheme }
        isSecure = scheme.hasPrefix("https://")
        let rest = text.dropFirst(isSecure ? 8 : 7)
        guard !rest.utf8.contains(UInt8(ascii: "#")) else { throw .fragment }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        (host, port) = try Self.authority(rest[..<end], ownPort: isSecure ? 443 : 80)
        let mark = rest[end...].firstIndex(of: "?")
        path = String(rest[end..<(mark ?? rest.endIndex)])
        query = mark.map { String(rest[rest.index(after: $0)...]) }
    }

    private static func authority(_ text: Substring, ownPort: Int) throws(Flaw) -> (String, Int?) {
        guard !text.contains("@") else { throw .userInfo }
        let end: Substring.Index
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { throw .host }
            end = text.index(after: bracket)
            guard text[..<end].dropFirst().dropLast().utf8.allSatisfy({ isHexDigit($0) || $0 == 0x3A || $0 == 0x2E }) else { throw .host }
        } else {
            end = text.firstIndex(of: ":") ?? text.endIndex
            guard text[..<end].utf8.allSatisfy({ isNameByte($0) }) else { throw .host }
        }
        let host = text[..<end].lowercased()
        guard !host.isEmpty, host != "[]" else { throw .host }
        guard end != text.endIndex else { return (host, nil) }
        let digits = text[end...].dropFirst()
        guard text[end] == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits), (1...65535).contains(port) else {
            throw .port
        }
        return (host, port == ownPort ? nil : port)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }

    /// `host[:port]`.
    var authority: String { host + (port.map { ":\($0)" } ?? "") }
    /// `scheme://host[:port]`.
    var origin: String { (isSecure ? "https://" : "http://") + authority }
    /// The whole address.
    var text: String { origin + path + (query.map { "?" + $0 } ?? "") }

    /// Without slashes at the end of the path, which make no difference to who is meant (MCP 2025-11-25, canonical server URI).
    var withoutTrailingSlash: WebAddress {
        var copy = self
        while copy.path.utf8.last == UInt8(ascii: "/") { copy.path.removeLast() }
        return copy
    }

    /// The same origin with another path and no query.
    func at(path: String) -> WebAddress {
        var copy = self
        copy.path = path
        copy.query = nil
        return copy
    }

    /// Whether the host is this machine whatever its network is.
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether what is read there can be trusted to come from there: https, or plain http that never leaves this machine.
    var isTrustworthy: Bool { isSecure || isLoopback }
}
