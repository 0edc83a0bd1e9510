import ArgumentParser
import Logging
import MemoryStore
import MemoryStoreSQLite
import ServiceLifecycle
import TranscriptIngest
import Transcripts
import UnixSignals

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Watch transcripts, into the store of this machine or over the network.",
        discussion: """
            magenta watch              into the local store, without serving it
            magenta watch --to URL     to a `magenta serve` elsewhere, for example from the container in which the agent runs

            With --to, lines are redacted here, kept in a spool and sent over HTTP until the server has them; while it is away they wait. The token \
            comes from a file or from the environment (MAGENTA_TOKEN_FILE, MAGENTA_TOKEN). It needs the scope write. Ends on SIGTERM or SIGINT at \
            once; what waits is sent by the next start. docs/watch.md says more.
            """)

    @Option(help: ArgumentHelp("The server: http://HOST[:PORT], https://HOST[:PORT] or unix:PATH.", valueName: "url"))
    var to: String?
    @Option(help: ArgumentHelp("The file with the token to send. Default: MAGENTA_TOKEN_FILE", valueName: "file"))
    var tokenFile: String?
    @Option(help: ArgumentHelp("Where lines wait. Default: spool.sqlite beside the store", valueName: "file"))
    var spool: String?
    @Option(help: ArgumentHelp("How much may wait. Default: \(Setting.spoolLimit.defaultText)", valueName: "size"))
    var spoolLimit: String?
    @Option(help: ArgumentHelp("PEM file with the authorities that vouch for the server. Default: the system's", valueName: "file"))
    var caFile: String?
    @Option(
        parsing: .singleValue, help: ArgumentHelp("Watch here; repeatable. Default: \(Setting.transcripts.defaultText)", valueName: "dir"))
    var transcripts: [String] = []
    @Flag(help: "Read and send what is there, and end: exit code 0 when nothing waits any more, else 1.")
    var once = false
    @OptionGroup var origin: OriginOptions
    @OptionGroup var options: SettingOptions

    func validate() throws {
        guard to == nil else { return }
        if once { throw ValidationError("--once needs --to URL; `magenta import` does the same into the local store") }
        if tokenFile != nil || spool != nil || spoolLimit != nil || caFile != nil {
            throw ValidationError("--token-file, --spool, --spool-limit and --ca-file need --to URL")
        }
    }

    func run() async throws {
        var settings = try Settings(options, origin: origin)
        if !transcripts.isEmpty { settings.transcripts = transcripts.map { Settings.absolute($0, home: settings.home) } }
        // Trapped first: from then on a stop is a clean one.
        let signals = await UnixSignalsSequence(trapping: [.sigterm, .sigint])
        guard let to else { return try await watchHere(settings, signals) }
        let target = try IngestTarget(to)
        let limit = try spoolLimit.map { try Settings.size($0, .spoolLimit) } ?? settings.spoolLimit
        let path = spool.map { Settings.absolute($0, home: settings.home) } ?? Self.defaultSpool(settings)
        let spool = try await LineSpool.open(path: path, limit: limit)
        let redactor = try OpenStore.redactor(settings, key: spool.key)
        let logger = try Log.logger(settings, redactor: redactor)
        let watch = RemoteWatch(
            spool: spool, context: LocalCapture.context(settings, spool: spool.id, redactor: redactor),
            directories: once ? settings.transcripts.filter(FileStamp.exists) : settings.transcripts, target: target,
            caFile: caFile.map { Settings.absolute($0, home: settings.home) }, token: try Self.token(tokenFile, settings), logger: logger)
        if once {
            try await sendOnce(watch)
        } else {
            let fill = try await spool.fill()
            logger.info("watching", metadata: ["server": "\(target.text)", "spool": "\(path)", "waiting": "\(fill.batches)"])
            try await run(watch, signals, settings, logger)
        }
        try spool.close()
    }

    private func watchHere(_ settings: Settings, _ signals: UnixSignalsSequence) async throws {
        let store = try await OpenStore.forWriting(settings)
        let redactor = try await OpenStore.redactor(settings, for: store)
        let logger = try Log.logger(settings, redactor: redactor)
        let capture = LocalCapture(settings, store: store, redactor: redactor)
        logger.info("watching", metadata: ["store": "\(settings.store)"])
        try await run(CaptureService(store: store, capture: capture, directories: settings.transcripts, logger: logger), signals, settings, logger)
    }

    private func run(_ service: any Service, _ signals: UnixSignalsSequence, _ settings: Settings, _ logger: Logger) async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .info)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)], logger: quiet)
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        let group = ServiceGroup(configuration: configuration)
        let supervisor = Supervisor(environment: settings.environment, logger: logger)
        supervisor.tell("READY=1")
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await StopSignals(signals: signals, group: group, supervisor: supervisor, logger: logger) {}.run() }
            try await group.run()
            tasks.cancelAll()
        }
    }

    private func sendOnce(_ watch: RemoteWatch) async throws {
        let report = try await watch.once()
        for sentence in report.passedOver { Terminal.complain("magenta: \(sentence)") }
        guard report.problems.isEmpty else {
            for problem in report.problems { Terminal.complain("magenta: \(problem)") }
            throw ExitCode(1)
        }
    }

    private static func defaultSpool(_ settings: Settings) -> String {
        let folder = settings.store.lastIndex(of: "/").map { settings.store[..<$0] } ?? ""
        return "\(folder)/spool.sqlite"
    }

    /// Reads it anew each time: whoever replaces the file need not start the watch again.
    private static func token(_ flag: String?, _ settings: Settings) throws -> @Sendable () throws -> String? {
        let path = flag.map { Settings.absolute($0, home: settings.home) } ?? settings.tokenFile
        guard let path else {
            let token = settings.environment["MAGENTA_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
            return { token }
        }
        @Sendable func read() throws -> String {
            let token = try TokenFile.text(path)
            guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw UsageError("the token file \(path) holds no token of one word")
            }
            return token
        }
        // What is wrong from the start is said at the start.
        _ = try read()
        return { try read() }
    }
}
