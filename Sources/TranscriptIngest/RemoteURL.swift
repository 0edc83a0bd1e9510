/// What a git remote's URL says of the repository, without who fetches it and how: `github.com/ana/atlas` for
/// `https://ana:token@github.com/ana/atlas.git` as for `git@github.com:ana/atlas` (git-clone(1), "GIT URLS").
enum RemoteURL {
    /// `nil` for what is no URL. A path on this machine is `MACHINE:PATH`.
    static func identity(_ url: String, machine: String) -> String? {
        guard !url.isEmpty, url.utf8.count <= 4096 else { return nil }
        if url.hasPrefix("/") { return "\(machine):\(trimmed(url[...]))" }
        if url.hasPrefix("file://") { return "\(machine):\(trimmed(url.dropFirst(7)))" }
        if let scheme = url.range(of: "://") {
            let rest = url[scheme.upperBound...]
            guard let slash = rest.firstIndex(of: "/") else { return nil }
            return name(host: rest[..<slash], path: rest[rest.index(after: slash)...])
        }
        // The short form of ssh: [USER@]HOST:PATH, with no slash before the colon.
        guard let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/") else { return nil }
        return name(host: url[..<colon], path: url[url.index(after: colon)...])
    }

    private static func name(host: Substring, path: Substring) -> String? {
        // Whoever fetches, with a password perhaps, is none of the repository's name.
        var host = host[(host.lastIndex(of: "@").map(host.index(after:)) ?? host.startIndex)...]
        if let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber) { host = host[..<colon] }
        let path = trimmed(path.drop { $0 == "/" })
        guard !host.isEmpty, !path.isEmpty else { return nil }
        let server = host.lowercased()
        // These serve a repository under any case of its name.
        let isCaseless = server == "github.com" || server == "gitlab.com" || server == "bitbucket.org"
        return "\(server)/\(isCaseless ? path.lowercased() : path)"
    }

    private static func trimmed(_ path: Substring) -> String {
        var path = path.prefix { $0 != "?" && $0 != "#" }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if path.hasSuffix(".git") { path = path.dropLast(path.hasSuffix("/.git") ? 5 : 4) }
        return String(path)
    }
}

extension String {
    /// Without Foundation's `range(of:)`, which compares by Unicode equivalence.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        let pattern = Array(text.utf8)
        var index = utf8.startIndex
        while index < utf8.endIndex {
            if utf8[index...].starts(with: pattern) { return index..<utf8.index(index, offsetBy: pattern.count) }
            index = utf8.index(after: index)
        }
        return nil
    }
}
