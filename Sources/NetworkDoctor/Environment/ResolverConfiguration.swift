/// resolv.conf(5)
struct ResolverConfiguration: Hashable {
    /// The first three: neither glibc nor musl asks more.
    var nameServers: [String] = []
    var searchList: [String] = []
    var dotsBeforeSearch = 1

    init(_ text: String) {
        for words in ConfigurationLines(text, comments: ["#", ";"]) where words.count > 1 {
            switch words[0] {
            case "nameserver":
                if nameServers.count < 3 { nameServers.append(String(words[1])) }
            // The last of either counts.
            case "search": searchList = words.dropFirst().prefix(32).map(String.init)
            case "domain": searchList = [String(words[1])]
            case "options":
                for option in words.dropFirst() where option.hasPrefix("ndots:") {
                    if let dots = Int(option.dropFirst("ndots:".count)), dots >= 0 { dotsBeforeSearch = min(dots, 15) }
                }
            default: continue
            }
        }
    }
}
