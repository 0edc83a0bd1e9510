import Listeners

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The server that a hook asks: a URL as people have it, `http://HOST[:PORT][/PATH]`, or `unix:PATH`.
struct HookTarget: Equatable {
    static let standard = "http://localhost:8000"
    /// A name with more addresses is not asked about them all: there is no time.
    private static let maximumAddresses = 4

    private enum Place: Equatable {
        case name(String, port: UInt16)
        case endpoint(ListenEndpoint)
    }

    private let place: Place
    /// The value of `Host`.
    let authority: String
    /// Where the server takes hooks.
    let path: String

    init(_ text: String) throws {
        func refused(_ reason: String) -> UsageError { UsageError("cannot send hooks to \"\(text.prefix(200))\": \(reason)") }
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), path.utf8.count <= 103 else { throw refused("a path of at most 103 bytes must follow unix:") }
            (place, authority, self.path) = (.endpoint(.unix(path: path)), "localhost", "/hook")
            return
        }
        if text.hasPrefix("https://") {
            throw refused("a hook has no time for TLS. Fix: name the http:// address of a server or a proxy on this host or network")
        }
        guard text.hasPrefix("http://") else { throw refused("it must begin with http:// or unix:") }
        let rest = text.dropFirst(7)
        let visible = rest.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard visible, !authority.isEmpty, !authority.contains("@") else { throw refused("no host stands behind http://, or more than a host") }
        var host = authority
        var port: UInt16 = 80
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            guard let number = UInt16(authority[authority.index(after: colon)...]), number > 0 else { throw refused("the port is no number") }
            (host, port) = (authority[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if let address = InternetAddress(host) {
            place = .endpoint(.internet(address, port: port))
        } else {
            guard !host.isEmpty, !host.contains(":"), !host.contains("[") else { throw refused("the host is neither a name nor an address") }
            place = .name(String(host), port: port)
        }
        self.authority = String(authority)
        self.path = Self.path(rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" })
    }

    /// A client's URL ends in the endpoint's path; hooks have their own beside it.
    private static func path(_ path: Substring) -> String {
        var parts = path.split(separator: "/")
        if let last = parts.last, ["mcp", "sse", "hook"].contains(last) { parts.removeLast() }
        return "/" + (parts + ["hook"]).joined(separator: "/")
    }

    /// The addresses, in the order in which they are tried. A name that is not `localhost` is looked up, for as long as the resolver takes.
    var endpoints: [ListenEndpoint] {
        switch place {
        case .endpoint(let endpoint): return [endpoint]
        case .name(let name, let port):
            // Both loopbacks as literals: what the resolver makes of the name depends on the host.
            if name.lowercased() == "localhost" {
                return [.internet(.loopback4, port: port), .internet(.loopback6, port: port)]
            }
            return Self.addresses(of: name).map { .internet($0, port: port) }
        }
    }

    private static func addresses(of name: String) -> [InternetAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [InternetAddress] = []
        var next = list
        while let entry = next, addresses.count < maximumAddresses {
            if let address = entry.pointee.ai_addr.flatMap({ InternetAddress($0) }) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        return addresses
    }
}
