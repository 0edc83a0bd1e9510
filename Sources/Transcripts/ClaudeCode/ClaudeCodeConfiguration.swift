import JSON

/// Claude Code's own configuration as it counts in one directory: which MCP servers it knows, and how long it keeps transcripts.
///
/// What counts where was measured with Claude Code 2.1.330. Blocking: it reads a handful of small files. A file that is missing says
/// nothing, a file that is broken becomes a flaw, and the others are read all the same.
package struct ClaudeCodeConfiguration: Sendable, Hashable {
    /// Every entry, in the order in which Claude Code prefers them: local, project (the nearest directory first), user.
    package private(set) var servers: [ConfiguredServer] = []
    package private(set) var flaws: [ConfigurationFlaw] = []
    /// `cleanupPeriodDays`; `nil` where no settings file has it.
    package private(set) var cleanupDays: Int?
    /// Where transcripts, settings and credentials are: `${CLAUDE_CONFIG_DIR:-~/.claude}`.
    package let folder: String

    /// - Parameters:
    ///   - home: the user's home directory.
    ///   - directory: the absolute path in which Claude Code is started.
    ///   - managed: the folder of the machine's own settings.
    package init(home: String, directory: String, environment: [String: String], managed: String = "/etc/claude-code") {
        let moved = environment["CLAUDE_CONFIG_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        folder = moved ?? "\(home)/.claude"
        // Without CLAUDE_CONFIG_DIR the file stands beside the folder, with it inside.
        let userFile = "\(moved ?? home)/.claude.json"
        let user = ConfigurationFile.object(at: userFile, &flaws) ?? JSONObject()
        let directories = Self.upwards(from: directory)
        let root = directories.first { ConfigurationFile.exists("\($0)/.git") } ?? directory
        let project = user["projects"]?[root]?.object ?? JSONObject()

        var settings = ClaudeCodeSettings()
        settings.add(project)
        settings.add("\(folder)/settings.json", isOfProject: false, &flaws)
        if "\(directory)/.claude" != folder {
            settings.add("\(directory)/.claude/settings.json", isOfProject: true, &flaws)
        }
        settings.add("\(directory)/.claude/settings.local.json", isOfProject: true, &flaws)
        settings.add("\(managed)/managed-settings.json", isOfProject: false, &flaws)
        cleanupDays = settings.cleanupDays

        let isTrusted = directories.contains { user["projects"]?[$0]?["hasTrustDialogAccepted"]?.bool == true }
        servers = entries(project["mcpServers"], in: userFile, .local, environment)
        for place in directories {
            let file = "\(place)/.mcp.json"
            guard let object = ConfigurationFile.object(at: file, &flaws) else { continue }
            guard let value = object["mcpServers"] else {
                let hint = object["servers"] == nil ? "" : "; \"servers\" is another client's word for it"
                flaws.append(ConfigurationFlaw(file: file, reason: "it has no \"mcpServers\", so Claude Code finds nothing in it\(hint)"))
                continue
            }
            servers += entries(value, in: file, .project, environment).map { entry in
                var entry = entry
                entry.approval = settings.approval(of: entry.name, isTrusted: isTrusted)
                return entry
            }
        }
        servers += entries(user["mcpServers"], in: userFile, .user, environment)
        markDisabled(project["disabledMcpServers"]?.array?.compactMap(\.string) ?? [])
        markOverridden()
    }

    private mutating func entries(
        _ value: JSONValue?, in file: String, _ scope: ConfiguredServer.Scope, _ environment: [String: String]
    ) -> [ConfiguredServer] {
        guard let value else { return [] }
        guard case .object(let object) = value else {
            flaws.append(ConfigurationFlaw(file: file, reason: "\"mcpServers\" is \(value.kindName) and no object"))
            return []
        }
        let reader = ServerEntry(file: file, scope: scope, environment: environment)
        return object.members.map { reader.server($0.key, $0.value) }
    }

    private mutating func markDisabled(_ names: [String]) {
        for index in servers.indices where names.contains(servers[index].name) {
            servers[index].skip("it is disabled for this project; enable it again with /mcp")
            servers[index].isUnused = true
        }
    }

    /// An entry that is skipped, or that nobody approved, stands in nobody's way.
    private mutating func markOverridden() {
        var users: [String: String] = [:]
        for index in servers.indices {
            let server = servers[index]
            if let file = users[server.name] {
                servers[index].skip("an entry of the same name in \(file) is used in its place")
                servers[index].isUnused = true
            } else if !server.isSkipped, server.approval == .approved || server.approval == .notNeeded {
                users[server.name] = file(of: server)
            }
        }
    }

    private func file(of server: ConfiguredServer) -> String {
        server.scope == .local ? "\(server.file) (for this project)" : server.file
    }

    /// The directory and all above it, the nearest first.
    private static func upwards(from directory: String) -> [String] {
        var places: [String] = []
        var rest = directory[...]
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        while let slash = rest.lastIndex(of: "/"), places.count < 64 {
            places.append(String(rest))
            rest = rest[..<slash]
        }
        return places
    }
}
