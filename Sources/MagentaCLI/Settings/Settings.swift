import FoundationEssentials
import Redaction
import Transcripts

/// Every setting with its value, each from the first place that sets it: flag, environment, file, default.
struct Settings {
    var listen: [String]
    var store: String
    var transcripts: [String]
    var watches: Bool
    var user: String
    var machine: String
    var tokenFile: String?
    var needsNoAuth: Bool
    var oauthIssuer: String?
    var publicURL: String?
    var allowedHosts: [String]
    var allowedOrigins: [String]
    var trustedProxies: [String]
    /// `nil` where nobody set it; 0 for no limit.
    var rateLimit: Int?
    var secretsFile: String?
    /// Names of environment variables, `*` for any characters.
    var secretsEnv: [String]
    var redactionRules: String?
    var tls: (certificate: String, key: String)?
    var logLevel: String
    var logFormat: LogFormat
    var drainTimeout: Duration
    /// Bytes.
    var spoolLimit: Int64
    var environment: [String: String]
    var home: String

    init(
        _ options: SettingOptions, serve: ServeOptions? = nil, capture: CaptureOptions? = nil,
        origin: OriginOptions? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let sources = try SettingSources(environment: environment, configFile: options.config)
        let home = SettingSources.home(environment)
        self.environment = environment
        self.home = home
        store = Self.absolute(try sources.text(.store, flag: options.store) ?? Self.defaultStore(environment, home: home), home: home)
        logLevel = try sources.text(.logLevel, flag: options.logLevel) ?? Setting.logLevel.defaultText
        logFormat = try LogFormat(setting: try sources.text(.logFormat, flag: options.logFormat) ?? Setting.logFormat.defaultText)
        drainTimeout = try Self.seconds(try sources.text(.drainTimeout, flag: serve?.drainTimeout) ?? Setting.drainTimeout.defaultText, .drainTimeout)
        spoolLimit = try Self.size(try sources.text(.spoolLimit, flag: nil) ?? Setting.spoolLimit.defaultText, .spoolLimit)
        secretsFile = try sources.text(.secretsFile, flag: options.secretsFile).map { Self.absolute($0, home: home) }
        secretsEnv = try Self.variables(try sources.list(.secretsEnv, flags: options.secretsEnv))
        redactionRules = try sources.text(.redactionRules, flag: options.redactionRules).map { Self.absolute($0, home: home) }
        let listen = try sources.list(.listen, flags: serve?.listen ?? [])
        self.listen = listen.isEmpty ? [Setting.listen.defaultText] : listen
        let transcripts = try sources.list(.transcripts, flags: capture?.transcripts ?? [])
        self.transcripts =
            transcripts.isEmpty ? Self.defaultTranscripts(environment, home: home) : transcripts.map { Self.absolute($0, home: home) }
        watches = try sources.isSet(.watch, flag: capture?.noWatch == true ? false : nil, default: true)
        user = try Self.name(try sources.text(.user, flag: origin?.user) ?? Self.loginName(environment), .user)
        machine = try Self.name(try sources.text(.machine, flag: origin?.machine) ?? ProcessInfo.processInfo.hostName, .machine)
        tokenFile = try sources.text(.tokenFile, flag: serve?.tokenFile).map { Self.absolute($0, home: home) }
        needsNoAuth = try sources.isSet(.noAuth, flag: serve?.noAuth == true ? true : nil, default: false)
        oauthIssuer = try sources.text(.oauthIssuer, flag: serve?.oauthIssuer)
        publicURL = try sources.text(.publicURL, flag: serve?.publicURL)
        allowedHosts = try sources.list(.allowHost, flags: serve?.allowHost ?? [])
        allowedOrigins = try sources.list(.allowOrigin, flags: serve?.allowOrigin ?? [])
        trustedProxies = try sources.list(.trustProxy, flags: serve?.trustProxy ?? [])
        rateLimit = try sources.text(.rateLimit, flag: serve?.rateLimit).map(Self.rate)
        let certificate = try sources.text(.tlsCertificate, flag: serve?.tlsCertificate)
        let key = try sources.text(.tlsKey, flag: serve?.tlsKey)
        switch (certificate, key) {
        case (nil, nil): tls = nil
        case (let certificate?, let key?): tls = (Self.absolute(certificate, home: home), Self.absolute(key, home: home))
        default: throw UsageError("TLS needs both --tls-certificate FILE and --tls-key FILE")
        }
    }

    /// Where the platform puts a user's data (XDG Base Directory Specification; Apple's file system guide on macOS).
    private static func defaultStore(_ environment: [String: String], home: String) -> String {
        #if os(macOS)
            return "\(home)/Library/Application Support/magenta/memory.sqlite"
        #else
            // A relative XDG path is to be ignored, says the specification.
            let base = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/share"
            return "\(base)/magenta/memory.sqlite"
        #endif
    }

    private static func loginName(_ environment: [String: String]) -> String {
        let name = ProcessInfo.processInfo.userName
        return name.isEmpty ? environment["USER"].flatMap { $0.isEmpty ? nil : $0 } ?? "unknown" : name
    }

    /// A name that messages carry: short, on one line.
    static func name(_ text: String, _ setting: Setting) throws -> String {
        guard (1...128).contains(text.utf8.count), !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw UsageError("\(setting.flag) must be a name of 1 to 128 bytes on one line")
        }
        return text
    }

    private static func defaultTranscripts(_ environment: [String: String], home: String) -> [String] {
        TranscriptReaders.roots(environment: environment, home: home) { FileManager.default.fileExists(atPath: $0) }
            .map { absolute($0, home: home) }
    }

    private static func variables(_ names: [String]) throws -> [String] {
        let names = names.flatMap { $0.split(separator: ",") }.map(String.init)
        guard names != ["none"] else { return [] }
        guard names.count <= 256, names.allSatisfy({ $0.utf8.count <= 256 }) else {
            throw UsageError("\(Setting.secretsEnv.flag) takes at most 256 names of at most 256 bytes")
        }
        return names.isEmpty ? SecretEnvironment.standardNames : names
    }

    private static func seconds(_ text: String, _ setting: Setting) throws -> Duration {
        guard let number = Int(text), (0...3600).contains(number) else {
            throw UsageError("\(setting.flag) is \"\(text.prefix(40))\" and not a whole number of seconds from 0 to 3600")
        }
        return .seconds(number)
    }

    /// A number of bytes, or of K, M or G of them (1024 each).
    static func size(_ text: String, _ setting: Setting) throws -> Int64 {
        let units: [Character: Int64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits), number <= (1 << 50) / (unit ?? 1),
            number * (unit ?? 1) >= 1 << 20
        else { throw UsageError("\(setting.flag) is \"\(text.prefix(40))\" and no size of 1M or more, such as 256M or 4G") }
        return number * (unit ?? 1)
    }

    private static func rate(_ text: String) throws -> Int {
        guard let number = Int(text), (0...1_000_000).contains(number) else {
            throw UsageError("\(Setting.rateLimit.flag) is \"\(text.prefix(40))\" and not a whole number of requests a minute from 0 to 1000000")
        }
        return number
    }

    static func absolute(_ path: String, home: String) -> String {
        if path == "~" { return home }
        if path.hasPrefix("~/") { return home + path.dropFirst(1) }
        if path.hasPrefix("/") { return path }
        return "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}
