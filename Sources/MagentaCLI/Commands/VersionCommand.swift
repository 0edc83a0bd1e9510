import ArgumentParser
import JSON
import MCPCore

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version and the MCP revisions it speaks.")

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() {
        let revisions = Revision.allCases.map(\.rawValue)
        if json {
            Terminal.print(["name": "magenta", "version": .string(Magenta.version), "revisions": .array(revisions.map(JSONValue.string))])
        } else {
            Terminal.print("magenta \(Magenta.version)\nMCP \(revisions.joined(separator: ", "))")
        }
    }
}

/// Prints docs/settings.md from the table of settings, so that the two cannot differ.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Print the reference of all settings as Markdown.", shouldDisplay: false)

    func run() {
        var lines = [
            "# Settings", "",
            "Printed by `magenta settings`. Each setting is taken from the first of these that sets it: the command line, the environment,",
            "the settings file (JSON; `--config FILE`, `MAGENTA_CONFIG`, or `${XDG_CONFIG_HOME:-~/.config}/magenta/config.json`), the default.", "",
            "| file | command line | environment | default | meaning |", "|---|---|---|---|---|",
        ]
        for setting in Setting.allCases {
            let separator = setting.separator.map { " (several: separated by `\($0)`)" } ?? ""
            lines.append(
                "| `\(setting.rawValue)` | `\(setting.flag)` | `\(setting.environmentName)`\(separator) | `\(setting.defaultText)` | \(setting.explanation) |"
            )
        }
        Terminal.print(lines.joined(separator: "\n"))
    }
}
