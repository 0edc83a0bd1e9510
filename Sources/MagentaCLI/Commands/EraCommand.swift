import ArgumentParser
import JSON
import MemoryModel
import MemoryStore

struct EraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "era", abstract: "List, start and rename eras, the named phases of your work.",
        subcommands: [List.self, Start.self, Rename.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the eras, oldest first.")

        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let eras = try await OpenStore.forReading(try Settings(options)).eras()
            if json {
                Terminal.print(["eras": .array(eras.map(EraCommand.value))])
            } else {
                for era in eras { Terminal.print(EraCommand.line(era)) }
            }
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start an era; the current one ends.")

        @Argument(help: "Its name.")
        var name: String
        @Option(help: "When it began, ISO 8601. Default: now.")
        var at: String?
        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let start = try at.map { try FilterOptions.time($0, "--at") } ?? SystemClock.now
            let era = try await OpenStore.forWriting(try Settings(options)).startEra(name, at: start)
            Terminal.print(json ? EraCommand.value(era).description : EraCommand.line(era))
        }
    }

    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Rename an era.")

        @Argument(help: "Its name.")
        var name: String
        @Argument(help: "Its new name.")
        var newName: String
        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let era = try await OpenStore.forWriting(try Settings(options)).renameEra(name, to: newName)
            Terminal.print(json ? EraCommand.value(era).description : EraCommand.line(era))
        }
    }

    static func line(_ era: Era) -> String {
        let start = era.start == .distantPast ? "the beginning" : era.start.description
        return "\(era.isCurrent ? "*" : " ") \(era.name)  from \(start)\(era.end.map { " to \($0)" } ?? "")"
    }

    static func value(_ era: Era) -> JSONValue {
        var object: JSONObject = ["name": .string(era.name), "current": .bool(era.isCurrent)]
        if era.start != .distantPast { object["start"] = .string(era.start.description) }
        if let end = era.end { object["end"] = .string(end.description) }
        return .object(object)
    }
}
