import FoundationEssentials
import JSON
import Transcripts

/// Puts magenta's hooks into a settings file of Claude Code, or takes them out.
struct HookInstallation {
    /// The file, and what became of it.
    struct Outcome {
        var file: String
        var isChanged: Bool
        var events: [String]
        var copy: String?
        var notes: [String] = []

        var value: JSONValue {
            [
                "file": .string(file), "changed": .bool(isChanged), "events": .array(events.map(JSONValue.string)),
                "copy": copy.map(JSONValue.string) ?? .null,
            ]
        }
    }

    let file: String

    /// - Parameter project: the settings of the current directory in place of the user's.
    init(settings: String?, project: Bool, environment: [String: String]) {
        let home = SettingSources.home(environment)
        let folder = environment["CLAUDE_CONFIG_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.claude"
        file = Settings.absolute(settings ?? (project ? ".claude/settings.json" : "\(folder)/settings.json"), home: home)
    }

    func add(executable: String, to target: String?, tokenFile: String?, maxTokens: Int?) throws -> Outcome {
        // Said now, not by a hook that nobody looks at.
        if let target { _ = try HookTarget(target) }
        var arguments: [String] = []
        if let target { arguments += ["--to", target] }
        if let tokenFile { arguments += ["--token-file", tokenFile] }
        let hooks = HookCommandLine.events.map { event in
            let budget = event == "SessionStart" ? maxTokens.map { ["--max-tokens", "\($0)"] } ?? [] : []
            return HookSettings.Hook(
                event: event,
                // A session that is resumed has its own past in its context.
                matcher: event == "SessionStart" ? "startup|clear|compact" : nil,
                command: HookCommandLine(executable: executable, event: event, arguments: arguments + budget).text,
                // A hook ends by itself long before; this is for a machine that stands still.
                timeout: 5)
        }
        return try change { settings throws(HookSettingsFlaw) in
            try settings.add(hooks)
            return HookCommandLine.events
        }
    }

    func remove() throws -> Outcome {
        try change { settings in settings.remove() }
    }

    private func change(_ body: (inout HookSettings) throws(HookSettingsFlaw) -> [String]) throws -> Outcome {
        let settingsFile = try SettingsFile(file)
        var settings: HookSettings
        let events: [String]
        do throws(HookSettingsFlaw) {
            settings = try HookSettings(settingsFile.bytes ?? [])
            events = try body(&settings)
        } catch {
            throw UsageError("\(file) is left as it is: \(error). Fix: repair it, or name another file with --settings")
        }
        var outcome = Outcome(file: file, isChanged: false, events: events)
        if settings.isDisabled { outcome.notes.append("\"disableAllHooks\" in this file turns all hooks off") }
        guard !events.isEmpty, settings.bytes != settingsFile.bytes else { return outcome }
        if try settingsFile.keepCopy() { outcome.copy = settingsFile.copy }
        try settingsFile.replace(with: settings.bytes)
        settingsFile.dropCopy(ifEqualTo: settings.bytes)
        outcome.isChanged = true
        return outcome
    }
}
