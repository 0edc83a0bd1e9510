import Redaction

/// The settings, as data: where each may be set, what it means, what holds without it. Help, documentation and the reader
/// of settings all go by this table.
enum Setting: String, CaseIterable {
    case listen
    case store
    case transcripts
    case watch
    case user
    case machine
    case tokenFile = "token-file"
    case noAuth = "no-auth"
    case oauthIssuer = "oauth-issuer"
    case publicURL = "public-url"
    case allowHost = "allow-host"
    case allowOrigin = "allow-origin"
    case trustProxy = "trust-proxy"
    case rateLimit = "rate-limit"
    case secretsFile = "secrets-file"
    case secretsEnv = "secrets-env"
    case redactionRules = "redaction-rules"
    case tlsCertificate = "tls-certificate"
    case tlsKey = "tls-key"
    case logLevel = "log-level"
    case logFormat = "log-format"
    case drainTimeout = "drain-timeout"
    case spoolLimit = "spool-limit"

    /// What separates the values of a list in the environment; `nil` where there is one value.
    var separator: Character? {
        switch self {
        case .listen, .allowHost, .allowOrigin, .trustProxy, .secretsEnv: ","
        case .transcripts: ":"
        default: nil
        }
    }

    var isFlag: Bool { self == .watch || self == .noAuth }

    /// `MAGENTA_` and the name in capitals.
    var environmentName: String {
        "MAGENTA_" + rawValue.map { $0 == "-" ? "_" : $0.uppercased() }.joined()
    }

    /// The option of the command line.
    var flag: String { self == .watch ? "--no-watch" : "--\(rawValue)" }

    var defaultText: String {
        switch self {
        case .listen: "localhost:8000"
        case .store: "${XDG_DATA_HOME:-~/.local/share}/magenta/memory.sqlite"
        case .transcripts: "where the agents keep their sessions"
        case .watch: "true"
        case .user: "the login name"
        case .machine: "the host name"
        case .noAuth: "false"
        case .logLevel: "info"
        case .logFormat: "text"
        case .drainTimeout: "8"
        case .spoolLimit: "1G"
        case .rateLimit: "1200 beyond loopback"
        case .tokenFile, .oauthIssuer, .publicURL, .allowHost, .allowOrigin, .trustProxy, .secretsFile, .tlsCertificate, .tlsKey,
            .redactionRules:
            "none"
        case .secretsEnv: SecretEnvironment.standardNames.joined(separator: ",")
        }
    }

    var explanation: String {
        switch self {
        case .listen:
            "Where to listen: localhost[:PORT] (127.0.0.1 and ::1), all[:PORT] (0.0.0.0 and [::]), an address with port, unix:PATH or fd:N. "
                + "Port 0 takes a free one, the same on both families."
        case .store: "The file that holds the memory. Its key and lock lie beside it; all are readable by their owner alone."
        case .transcripts:
            "A directory of transcripts to import, of Claude Code, Codex CLI, Gemini CLI or OpenCode. Without it, those of all of them that "
                + "exist, and ${CLAUDE_CONFIG_DIR:-~/.claude}/projects in any case; docs/agents.md says where each keeps them."
        case .watch: "Whether serve and stdio import transcripts and watch them while they serve."
        case .user: "Whose conversations capture stores: a name that messages carry and may be filtered by."
        case .machine: "The machine that captured conversations are from, as messages carry it. Name it in a container, whose host name is random."
        case .tokenFile:
            "A file that holds a bearer token (one line, 16 characters or more) with all scopes. A listener beyond loopback needs this, a "
                + "token made by `magenta token create`, an authorization server, or no-auth."
        case .oauthIssuer:
            "The authorization server (its issuer URL) whose tokens are taken, beside the one of token-file. Its keys are found by its metadata. "
                + "Needs public-url."
        case .publicURL:
            "The URL under which clients reach this server, behind a proxy for example: tokens must be made out for it, and its host is allowed."
        case .noAuth: "Serves everybody who can reach the listener. Only for networks where everybody may read all conversations."
        case .allowHost: "A name by which clients may call the server beside addresses, localhost, names without a dot and internal names."
        case .allowOrigin: "An origin (https://name) whose web pages may call the server."
        case .trustProxy:
            "A reverse proxy (ADDRESS, ADDRESS/BITS, or unix for unix sockets) that is believed when it says by X-Forwarded-For or Forwarded who "
                + "the client is, for the log and for rate-limit. From anybody else these headers are ignored."
        case .rateLimit:
            "Requests a minute that one client may send: one token, or one address (an IPv6 client its /64) where no token has a name. 0 sets no "
                + "limit. Of those with wrong tokens 20 a minute and address are answered in full. Clients of this host have no limit unless you set one."
        case .secretsFile: "A JSON list of strings that must never be stored, beside the shapes of tokens that are known anyway."
        case .secretsEnv:
            "Environment variables whose values must never be stored: names, with * for any characters, or none. Words, paths and values under "
                + "\(SecretEnvironment.minimumLength) bytes are passed over."
        case .redactionRules: "A JSON file with patterns of your own and with what is never redacted; docs/redaction.md has its form."
        case .tlsCertificate:
            "A PEM file with the certificate chain; with tls-key the listeners speak TLS. When either file changes, or on SIGHUP, new connections "
                + "get the new one."
        case .tlsKey: "The PEM file with the certificate's private key."
        case .logLevel:
            "trace, debug, info, notice, warning, error or critical: this and what is graver goes to standard error. debug adds one line a request."
        case .logFormat: "text (time, level, message, key=value) or json (one object a line)."
        case .drainTimeout:
            "Seconds from SIGTERM until what is not answered by then is cut off. A second signal ends the server at once. Docker kills after 10."
        case .spoolLimit:
            "How much may wait in the spool of `magenta watch --to`, with K, M or G behind the number. A full spool takes nothing more, and the watch "
                + "waits."
        }
    }
}
