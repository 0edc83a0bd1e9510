/// The server that a watch sends to: `http://HOST[:PORT][/PATH]`, `https://...`, or `unix:PATH`.
struct IngestTarget: Equatable, Sendable {
    /// As it is asked, with `/ingest` behind it.
    let url: String
    /// As the user wrote it.
    let text: String
    let isUnix: Bool

    init(_ text: String) throws(UsageError) {
        // A password in it is not said again.
        let shown = text.lastIndex(of: "@").map { "...\(text[$0...].prefix(200))" } ?? "\(text.prefix(200))"
        func refused(_ reason: String) -> UsageError { UsageError("cannot send to \"\(shown)\": \(reason)") }
        self.text = text
        if text.hasPrefix("unix:") {
            let path = text.dropFirst(5)
            guard path.hasPrefix("/"), path.utf8.count <= 103, !path.utf8.contains(0) else {
                throw refused("a path of at most 103 bytes must follow unix:")
            }
            isUnix = true
            url = "http+unix://\(path.utf8.map(Self.escaped).joined())/ingest"
            return
        }
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else { throw refused("it must begin with http://, https:// or unix:") }
        let rest = text.drop { $0 != ":" }.dropFirst(3)
        let authority = rest.prefix { $0 != "/" }
        guard text.utf8.count <= 2000, rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !authority.isEmpty else {
            throw refused("no host stands in it, or what may not stand in a URL")
        }
        guard !authority.contains("@") else {
            throw refused("it may hold no name and password. Fix: make a token (magenta token create NAME --scope write) and give --token-file FILE")
        }
        guard !rest.contains("?"), !rest.contains("#") else { throw refused("a query or a fragment has no meaning here") }
        // Whoever has the URL of the endpoint for clients means the server.
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path = path.dropLast() }
        if path == "/mcp" || path == "/ingest" { path = "" }
        isUnix = false
        url = "\(text.prefix { $0 != ":" })://\(authority)\(path)/ingest"
    }

    private static func escaped(_ byte: UInt8) -> String {
        let isPlain =
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
        if isPlain { return String(UnicodeScalar(byte)) }
        return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
