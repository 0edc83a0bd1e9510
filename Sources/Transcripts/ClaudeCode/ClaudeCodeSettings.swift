import JSON

/// What the settings files of Claude Code say together, as far as the doctor needs it.
/// The files are `settings.json` in the user's folder, `.claude/settings.json` and `.claude/settings.local.json` in the project, and
/// `managed-settings.json` of the machine; where two set one value, the later in this list counts.
struct ClaudeCodeSettings {
    private struct File {
        var object: JSONObject
        /// The project brings the file along: it may refuse, and approve only where the user trusts the directory.
        var isOfProject: Bool
    }

    private var files: [File] = []

    mutating func add(_ path: String, isOfProject: Bool, _ flaws: inout [ConfigurationFlaw]) {
        if let object = ConfigurationFile.object(at: path, &flaws) {
            files.append(File(object: object, isOfProject: isOfProject))
        }
    }

    /// The entry for the project in ~/.claude.json keeps the same lists; the user made it.
    mutating func add(_ project: JSONObject) {
        files.append(File(object: project, isOfProject: false))
    }

    /// `cleanupPeriodDays`; `nil` where no file sets it to a whole number from 0 on.
    var cleanupDays: Int? {
        files.compactMap { $0.object["cleanupPeriodDays"]?.integer }.last.flatMap { $0 >= 0 ? Int($0) : nil }
    }

    func approval(of name: String, isTrusted: Bool) -> ConfiguredServer.Approval {
        if files.contains(where: { list("disabledMcpjsonServers", of: $0).contains(name) }) { return .rejected }
        let approving = files.filter { isTrusted || !$0.isOfProject }
        let isApproved = approving.contains {
            $0.object["enableAllProjectMcpServers"]?.bool == true || list("enabledMcpjsonServers", of: $0).contains(name)
        }
        return isApproved ? .approved : .pending
    }

    private func list(_ key: String, of file: File) -> [String] {
        file.object[key]?.array?.compactMap(\.string) ?? []
    }
}
