import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What people write for a project on the command line: a directory, its last component, or a repository (`github.com/ana/atlas`).
enum ProjectName {
    /// A directory as it stands in the store; what is a name or a repository as it is.
    ///
    /// - Throws: ``UsageError`` for what looks like a relative directory, and is none, and for an empty text.
    static func resolved(_ text: String, home: String) throws(UsageError) -> String {
        // An unset variable of a script must not become this directory: forget would take it.
        guard !text.isEmpty else { throw UsageError("--project is empty; give a directory, its last component, or a repository") }
        let first = text.prefix { $0 != "/" }
        if ["", "~", ".", ".."].contains(first) { return directory(text, home: home) }
        // A repository begins with a host, and no host with a dot, as `.config/zoo` does.
        guard text.contains("/"), !first.contains(".") || first.hasPrefix(".") else { return text }
        let path = directory(text, home: home)
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory else {
            // A host of one's own network may have no dot in its name: host/owner/name.
            if !first.hasPrefix("."), text.split(separator: "/").count >= 3 { return text }
            throw UsageError("there is no directory \(path). Fix: give a directory, its last component, or a repository (host/owner/name)")
        }
        return path
    }

    /// Without `.`, `..` and empty components, as agents write a directory.
    private static func directory(_ text: String, home: String) -> String {
        var parts: [Substring] = []
        for part in Settings.absolute(text, home: home).split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The directory behind symbolic links, where it is another: agents write down the one that the kernel tells them.
    static func behindLinks(_ path: String) -> String? {
        guard path.hasPrefix("/") else { return nil }
        // Not Foundation's, which takes /private away on macOS.
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        let real = String(cString: found)
        return real == path ? nil : real
    }
}
