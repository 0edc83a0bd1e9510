/// An MCP server as a client's configuration file names it.
package struct ConfiguredServer: Sendable, Hashable {
    /// Where Claude Code keeps it: `project` (.mcp.json), `user` and `local` (~/.claude.json).
    package enum Scope: String, Sendable, Hashable {
        case project
        case user
        case local
    }

    /// Whether Claude Code will use an entry of `.mcp.json`, which somebody else may have written.
    package enum Approval: String, Sendable, Hashable {
        case approved
        case pending
        case rejected
        /// Entries of the user's own files need none.
        case notNeeded
    }

    package var name: String
    /// The file that holds it.
    package var file: String
    package var scope: Scope
    /// `http`, `sse`, `stdio`, ...; `nil` where the entry has none.
    package var type: String?
    /// As it is written, with its variables; `nil` where the entry starts a program.
    package var url: String?
    /// With every variable replaced that is set; what is not set stays as it is written, as Claude Code does.
    package var expandedURL: String?
    /// Name and value, expanded. Values are secrets: no check shows one.
    package var headers: [String: String]
    /// The variables that are named without a default and are not set.
    package var missingVariables: [String]
    package var approval: Approval
    /// What is wrong with the entry's form, in a few words each: headers in the wrong place, a type nobody knows.
    package var flaws: [String]
    /// Claude Code does not use the entry; ``flaws`` says why. An entry that waits for approval is none of these.
    package var isSkipped: Bool
    /// It is skipped because the user wanted so (disabled), or because another entry of its name is used: nothing is wrong with it.
    package var isUnused = false

    package init(
        name: String, file: String, scope: Scope, type: String? = nil, url: String? = nil, expandedURL: String? = nil,
        headers: [String: String] = [:], missingVariables: [String] = [], approval: Approval = .notNeeded, flaws: [String] = [],
        isSkipped: Bool = false
    ) {
        self.name = name
        self.file = file
        self.scope = scope
        self.type = type
        self.url = url
        self.expandedURL = expandedURL
        self.headers = headers
        self.missingVariables = missingVariables
        self.approval = approval
        self.flaws = flaws
        self.isSkipped = isSkipped
    }
}

/// Neither shows a URL or a header: both may hold a secret, and a report is printed.
extension ConfiguredServer: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(name) (\(scope.rawValue), \(file))" }

    package var customMirror: Mirror {
        Mirror(self, children: ["name": name, "scope": scope, "file": file], displayStyle: .struct)
    }
}
