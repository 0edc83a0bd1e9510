import ArgumentParser
import JSON
import MemoryArchive
import MemoryStore

struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "List, set and remove rules of how long is kept, and apply them.",
        discussion: """
            magenta retention set --keep 365d                     everything
            magenta retention set --keep forever --project atlas  but this; a rule for what lies within goes before one around it

            magenta serve applies the rules when it starts and then every hour; magenta retention run applies them now. What is too old is forgotten \
            as magenta forget forgets.
            """,
        subcommands: [List.self, Set.self, Remove.self, Run.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the rules.")

        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let rules = try await OpenStore.forReading(try Settings(options)).retentions()
            guard json else {
                for rule in rules { Terminal.print(RetentionCommand.line(rule)) }
                if rules.isEmpty { Terminal.print("everything is kept; `magenta retention set` makes a rule") }
                return
            }
            Terminal.print([
                "rules": .array(
                    rules.map { rule in
                        [
                            "project": rule.project.map(JSONValue.string) ?? .null,
                            "days": rule.days.map { .integer(Int64($0)) } ?? .null,
                        ]
                    })
            ])
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set how long everything, or a project, is kept.")

        @Option(help: ArgumentHelp("Days (365d), weeks (8w), or forever.", valueName: "time"))
        var keep: String
        @Option(
            help: ArgumentHelp("A directory or its last component, with all below it, or a repository. Default: everything else.", valueName: "name"))
        var project: String?
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let settings = try Settings(options)
            guard project?.isEmpty != true, project?.utf8.count ?? 0 <= 1024 else { throw UsageError("--project must be 1 to 1024 bytes") }
            let rule = RetentionRule(
                project: try project.map { try ProjectName.resolved($0, home: settings.home) }, days: try Self.days(keep))
            let store = try await OpenStore.forWriting(settings)
            try await store.setRetention(rule)
            Terminal.print(RetentionCommand.line(rule))
            let count = try await RetentionPass(of: store).preview(at: SystemClock.now)
            if count > 0 {
                Terminal.complain("\(count) messages are too old by now; the server forgets them within the hour, `magenta retention run` at once")
            }
        }

        private static func days(_ text: String) throws -> Int? {
            if text == "forever" { return nil }
            let units = ["d": 1, "w": 7]
            guard let unit = text.last.flatMap({ units[String($0)] }), let number = Int(text.dropLast()), (1...36_500 / unit).contains(number) else {
                throw UsageError("--keep is \"\(text.prefix(40))\"; give days (365d), weeks (8w) or forever, 1 to 36500 days")
            }
            return number * unit
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a rule.")

        @Option(help: ArgumentHelp("The project whose rule it is. Default: the one for everything.", valueName: "name"))
        var project: String?
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let settings = try Settings(options)
            let store = try await OpenStore.forReading(settings)
            // A rule of an older version stands as it was written.
            let isAsWritten = try await store.retentions().contains { $0.project == project }
            let named = isAsWritten ? project : try project.map { try ProjectName.resolved($0, home: settings.home) }
            try await store.removeRetention(project: named)
            Terminal.print("\(named ?? "everything else") is kept for ever")
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget what is too old.")

        @Flag(help: "Say how much would go, and change nothing.")
        var dryRun = false
        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let store = try await OpenStore.forReading(try Settings(options))
            let pass = RetentionPass(of: store)
            let count = try await dryRun ? pass.preview(at: SystemClock.now) : pass.run(at: SystemClock.now) { Terminal.progress($0) }
            Terminal.endProgress()
            if json {
                Terminal.print(["messages": .integer(Int64(count)), "forgotten": .bool(!dryRun)])
            } else {
                Terminal.print("\(count) messages were too old\(dryRun ? "; nothing was changed" : " and are forgotten")")
            }
        }
    }

    private static func line(_ rule: RetentionRule) -> String {
        "\(rule.project ?? "everything else"): \(rule.days.map { "\($0) days" } ?? "for ever")"
    }
}
