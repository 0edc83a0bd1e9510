package import ArgumentParser

/// The command `magenta`.
package struct Magenta: AsyncParsableCommand {
    package static let version = "0.1.0"

    package static let configuration = CommandConfiguration(
        commandName: "magenta",
        abstract: "Memory for coding agents: keeps their conversations and serves them back over MCP.",
        discussion: """
            magenta serve                      serve on 127.0.0.1:8000 and [::1]:8000, and import Claude Code's transcripts
            magenta connect claude-code        show how to connect Claude Code
            magenta doctor                     say why a client cannot reach it, and the fix
            magenta status                     say whether everything is stored, and what is not
            magenta search WORDS               look something up from the terminal

            Every setting may stand on the command line, in the environment (MAGENTA_...) or in the settings file, in that order.
            Exit codes: 0 done, 1 not done (the reason on stderr), 64 wrong usage.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, StdioCommand.self,
            ImportCommand.self,
            WatchCommand.self,
            ExportCommand.self, BackupCommand.self, RestoreCommand.self, CheckCommand.self,
            SearchCommand.self, ShowCommand.self, EraCommand.self,
            RedactCommand.self,
            ForgetCommand.self, ExcludeCommand.self, RetentionCommand.self,
            TokenCommand.self, HealthCommand.self, DoctorCommand.self,
            StatusCommand.self,
            ConnectCommand.self, HookCommand.self,
            VersionCommand.self, SettingsCommand.self,
        ])

    package init() {}

    /// Runs the command line and ends the process with its exit code.
    package static func execute() async {
        if HookCommand.runIfCalled(CommandLine.arguments) { return }
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as UsageError {
            Terminal.complain("magenta: \(error)")
            exit(withError: ExitCode(64))
        } catch let error where Self.isOurs(error) {
            Terminal.complain("magenta: \(error)")
            exit(withError: ExitCode(1))
        } catch {
            exit(withError: error)
        }
    }

    /// ArgumentParser's own errors carry their text and exit code; everything else is printed as it describes itself.
    private static func isOurs(_ error: any Error) -> Bool {
        !(error is ExitCode || error is CleanExit || error is ValidationError || "\(type(of: error))" == "CommandError")
    }
}
