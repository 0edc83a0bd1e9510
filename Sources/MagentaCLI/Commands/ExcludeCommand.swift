import ArgumentParser
import JSON
import MemoryArchive
import MemoryModel
import MemoryStore

struct ExcludeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exclude", abstract: "List, add and remove rules of what is not stored.",
        discussion: """
            magenta exclude add --project ~/src/secret     a directory or its last component, with all below it, or a repository
            magenta exclude add --path '**/scratch/**'     transcripts by their path: * and ? within a component, ** across

            From then on nothing of it is stored, whoever brings it: watch, import, hooks, an archive. Its lines are counted under the rule's name, \
            with their place and without their text; a rule that is removed does not bring them back. What is stored already stays: see \
            magenta forget.
            """,
        subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the rules, and how many lines each kept out.")

        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let store = try await OpenStore.forReading(try Settings(options))
            let rules = try await store.exclusions()
            let lines = rules.isEmpty ? [:] : try await store.excludedLines()
            guard json else {
                for rule in rules { Terminal.print("\(ExcludeCommand.line(rule)): \(lines[rule.name] ?? 0) lines kept out") }
                if rules.isEmpty { Terminal.print("everything is stored; `magenta exclude add` makes a rule") }
                return
            }
            Terminal.print([
                "rules": .array(
                    rules.map { rule in
                        [
                            "name": .string(rule.name), rule.kind.rawValue: .string(rule.pattern), "created": .string(rule.created.description),
                            "lines": .integer(Int64(lines[rule.name] ?? 0)),
                        ]
                    })
            ])
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a rule.")

        @Option(help: ArgumentHelp("A directory or its last component, with all below it, or a repository (host/owner/name).", valueName: "name"))
        var project: String?
        @Option(help: ArgumentHelp("A glob over the paths of transcripts.", valueName: "glob"))
        var path: String?
        @Option(help: ArgumentHelp("What to call the rule. Default: made from what it names.", valueName: "name"))
        var name: String?
        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let settings = try Settings(options)
            let rule = try rule(settings)
            let store = try await OpenStore.forWriting(settings)
            try await store.addExclusion(rule)
            if rule.kind == .project, let real = ProjectName.behindLinks(rule.pattern) {
                let name = "\(rule.name.prefix(55))-behind"
                try await store.addExclusion(ExclusionRule(name: name, kind: .project, pattern: real, created: rule.created))
                Terminal.complain("\(rule.pattern) is a link, so \(real) is kept out too, by the rule \(name)")
            }
            if json {
                Terminal.print(["name": .string(rule.name), rule.kind.rawValue: .string(rule.pattern)])
            } else {
                Terminal.print("\(ExcludeCommand.line(rule)) is not stored from now on")
            }
            guard rule.kind == .project else { return }
            var filter = MessageFilter()
            filter.project = rule.pattern
            if try await !store.messages(MessageQuery(filter: filter, order: .newestFirst, limit: 1, textLimit: 0)).isEmpty {
                Terminal.complain("what is stored of it already stays; to remove it: magenta forget --project \(rule.pattern)")
            }
        }

        private func rule(_ settings: Settings) throws -> ExclusionRule {
            let (kind, pattern): (ExclusionRule.Kind, String)
            switch (project, path) {
            case (let project?, nil):
                // It would be taken by its letters and keep nothing out.
                guard !project.contains("*") else {
                    throw UsageError("--project \(project.prefix(80)) is no glob. Fix: name a directory, or say --path GLOB, which is of transcripts")
                }
                (kind, pattern) = (.project, try ProjectName.resolved(project, home: settings.home))
            case (nil, let path?): (kind, pattern) = (.path, path.hasPrefix("~") ? Settings.absolute(path, home: settings.home) : path)
            default: throw UsageError("say --project NAME or --path GLOB, one of them")
            }
            guard (1...1024).contains(pattern.utf8.count), !pattern.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
                throw UsageError("what a rule names must be 1 to 1024 bytes on one line")
            }
            let name = name ?? Self.name(from: pattern)
            guard Exclusions.isValid(name: name) else {
                throw UsageError("\"\(name.prefix(80))\" is no name for a rule: give --name with 1 to 64 letters, digits, -, _ and .")
            }
            return ExclusionRule(name: name, kind: kind, pattern: pattern, created: SystemClock.now)
        }

        private static func name(from pattern: String) -> String {
            let parts = pattern.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".")) }
            return String(parts.suffix(3).joined(separator: "-").suffix(64))
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a rule; what it kept out stays out.")

        @Argument(help: "Its name.")
        var name: String
        @OptionGroup var options: SettingOptions

        func run() async throws {
            try await OpenStore.forReading(try Settings(options)).removeExclusion(name)
            Terminal.print("the rule \(name) is removed; lines that it kept out are not read again")
        }
    }

    private static func line(_ rule: ExclusionRule) -> String { "\(rule.name): \(rule.kind.rawValue) \(rule.pattern)" }
}
