import Listeners

/// The items of NO_PROXY, compared as Claude Code 2.1.330 compares them. Each rule was measured: `example.com`, `.example.com` and
/// `*.example.com` cover the domain and everything below it, whatever the case; `:port` behind an item narrows it; addresses cover
/// themselves, with or without brackets, or a block (`127.0.0.0/8`); `*` covers all. curl 7.86 and later agrees, but knows no port and
/// no `*.`, and `*` only alone; older ones know no block.
package struct ProxyExceptions: Sendable, Hashable {
    package var items: [String]

    package init(_ items: [String]) {
        self.items = items
    }

    /// Whether a request to this host (without brackets) and port passes the proxy by.
    package func cover(host: String, port: UInt16) -> Bool {
        item(covering: host, port: port) != nil
    }

    /// The first item that covers the host.
    package func item(covering host: String, port: UInt16) -> String? {
        let host = host.lowercased()
        return items.first { covers($0.lowercased(), host, port) }
    }

    private func covers(_ item: String, _ host: String, _ port: UInt16) -> Bool {
        if item == "*" { return true }
        let address = InternetAddress(host)
        let (name, itemPort) = split(item)
        if let itemPort, itemPort != String(port) { return false }
        if let slash = name.firstIndex(of: "/") {
            guard let address, let block = InternetAddress(name[..<slash]), let length = Int(name[name.index(after: slash)...]) else { return false }
            return block.sharesPrefix(of: length, with: address)
        }
        if let address { return InternetAddress(name) == address }
        var domain = name
        if domain.hasPrefix("*.") { domain = domain.dropFirst(2) } else if domain.hasPrefix(".") { domain = domain.dropFirst() }
        return !domain.isEmpty && (host == domain || host.hasSuffix("." + domain))
    }

    /// `[::1]:9` and `example.com:80` in their two parts; an address with more than one colon and no bracket has no port.
    private func split(_ item: String) -> (name: Substring, port: Substring?) {
        if item.hasPrefix("["), let end = item.firstIndex(of: "]") {
            let rest = item[item.index(after: end)...]
            return (item[..<end].dropFirst(), rest.hasPrefix(":") ? rest.dropFirst() : nil)
        }
        guard let colon = item.firstIndex(of: ":"), item.lastIndex(of: ":") == colon else { return (item[...], nil) }
        return (item[..<colon], item[item.index(after: colon)...])
    }
}
