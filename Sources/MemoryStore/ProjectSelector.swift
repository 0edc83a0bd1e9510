/// What a name for a project means; the one rule for filters, exclusion and retention. The store's filter says the same in SQL.
package enum ProjectSelector: Sendable, Hashable {
    /// An absolute directory with all below it.
    case directory(String)
    /// Each directory of this name with all below it, wherever it lies, and each repository whose last component it is. The name of a home
    /// directory is nobody's project: `ana` is not all that ana has.
    case name(String)
    /// A repository: `github.com/ana/atlas`.
    case repository(String)

    package init(_ text: String) {
        let text = Self.trimmed(text)
        if !text.contains(where: Self.isSeparator) {
            self = .name(text)
        } else if text.first.map(Self.isSeparator) ?? false || text.dropFirst().first == ":" {
            self = .directory(text)
        } else {
            self = .repository(text)
        }
    }

    package func covers(directory: String) -> Bool {
        switch self {
        case .directory(let text), .repository(let text):
            let path = Self.trimmed(directory)
            return path == text || Self.beginnings(below: text).contains { path.hasPrefix($0) }
        case .name(let name):
            let components = Self.components(directory)
            return components.last.map { $0 == name } ?? false || components.dropFirst(Self.homeDepth(components)).contains { $0 == name }
        }
    }

    /// How many components lead to somebody's home: `/home/ana`, `/Users/ana`, `C:\Users\ana`, `/root`.
    private static func homeDepth(_ components: [Substring]) -> Int {
        let drive = components.first?.last == ":" ? 1 : 0
        switch components.dropFirst(drive).first {
        case "home", "Users": return drive + 2
        case "root": return drive + 1
        default: return drive
        }
    }

    package func covers(repository: String) -> Bool {
        switch self {
        case .directory: false
        case .name(let name): Self.components(repository).last.map { $0 == name } ?? false
        case .repository(let identity): repository.lowercased() == identity.lowercased()
        }
    }

    /// Whether this lies within the other, as far as the texts tell; where neither says so, a repository or a name counts as the narrower.
    package func isNarrower(than other: ProjectSelector) -> Bool {
        switch (self, other) {
        case (.directory(let path), .directory), (.directory(let path), .name): self != other && other.covers(directory: path)
        case (.name(let name), .directory(let path)): !Self.components(path).contains { $0 == name }
        case (.repository, .directory), (.repository, .name): true
        case (.name, .name), (_, .repository): false
        }
    }

    /// How each path below a directory begins, with either separator: transcripts come from Windows too.
    package static func beginnings(below directory: String) -> [String] {
        let path = trimmed(directory)
        // Only a root ends in a separator still.
        return path.last.map(isSeparator) ?? false ? [path] : [path + "/", path + "\\"]
    }

    /// Without separators at its end.
    package static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, let last = path.last, isSeparator(last) { path.removeLast() }
        return path
    }

    private static func components(_ path: String) -> [Substring] { path.split(whereSeparator: isSeparator) }

    private static func isSeparator(_ character: Character) -> Bool { character == "/" || character == "\\" }
}
