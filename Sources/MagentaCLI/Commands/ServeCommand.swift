import ArgumentParser
import HTTPService
import Listeners
import Logging
import MemoryTools
import ServiceLifecycle
import TranscriptIngest
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the memory over HTTP, and watch the transcripts meanwhile.",
        discussion: """
            Without settings: listens on 127.0.0.1:8000 and [::1]:8000, imports and watches ~/.claude/projects, keeps one SQLite file. A client of type http or \
            sse connects to /mcp, /sse or /. Ends on SIGTERM or SIGINT, after what is in flight is answered.
            """)

    @OptionGroup var serve: ServeOptions
    @OptionGroup var capturing: CaptureOptions
    @OptionGroup var origin: OriginOptions
    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try Settings(options, serve: serve, capture: capturing, origin: origin)
        let specifications = try ListenSettings.specifications(settings)
        let proxies = try RateSettings.proxies(settings)
        let store = try await OpenStore.forWriting(settings)
        let redactor = try await OpenStore.redactor(settings, for: store)
        let logger = try Log.logger(settings, redactor: redactor)
        // Trapped before anything is served: from then on a stop is a clean one.
        // A terminal that closes still ends a server that has no certificate to read again.
        let signals = await UnixSignalsSequence(trapping: settings.tls == nil ? [.sigterm, .sigint] : [.sigterm, .sigint, .sighup])
        let supervisor = Supervisor(environment: settings.environment, logger: logger)
        let bound = try ListenerBinding.bind(BindPlan(specifications))
        let door = try await ListenSettings.access(settings, for: bound.listeners, tokens: StoredTokens(store: store), logger: logger)
        for warning in bound.warnings { logger.warning("listening on fewer families than asked for", metadata: ["reason": "\(warning)"]) }
        let metrics = ServerMetrics()
        let status = CaptureStatus(metrics: metrics)
        let capture = LocalCapture(settings, store: store, redactor: redactor)
        let captureHealth = CaptureHealth(settings, store: store, capture: capture, status: status)
        let server = try await MemoryServer.make(store, notice: captureHealth.line, onCall: metrics.called)
        let nudges = WatchNudges()
        let (endpoint, http) = MemoryHTTP.service(
            settings, server: server, store: store, redactor: redactor, listeners: bound.listeners, door: door, proxies: proxies, metrics: metrics,
            capture: status, captureHealth: captureHealth, hooks: HookRoute.Surroundings(capture, nudges),
            ingest: IngestDesk(store: store, sink: capture.sink, redactor: redactor, logger: logger, onTaken: metrics.imported), logger: logger
        ) { supervisor.tell("READY=1") }
        // They stop in the reverse order: the streams of the endpoint live as long as the connections do.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: endpoint), .init(service: http)]
        if settings.watches {
            let watching = CaptureService(
                store: store, capture: capture, directories: settings.transcripts, status: status, nudges: nudges, logger: logger)
            services.append(.init(service: watching, successTerminationBehavior: .ignore))
        }
        // What watchers send arrives here too, whether or not this process watches.
        let updates = UpdateService(updates: ResourceUpdates(of: store, to: server))
        services.append(.init(service: updates, successTerminationBehavior: .ignore))
        services.append(.init(service: RetentionService(store: store, logger: logger), successTerminationBehavior: .ignore))
        // At debug the group writes down every service with all that it holds.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .info)
        var configuration = ServiceGroupConfiguration(services: services, logger: quiet)
        // Whatever hangs then is left behind before a container's manager kills the process.
        configuration.maximumGracefulShutdownDuration = settings.drainTimeout + .seconds(1)
        let group = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                await StopSignals(signals: signals, group: group, supervisor: supervisor, logger: logger) { await http.reloadCertificate() }.run()
            }
            try await group.run()
            tasks.cancelAll()
        }
    }
}
