package import Listeners

/// The URL that is looked into, taken apart.
package struct Target: Sendable, Hashable, CustomStringConvertible {
    package var isSecure: Bool
    /// Lower case, without brackets: a name, an IPv4 address or an IPv6 address.
    package var host: String
    package var port: UInt16
    /// With its slash and its query: `/mcp`; `/` where the URL has none.
    package var path: String

    package init(isSecure: Bool = false, host: String, port: UInt16, path: String = "/mcp") {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.path = path
    }

    /// Reads `http://host:port/path`; a scheme that is missing is `http`, as people type it.
    /// - Throws: ``TargetError``, which says what is wrong with the text and quotes no user information.
    package init(_ text: String) throws(TargetError) {
        guard text.utf8.count <= 2000 else { throw TargetError("the URL is longer than 2000 bytes") }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TargetError("the URL is empty, or holds a space or a character that a URL cannot hold")
        }
        var rest = text[...]
        if let end = text.firstRange(of: "://") {
            switch text[..<end.lowerBound].lowercased() {
            case "http": isSecure = false
            case "https": isSecure = true
            default: throw TargetError("its scheme is neither http:// nor https://")
            }
            rest = text[end.upperBound...]
        } else {
            isSecure = false
        }
        rest = rest.prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        path = String(rest[authority.endIndex...])
        if !path.hasPrefix("/") { path = "/" + path }
        guard !authority.contains("@") else { throw TargetError("the URL holds a user name or a password; put them into a header") }
        let colon: Substring.Index
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]"), InternetAddress(authority[..<bracket].dropFirst()) != nil else {
                throw TargetError("what stands in brackets is no IPv6 address")
            }
            host = authority[..<bracket].dropFirst().lowercased()
            colon = authority.index(after: bracket)
        } else {
            colon = authority.firstIndex(of: ":") ?? authority.endIndex
            guard !authority[colon...].dropFirst().contains(":") else {
                throw TargetError("an IPv6 address stands in brackets: http://[::1]:8000/mcp")
            }
            host = authority[..<colon].lowercased()
        }
        guard !host.isEmpty else { throw TargetError("the URL names no host") }
        // RFC 1035 section 2.3.4; a trailing dot ends the name and is no label.
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isName = host.utf8.count <= 254 && labels.dropLast(host.hasSuffix(".") ? 1 : 0).allSatisfy { (1...63).contains($0.utf8.count) }
        guard isName || InternetAddress(host) != nil else {
            throw TargetError("its host is no name: a part between two dots is empty, or longer than 63 characters")
        }
        let digits = authority[colon...]
        if digits.isEmpty || digits == ":" {
            port = isSecure ? 443 : 80
        } else {
            guard digits.hasPrefix(":"), digits.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt16(digits.dropFirst()), number > 0
            else {
                throw TargetError("the port is no number from 1 to 65535")
            }
            port = number
        }
    }

    /// Where the host is an address and no name.
    package var literal: InternetAddress? { InternetAddress(host) }

    /// As it stands in a Host header; the scheme's own port is left out, as clients do.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The path without what stands in the query, which may be a secret.
    package var shownPath: String {
        let path = self.path.prefix { $0 != "?" }
        return path.utf8.count < self.path.utf8.count ? path + "?..." : String(path)
    }

    /// For people: without the query.
    package var description: String { "\(isSecure ? "https" : "http")://\(authority)\(shownPath)" }
}

/// Why a text is no URL that can be looked into.
package struct TargetError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
