/// Where the transcript of one session lies, and what its path says.
package struct TranscriptLocation: Sendable, Hashable {
    /// The file; of a session kept in many files, the one that describes it.
    package var path: String
    /// The file's name without its ending.
    package var baseName: String
    /// The sub-agent whose transcript it is.
    package var agentID: String?
    /// The session, where the path names it. For a sub-agent, the session that it belongs to.
    package var session: String?
    /// The name of the project's directory; Claude Code makes it of the working directory, other agents of a hash.
    package var projectDirectory: String?
    /// The directory of the session, which need not exist: outputs too large for their line lie there.
    package var sessionDirectory: String?
    /// The file beside the transcript that says more about it; need not exist.
    package var metadataPath: String?

    package init(
        path: String, baseName: String, agentID: String? = nil, session: String? = nil, projectDirectory: String? = nil,
        metadataPath: String? = nil
    ) {
        self.path = path
        self.baseName = baseName
        self.agentID = agentID
        self.session = session
        self.projectDirectory = projectDirectory
        self.metadataPath = metadataPath
    }

    static func components(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.map(String.init)
    }

    /// The path without its last `up` components.
    static func directory(of path: String, up: Int = 1) -> String {
        var rest = path[...]
        for _ in 0..<up {
            guard let slash = rest.lastIndex(of: "/") else { return "." }
            rest = rest[..<slash]
        }
        return String(rest)
    }

    /// A name without its ending, of which only the last part counts: `a.b.jsonl` is `a.b`.
    static func baseName(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? String(name)
    }

    static func isUUID(_ text: some StringProtocol) -> Bool {
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
