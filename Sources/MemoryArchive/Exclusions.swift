package import MemoryStore

/// What the rules of exclusion mean.
package struct Exclusions: Sendable {
    private let rules: [ExclusionRule]
    private let globs: [(rule: ExclusionRule, glob: PathGlob)]

    package init(_ rules: [ExclusionRule] = []) {
        self.rules = rules
        globs = rules.filter { $0.kind == .path }.map { ($0, PathGlob($0.pattern)) }
    }

    package var isEmpty: Bool { rules.isEmpty }

    /// The rule that keeps out every line of a transcript at this path.
    package func rule(path: String) -> ExclusionRule? { globs.first { $0.glob.matches(path) }?.rule }

    /// The rule for what was written in a directory or a repository.
    ///
    /// A pattern is a directory or its last component, and then all below it counts; a repository, `github.com/ana/atlas`, or its last component.
    package func rule(project: String?, repository: String?) -> ExclusionRule? {
        rules.first { rule in
            guard rule.kind == .project else { return false }
            let selector = ProjectSelector(rule.pattern)
            return project.map(selector.covers(directory:)) ?? false || repository.map(selector.covers(repository:)) ?? false
        }
    }

    /// The rule for the project that a file's folder is named after: Claude Code writes `-home-ana-atlas` for `/home/ana/atlas`.
    package func rule(folderOf path: String) -> ExclusionRule? {
        let folders = path.split(whereSeparator: Self.isSeparator).dropLast().map(String.init)
        return rules.first { rule in
            guard rule.kind == .project, rule.pattern.hasPrefix("/") else { return false }
            let name = Self.folderName(ProjectSelector.trimmed(rule.pattern))
            return folders.contains { $0 == name || $0.hasPrefix(name + "-") }
        }
    }

    /// The rule whose reason stands at a line.
    package func rule(reason: String) -> ExclusionRule? { rules.first { $0.reason == reason } }

    /// Whether a rule may be called so: it stands in reasons and on command lines.
    package static func isValid(name: String) -> Bool {
        (1...64).contains(name.utf8.count) && !name.hasPrefix("-")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
                default: false
                }
            }
    }

    private static func folderName(_ path: String) -> String {
        String(path.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }

    private static func isSeparator(_ character: Character) -> Bool { character == "/" || character == "\\" }
}

/// A glob over paths: `*` and `?` stay within a component, `**` does not. One that does not begin with a slash may begin at any component.
/// Cost: the pattern's length times the path's.
struct PathGlob {
    private enum Part: Equatable {
        case character(Character)
        case one, any, anyDepth
    }

    private let parts: [Part]

    init(_ pattern: String) {
        var parts: [Part] = pattern.hasPrefix("/") ? [] : [.anyDepth, .character("/")]
        for character in pattern {
            switch character {
            case "*" where parts.last == .any: parts[parts.count - 1] = .anyDepth
            case "*" where parts.last == .anyDepth: break
            case "*": parts.append(.any)
            case "?": parts.append(.one)
            default: parts.append(.character(character))
            }
        }
        self.parts = parts
    }

    func matches(_ path: String) -> Bool {
        // A name without a folder may be meant by a pattern that begins at any component.
        let path = Array(path.hasPrefix("/") ? path : "/" + path)
        var reached = [Bool](repeating: false, count: path.count + 1)
        reached[0] = true
        for part in parts {
            var next = [Bool](repeating: false, count: path.count + 1)
            if part == .any || part == .anyDepth { next[0] = reached[0] }
            for index in path.indices {
                switch part {
                case .character(let character): next[index + 1] = reached[index] && path[index] == character
                case .one: next[index + 1] = reached[index] && path[index] != "/"
                case .any: next[index + 1] = reached[index + 1] || (next[index] && path[index] != "/")
                case .anyDepth: next[index + 1] = reached[index + 1] || next[index]
                }
            }
            reached = next
        }
        return reached[path.count]
    }
}
