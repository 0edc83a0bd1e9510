import ArgumentParser

/// The options that every command knows.
struct SettingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The store. Default: \(Setting.store.defaultText)", valueName: "file"))
    var store: String?

    @Option(help: ArgumentHelp("A JSON list of strings that must never be stored.", valueName: "file"))
    var secretsFile: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Environment variables whose values must never be stored; * for any characters; repeatable.", valueName: "names"))
    var secretsEnv: [String] = []

    @Option(help: ArgumentHelp("A JSON file with patterns of your own and exemptions.", valueName: "file"))
    var redactionRules: String?

    @Option(help: ArgumentHelp("The settings file. Default: ${XDG_CONFIG_HOME:-~/.config}/magenta/config.json", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp("text or json, one line or object a message, on stderr.", valueName: "format"))
    var logFormat: String?
}

/// The options of `serve`, and of `health`, which looks for what `serve` would listen on.
struct ServeOptions: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "localhost[:PORT], all[:PORT], ADDRESS:PORT, unix:PATH or fd:N; repeatable. Default: localhost:8000", valueName: "where"))
    var listen: [String] = []

    @Option(help: ArgumentHelp("The file with the bearer token that clients must send.", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("The authorization server whose tokens are taken; needs --public-url.", valueName: "url"))
    var oauthIssuer: String?

    @Option(help: ArgumentHelp("The URL under which clients reach this server.", valueName: "url"))
    var publicURL: String?

    @Flag(help: "Serve everybody who can reach a listener.")
    var noAuth = false

    @Option(parsing: .singleValue, help: ArgumentHelp("A further name for this server; repeatable.", valueName: "name"))
    var allowHost: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("An origin whose pages may call; repeatable.", valueName: "origin"))
    var allowOrigin: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A proxy that may say who the client is: ADDRESS[/BITS] or unix; repeatable.", valueName: "address"))
    var trustProxy: [String] = []

    @Option(help: ArgumentHelp("Requests a minute and client; 0 for any number. Default: \(Setting.rateLimit.defaultText)", valueName: "number"))
    var rateLimit: String?

    @Option(help: ArgumentHelp("PEM file with the certificate chain.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("PEM file with the private key.", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("How long a stop waits for answers. Default: \(Setting.drainTimeout.defaultText)", valueName: "seconds"))
    var drainTimeout: String?
}

/// Who captured conversations are by, for the commands that capture.
struct OriginOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Whose conversations they are. Default: \(Setting.user.defaultText)", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("The machine that they are from. Default: \(Setting.machine.defaultText)", valueName: "name"))
    var machine: String?
}

/// The options of the commands that import while they serve.
struct CaptureOptions: ParsableArguments {
    @Option(
        parsing: .singleValue, help: ArgumentHelp("Import from here; repeatable. Default: \(Setting.transcripts.defaultText)", valueName: "dir"))
    var transcripts: [String] = []

    @Flag(help: "Do not import transcripts.")
    var noWatch = false
}
