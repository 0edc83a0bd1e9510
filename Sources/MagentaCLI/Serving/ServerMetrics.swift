import CoreMetrics
import HTTPService
import MCPCore
import MemoryStore
import PrometheusText
import TranscriptIngest

/// What `/metrics` shows. Every label comes from a list of this program's: routes, statuses, tools, outcomes, reasons.
final class ServerMetrics: Sendable {
    private let registry: MetricRegistry
    let http: ServiceMetrics
    private let lines: [String: Counter]
    private let failures: [WatchFailure.Side: Counter]
    private let started = ContinuousClock.now

    private static let durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private static let toolCalls = "magenta_tool_calls_total"
    private static let importLines = "magenta_import_lines_total"
    private static let captureFailures = "magenta_capture_failures_total"
    private static let captureCurrent = "magenta_capture_current"
    private static let captureHeld = "magenta_capture_running"
    private static let lagBytes = "magenta_capture_lag_bytes"
    private static let lagSeconds = "magenta_capture_lag_seconds"
    private static let sources = "magenta_capture_sources"
    private static let refusedLines = "magenta_capture_refused_lines"
    private static let connections = "magenta_http_connections_open"
    private static let inFlight = "magenta_http_requests_in_flight"
    private static let streams = "magenta_http_streams_open"
    private static let memory = "process_resident_memory_bytes"
    private static let uptime = "magenta_uptime_seconds"
    private static let build = "magenta_build_info"

    init() {
        registry = MetricRegistry([
            MetricFamily(Self.build, .gauge, "Always 1; the label has the version."),
            MetricFamily(Self.uptime, .gauge, "Seconds since the process began to serve."),
            MetricFamily(Self.memory, .gauge, "Resident memory in bytes."),
            MetricFamily(Self.connections, .gauge, "Open connections."),
            MetricFamily(Self.inFlight, .gauge, "Requests that are being answered, without open streams."),
            MetricFamily(Self.streams, .gauge, "Answers that are streams and open."),
            MetricFamily(
                "magenta_" + ServiceMetrics.duration, .histogram(bounds: Self.durations),
                "Seconds from a request's head to the end of its answer; of a stream, to its head. By route and class of status."),
            MetricFamily("magenta_" + ServiceMetrics.refusals, .counter, "Requests turned away, by what was not good enough."),
            MetricFamily(Self.toolCalls, .counter, "Calls of tools, by tool and by what came of them."),
            MetricFamily(Self.importLines, .counter, "Lines of transcripts imported by this process, by what became of them."),
            MetricFamily(
                Self.captureFailures, .counter, "Tries to capture that failed and are repeated, by what failed: the store, or reading a source."),
            MetricFamily(Self.captureCurrent, .gauge, "1 where all whole lines on this host are stored and nothing keeps new ones out, else 0."),
            MetricFamily(Self.captureHeld, .gauge, "1 where a process captures into the store, else 0."),
            MetricFamily(Self.lagBytes, .gauge, "Bytes of transcripts on this host that are not stored."),
            MetricFamily(Self.lagSeconds, .gauge, "Seconds for which the oldest line that is not stored has been waiting."),
            MetricFamily(Self.sources, .gauge, "Transcripts on this host, by how much of them is stored."),
            MetricFamily(Self.refusedLines, .gauge, "Lines in the store that could not be read, by the reason."),
        ])
        http = ServiceMetrics(factory: registry, prefix: "magenta_")
        lines = Dictionary(
            uniqueKeysWithValues: ["stored", "known", "repeated", "refused"].map { [registry] outcome in
                (outcome, Counter(label: Self.importLines, dimensions: [("outcome", outcome)], factory: registry))
            })
        failures = Dictionary(
            uniqueKeysWithValues: [(WatchFailure.Side.sink, "store"), (.source, "source")].map { [registry] side, name in
                (side, Counter(label: Self.captureFailures, dimensions: [("side", name)], factory: registry))
            })
        Gauge(label: Self.build, dimensions: [("version", Magenta.version)], factory: registry).record(1)
    }

    var uptime: Duration { started.duration(to: .now) }

    @Sendable func called(_ tool: String, _ outcome: ToolCallOutcome) {
        Counter(label: Self.toolCalls, dimensions: [("tool", tool), ("outcome", outcome.rawValue)], factory: registry).increment()
    }

    func imported(_ counts: CaptureCounts) {
        lines["stored"]?.increment(by: counts.stored)
        lines["known"]?.increment(by: counts.known)
        lines["repeated"]?.increment(by: counts.repeated)
        lines["refused"]?.increment(by: counts.refused)
    }

    func failed(_ side: WatchFailure.Side) { failures[side]?.increment() }

    /// The whole page, with what is measured only when somebody looks.
    ///
    /// - Parameter capture: `nil` where the store cannot be read; what was known before then stands.
    func text(_ state: ServiceState, _ capture: CaptureReport?) -> String {
        if let capture { record(capture) }
        Gauge(label: Self.connections, factory: registry).record(state.openConnections)
        Gauge(label: Self.inFlight, factory: registry).record(state.requestsInFlight)
        Gauge(label: Self.streams, factory: registry).record(state.openStreams)
        Gauge(label: Self.uptime, factory: registry).record(uptime / .seconds(1))
        if let bytes = ProcessMemory.residentBytes { Gauge(label: Self.memory, factory: registry).record(bytes) }
        return registry.text()
    }

    private func record(_ report: CaptureReport) {
        Gauge(label: Self.captureCurrent, factory: registry).record(report.isCurrent ? 1 : 0)
        Gauge(label: Self.captureHeld, factory: registry).record(report.isCaptured ? 1 : 0)
        Gauge(label: Self.lagBytes, factory: registry).record(report.lagBytes)
        Gauge(label: Self.lagSeconds, factory: registry).record(report.lagSeconds)
        for state in SourceHealth.State.allCases {
            Gauge(label: Self.sources, dimensions: [("state", state.rawValue)], factory: registry).record(report.count(state))
        }
        for (reason, count) in report.boundedRefusals {
            Gauge(label: Self.refusedLines, dimensions: [("reason", reason)], factory: registry).record(count)
        }
    }
}
