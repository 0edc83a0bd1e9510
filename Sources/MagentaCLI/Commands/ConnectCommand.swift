import ArgumentParser
import FoundationEssentials
import JSON

struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Connect a client.", subcommands: [ClaudeCode.self])

    struct ClaudeCode: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "claude-code", abstract: "Print, or write, the .mcp.json entry for Claude Code.",
            discussion: """
                Without --write it prints the entry and the `claude mcp add` line. With --write it puts the entry into .mcp.json of the current \
                directory and leaves everything else in that file as it is.

                With --service magenta also starts at login: by the systemd user unit ~/.config/systemd/user/magenta.service, or by a launchd \
                agent on macOS. The settings file holds for it. --remove-service stops it and takes it away.

                With --hooks Claude Code's settings get three hooks: a new session begins with what magenta remembers of its project, and before \
                a compaction and at a session's end the server hears of what was written. All else in that file stays as it is. --remove-hooks \
                takes them out again. docs/hooks.md has what they cost.
                """)

        @Option(help: "The server's URL. Default: http://localhost:8000/mcp")
        var url: String?
        @Flag(help: "Let Claude Code start magenta by itself, over stdin and stdout.")
        var stdio = false
        @Flag(help: "The server wants a token: Claude Code takes it from the environment variable MAGENTA_TOKEN.")
        var token = false
        @Flag(help: "Write the entry into .mcp.json.")
        var write = false
        @Option(help: ArgumentHelp("The file to write into.", valueName: "file"))
        var file = ".mcp.json"
        @Flag(help: "Print the entry alone, as JSON.")
        var json = false
        @Flag(help: "Start magenta now and at every login.")
        var service = false
        @Flag(help: "Take away what --service made, and do nothing else.")
        var removeService = false
        @Flag(help: "Put magenta's hooks into Claude Code's settings, and do nothing else.")
        var hooks = false
        @Flag(help: "Take magenta's hooks out of Claude Code's settings, and do nothing else.")
        var removeHooks = false
        @Flag(help: "The hooks go into .claude/settings.json of the current directory.")
        var project = false
        @Option(
            help: ArgumentHelp("The settings file for the hooks. Default: ${CLAUDE_CONFIG_DIR:-~/.claude}/settings.json", valueName: "file"))
        var settings: String?
        @Option(help: ArgumentHelp("The file with the bearer token that the hooks send.", valueName: "file"))
        var tokenFile: String?
        @Option(help: ArgumentHelp("What SessionStart may take of the context, in tokens. Default: 1000", valueName: "number"))
        var maxTokens: Int?

        func validate() throws {
            try validateHooks()
            if service, removeService { throw ValidationError("--service and --remove-service exclude each other") }
            if service, stdio || url != nil { throw ValidationError("--service is for the server at the default URL; leave --stdio and --url out") }
            guard let url else { return }
            guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.contains(where: \.isWhitespace), !url.contains("\"") else {
                throw ValidationError("--url must be an http:// or https:// URL")
            }
            if stdio { throw ValidationError("--url and --stdio exclude each other") }
        }

        private func validateHooks() throws {
            if hooks, removeHooks { throw ValidationError("--hooks and --remove-hooks exclude each other") }
            if hooks || removeHooks {
                if stdio || write || service || removeService || token {
                    throw ValidationError("\(hooks ? "--hooks" : "--remove-hooks") stands alone; run the command again for the rest")
                }
                if project, settings != nil { throw ValidationError("--project and --settings exclude each other") }
            } else if project || settings != nil || tokenFile != nil || maxTokens != nil {
                throw ValidationError("--project, --settings, --token-file and --max-tokens belong to --hooks")
            }
            if let maxTokens, !HookCommand.budgets.contains(maxTokens) { throw ValidationError("--max-tokens takes 300 to 5000") }
        }

        func run() throws {
            if hooks || removeHooks { return try changeHooks() }
            if removeService { return try removeLoginService() }
            if service { try makeLoginService() }
            let document: JSONValue = ["mcpServers": ["magenta-memory": entry]]
            if write {
                try MCPConfigurationFile(path: file).set("magenta-memory", to: entry)
                Terminal.complain("wrote magenta-memory into \(file)")
            }
            if json || write {
                Terminal.print(document)
            } else {
                Terminal.print("Put this into .mcp.json (or run this command again with --write):\n\n\(document)\n\nor run:\n\n\(commandLine)")
            }
        }

        private func changeHooks() throws {
            let environment = ProcessInfo.processInfo.environment
            let installation = HookInstallation(settings: settings, project: project, environment: environment)
            let token = tokenFile.map { Settings.absolute($0, home: SettingSources.home(environment)) }
            let outcome =
                try hooks ? installation.add(executable: executable, to: url, tokenFile: token, maxTokens: maxTokens) : installation.remove()
            for note in outcome.notes { Terminal.complain("magenta: \(note)") }
            if json { return Terminal.print(outcome.value) }
            let names = Array(Set(outcome.events)).sorted().joined(separator: ", ")
            switch (hooks, outcome.isChanged) {
            case (true, true): Terminal.print("put hooks for \(names) into \(outcome.file); the next session of Claude Code runs them")
            case (true, false): Terminal.print("the hooks stand in \(outcome.file) already")
            case (false, true): Terminal.print("took the hooks for \(names) out of \(outcome.file)")
            case (false, false): Terminal.print("there are no hooks of magenta in \(outcome.file)")
            }
            if let copy = outcome.copy { Terminal.print("what stood there before is kept in \(copy)") }
        }

        private func makeLoginService() throws {
            let environment = ProcessInfo.processInfo.environment
            let service = try LoginService.make(executable: executable, environment: environment)
            try service.write()
            Terminal.complain("wrote \(service.file.path)")
            for (place, command) in service.enable.enumerated() where ExternalCommand.run(command, environment: environment) != 0 {
                let rest = service.enable[place...].map(ExternalCommand.line).joined(separator: " && ")
                Terminal.complain("could not start it from here (no service manager answers). Fix: log in as this user and run: \(rest)")
                return
            }
            Terminal.complain("magenta runs, and starts at every login")
        }

        private func removeLoginService() throws {
            let environment = ProcessInfo.processInfo.environment
            let service = try LoginService.make(executable: executable, environment: environment)
            guard FileManager.default.fileExists(atPath: service.file.path) else {
                return Terminal.complain("there is no \(service.file.path), so nothing starts at login")
            }
            try service.checkOwner()
            let isStopped = service.disable.allSatisfy { ExternalCommand.run($0, environment: environment) == 0 }
            try service.remove()
            Terminal.complain("removed \(service.file.path)")
            if !isStopped { Terminal.complain("could not stop it from here (no service manager answers); it is gone at the next login") }
        }

        private var target: String { url ?? "http://localhost:8000/mcp" }

        private var entry: JSONValue {
            if stdio { return ["type": "stdio", "command": .string(executable), "args": ["stdio"]] }
            var entry: JSONObject = ["type": "http", "url": .string(target)]
            if token { entry["headers"] = ["Authorization": "Bearer ${MAGENTA_TOKEN}"] }
            return .object(entry)
        }

        private var commandLine: String {
            if stdio { return "claude mcp add magenta-memory -- \(executable) stdio" }
            let header = token ? " --header 'Authorization: Bearer ${MAGENTA_TOKEN}'" : ""
            return "claude mcp add -t http magenta-memory \(target)\(header)"
        }

        private var executable: String {
            if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { return path }
            // Without /proc: as it was called, or where PATH finds it.
            let called = CommandLine.arguments.first ?? "magenta"
            if called.contains("/") { return Settings.absolute(called, home: "") }
            let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            return folders.map { "\($0)/\(called)" }.first(where: FileManager.default.isExecutableFile) ?? called
        }
    }
}

/// A file of MCP servers as Claude Code reads it (`.mcp.json`).
struct MCPConfigurationFile {
    let path: String

    /// Sets one entry and keeps all others; the file is replaced in one step, so a reader sees the old one or the new one.
    func set(_ name: String, to entry: JSONValue) throws {
        var root = JSONObject()
        if let data = FileManager.default.contents(atPath: path) {
            guard data.count <= 4 << 20, let value = try? JSONReader().read([UInt8](data)), case .object(let object) = value else {
                throw UsageError("\(path) holds no JSON object, so it is left as it is; repair it, or write to another with --file")
            }
            root = object
        }
        var servers = JSONObject()
        if let existing = root["mcpServers"] {
            guard case .object(let object) = existing else {
                throw UsageError("\"mcpServers\" in \(path) is \(existing.kindName), not an object, so the file is left as it is")
            }
            servers = object
        }
        servers[name] = entry
        root["mcpServers"] = .object(servers)
        do {
            try Data(JSONIndented.bytes(of: .object(root))).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw UsageError("cannot write \(path): the directory is missing or may not be written")
        }
    }
}

/// JSON for people: two spaces a level, as editors of these files keep it.
enum JSONIndented {
    static func bytes(of value: JSONValue) -> [UInt8] {
        Array((text(value, indent: "") + "\n").utf8)
    }

    private static func text(_ value: JSONValue, indent: String) -> String {
        let inner = indent + "  "
        switch value {
        case .object(let object) where !object.isEmpty:
            let members = object.members.map { "\(inner)\(JSONValue.string($0.key)): \(text($0.value, indent: inner))" }
            return "{\n\(members.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where !elements.isEmpty:
            return "[\n\(elements.map { inner + text($0, indent: inner) }.joined(separator: ",\n"))\n\(indent)]"
        default: return value.description
        }
    }
}
