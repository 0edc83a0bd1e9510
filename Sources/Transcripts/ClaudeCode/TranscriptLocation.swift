/// Where a transcript of Claude Code lies, and what its path says. Knows the three places of sub-agents: inside of the main
/// file, beside it (`agent-ID.jsonl`, 2.0), and under it (`SESSION/subagents/agent-ID.jsonl`, since 2.1.2).
package struct TranscriptLocation: Sendable, Hashable {
    package var path: String
    /// The file's name without `.jsonl`.
    package var baseName: String
    /// The sub-agent whose file it is.
    package var agentID: String?
    /// The session, where the path names it: from the directory of a sub-agent, or from a file name that is a uuid.
    package var session: String?
    /// The name of the project's directory: the working directory with every other character replaced by `-`.
    package var projectDirectory: String?
    /// The directory of the session, which need not exist, beside or above the file.
    package var sessionDirectory: String?

    /// `nil` for a path that is no transcript: other files lie under the same root.
    ///
    /// - Parameter root: the directory that holds the project directories, or one project directory.
    package init?(path: String, under root: String) {
        let rootParts = Self.components(root)
        let parts = Self.components(path)
        guard let name = parts.last, name.hasSuffix(".jsonl"), name != ".jsonl", name != "history.jsonl" else { return nil }
        let isUnderRoot = parts.count > rootParts.count && parts.prefix(rootParts.count).elementsEqual(rootParts)
        let folders = isUnderRoot ? Array(parts[rootParts.count..<(parts.count - 1)]) : Array(parts.dropLast().suffix(1))
        self.path = path
        baseName = String(name.dropLast(6))
        if baseName.hasPrefix("agent-"), baseName.count > 6 { agentID = String(baseName.dropFirst(6)) }
        if let subagents = folders.lastIndex(of: "subagents"), subagents > 0 {
            guard agentID != nil else { return nil }
            session = folders[subagents - 1]
            projectDirectory = subagents > 1 ? folders[subagents - 2] : rootParts.last
            let up = folders.count - subagents
            sessionDirectory = Self.directory(of: path, up: up + 1)
        } else {
            // memory/, workflows/ and tool-results/ hold no transcripts.
            guard folders.count <= 1 else { return nil }
            projectDirectory = folders.first ?? rootParts.last
            if agentID == nil, Self.isUUID(baseName) { session = baseName }
            if let session { sessionDirectory = String(path.dropLast(name.count)) + session }
        }
    }

    /// The side file of a sub-agent.
    package var metadataPath: String? {
        agentID == nil ? nil : String(path.dropLast(6)) + ".meta.json"
    }

    private static func components(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.map(String.init)
    }

    /// The path without its last `up` components.
    private static func directory(of path: String, up: Int) -> String {
        var rest = path[...]
        for _ in 0..<up {
            guard let slash = rest.lastIndex(of: "/") else { return "." }
            rest = rest[..<slash]
        }
        return String(rest)
    }

    static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.indices.allSatisfy { index in
            switch index {
            case 8, 13, 18, 23: bytes[index] == UInt8(ascii: "-")
            default:
                switch bytes[index] {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                    true
                default: false
                }
            }
        }
    }
}
