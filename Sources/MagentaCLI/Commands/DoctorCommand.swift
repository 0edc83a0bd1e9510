import ArgumentParser
import Diagnosis
import FoundationEssentials
import MemoryStore
import Redaction
import NetworkDoctor
import Transcripts

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Explain why a client cannot reach an MCP server, and name the fix.",
        discussion: """
            Looks at the client's configuration, this place (container, proxies, IPv6), the name, TCP, TLS, HTTP, event streams and MCP, address by \
            address, and at the server's sockets where it runs on this host. Without a URL it looks into every entry for magenta in .mcp.json and in \
            Claude Code's own files. Needs no privilege, and changes nothing of what it looks at.

            [✓] good  [!] works, with a flaw  [✗] broken  [-] not checked. The last line is the verdict.

            Exit codes: 0 good, 1 warnings (with --strict), 2 unreachable, 3 reached and refused (Host, credentials, path), 4 not MCP, 5 MCP is \
            answered wrongly, 64 wrong usage. docs/doctor.md explains every check.
            """)

    @Argument(help: "The URL that a client uses, such as http://mcp-server:8000/mcp.")
    var url: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Say what this client would do: claude-code, node-18, node-20, bun or all; repeatable.", valueName: "client"))
    var client: [String] = []

    @Option(help: ArgumentHelp("How long one attempt may take.", valueName: "seconds"))
    var timeout: Double = 5

    @Option(help: ArgumentHelp("A file with the bearer token to send; without it, the entry's own header.", valueName: "file"))
    var tokenFile: String?

    @Flag(help: "Print one JSON object per URL.")
    var json = false

    @Flag(help: "Let warnings count: exit code 1.")
    var strict = false

    @Flag(help: "Print only what is wrong, and the verdict.")
    var problems = false

    @Flag(help: ArgumentHelp("Print the reference of all checks as Markdown.", visibility: .hidden))
    var checks = false

    @OptionGroup var options: SettingOptions

    func run() async throws {
        if checks { return Terminal.print(CheckReference.markdown) }
        guard timeout >= 0.1, timeout <= 120 else { throw UsageError("--timeout takes 0.1 to 120 seconds, not \(timeout)") }
        let clients = try client.isEmpty ? [.claudeCode] : client.flatMap(Self.clients)
        let settings = try Settings(options)
        let headers = try tokenFile.map { ["authorization": "Bearer \(try TokenFile.text(Settings.absolute($0, home: settings.home)))"] }
        let configuration = ClaudeCodeConfiguration(
            home: settings.home, directory: FileManager.default.currentDirectoryPath, environment: settings.environment)
        let capture = CaptureProbe(
            directories: settings.transcripts, cleanupDays: configuration.cleanupDays, store: await Self.store(settings))
        let doctor = Doctor(
            environment: settings.environment, headers: headers, timeout: .milliseconds(Int64(timeout * 1000)), version: Magenta.version,
            capture: capture, logs: (settings.home, FileManager.default.currentDirectoryPath), now: { Int64(Date().timeIntervalSince1970) })
        let found = try await findings(doctor, configuration, clients)
        for findings in found {
            if json { Terminal.print(findings.json) } else { Terminal.print(FindingsText(isVerbose: !problems).text(findings)) }
        }
        let worst = found.map(\.verdict.outcome.rawValue).max() ?? 0
        if worst != 0 { throw ExitCode(worst) }
    }

    private func findings(
        _ doctor: Doctor, _ configuration: ClaudeCodeConfiguration, _ clients: [Client]
    ) async throws -> [Findings] {
        if let url {
            let target: Target
            do throws(TargetError) { target = try Target(url) } catch { throw UsageError("\(error)") }
            return [Findings(await doctor.examine(target), clients: clients, isStrict: strict)]
        }
        let flaws = configuration.flaws.map { Findings.unreadable($0.file, $0.reason) }
        let ours = configuration.servers.filter { $0.name.lowercased().contains("magenta") }
        for entry in ours where entry.isUnused {
            Terminal.complain("magenta: passing over \(entry.name) in \(entry.file): \(entry.flaws.joined(separator: "; "))")
        }
        let entries = ours.filter { !$0.isUnused }
        if entries.isEmpty {
            Terminal.complain(
                "magenta: no entry for magenta in .mcp.json or in Claude Code's files (`magenta connect claude-code` prints one); "
                    + "looking at what `magenta serve` listens on by default")
            let report = await doctor.examine(try Target("http://localhost:8000/mcp"))
            return [Findings(report, flaws: flaws, clients: clients, isStrict: strict)]
        }
        var found: [Findings] = []
        for entry in entries {
            guard let url = entry.expandedURL else {
                found.append(Findings(local: entry, flaws: found.isEmpty ? flaws : []))
                continue
            }
            do throws(TargetError) {
                let report = await doctor.examine(try Target(url), entry: entry)
                found.append(Findings(report, flaws: found.isEmpty ? flaws : [], clients: clients, isStrict: strict))
            } catch {
                found.append(Findings(entry, flaws: found.isEmpty ? flaws : [], error: error))
            }
        }
        return found
    }

    private static func clients(_ name: String) throws -> [Client] {
        if name == "all" { return Client.allCases }
        guard let client = Client(rawValue: name) else {
            throw UsageError("--client \(name.prefix(40)): there are \(Client.allCases.map(\.rawValue).joined(separator: ", ")) and all")
        }
        return [client]
    }

    /// The doctor only looks: a store that is missing, or that cannot be opened, is a fact like others.
    private static func store(_ settings: Settings) async -> CaptureProbe.Store {
        do {
            let store = try await OpenStore.forReading(settings)
            let redactor = try await OpenStore.redactor(settings, for: store)
            return .offsets { path in try await store.source(at: redactor.redact(path))?.offset }
        } catch {
            return .notChecked("\(error)")
        }
    }
}

/// docs/doctor.md's table, printed from the ids themselves so that the two cannot differ.
enum CheckReference {
    static var markdown: String {
        (["| id | what it says |", "|---|---|"] + CheckID.allCases.map { "| `\($0.rawValue)` | \($0.meaning) |" }).joined(separator: "\n")
    }
}
