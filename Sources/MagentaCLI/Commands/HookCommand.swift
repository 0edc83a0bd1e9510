import ArgumentParser
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What Claude Code runs at its events.
struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook", abstract: "Answer one event of Claude Code (its hooks run this).",
        discussion: """
            Reads the event as JSON from standard input. SessionStart prints what magenta remembers of the session's project, for Claude Code to put \
            before its model. PreCompact and SessionEnd tell the server which transcript has grown. `magenta connect claude-code --hooks` installs all \
            three.

            It never holds the agent up: without a server, or with one that is slow or answers nonsense, it prints nothing but one line on standard \
            error, within a second at the most, and the exit code is 0; 64 is for a command line that is wrong. docs/hooks.md says what it costs.
            """)

    static let budgets = 300...5000
    private static let defaultTokens = 1000

    @Argument(help: "SessionStart, PreCompact or SessionEnd.")
    var event: String

    @Option(help: ArgumentHelp("The server: http://HOST[:PORT] or unix:PATH.", valueName: "url"))
    var to = HookTarget.standard

    @Option(help: ArgumentHelp("What SessionStart may take of the model's context, 300 to 5000.", valueName: "number"))
    var maxTokens = Self.defaultTokens

    @Option(help: ArgumentHelp("The file with the bearer token to send. Default: MAGENTA_TOKEN_FILE", valueName: "file"))
    var tokenFile: String?

    func validate() throws {
        guard HookCommandLine.events.contains(event) else {
            throw ValidationError("magenta answers \(HookCommandLine.events.joined(separator: ", ")), not \"\(event.prefix(40))\"")
        }
        guard Self.budgets.contains(maxTokens) else { throw ValidationError("--max-tokens takes 300 to 5000") }
    }

    func run() { program.run() }

    private var program: HookProgram {
        HookProgram(event: event, to: to, maxTokens: maxTokens, tokenFile: tokenFile ?? Self.namedTokenFile)
    }

    private static var namedTokenFile: String? { getenv("MAGENTA_TOKEN_FILE").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }

    /// Runs the hook where the command line is one as `magenta connect` writes it. The parser's look at its types takes longer than the whole
    /// hook (5 of 15 ms where that was measured), so it sees only what is not so plain: help, and what is wrong.
    ///
    /// - Returns: whether it was one.
    static func runIfCalled(_ arguments: [String]) -> Bool {
        guard arguments.count >= 3, arguments[1] == "hook", HookCommandLine.events.contains(arguments[2]), arguments.count % 2 == 1 else {
            return false
        }
        var program = HookProgram(event: arguments[2], to: HookTarget.standard, maxTokens: defaultTokens, tokenFile: namedTokenFile)
        for place in stride(from: 3, to: arguments.count, by: 2) {
            let value = arguments[place + 1]
            guard !value.isEmpty, !value.hasPrefix("-") else { return false }
            switch arguments[place] {
            case "--to": program.to = value
            case "--token-file": program.tokenFile = value
            case "--max-tokens":
                guard let number = Int(value), budgets.contains(number) else { return false }
                program.maxTokens = number
            default: return false
            }
        }
        program.run()
        return true
    }
}
