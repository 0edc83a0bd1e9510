import ArgumentParser
import JSON
import MemoryModel
import MemoryStore
import Redaction

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
            let settings = try Settings(options)
            let store = try await OpenStore.forWriting(settings)
            let era = try await store.startEra(try await OpenStore.redactor(settings, for: store).redact(name).value, at: start)
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
            let settings = try Settings(options)
            let store = try await OpenStore.forWriting(settings)
            let redactor = try await OpenStore.redactor(settings, for: store)
            // A name is stored as the redactor left it, and is still found by what was typed.
            let era = try await store.renameEra(redactor.redact(name).value, to: redactor.redact(newName).value)
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
