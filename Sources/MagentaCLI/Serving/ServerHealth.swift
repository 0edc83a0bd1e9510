import Diagnosis
import HTTPService
import JSON
import Listeners
import MemoryModel
import MemoryStore
import Synchronization
import TranscriptIngest

/// What the server knows of itself: what came of dialling itself on each family and, for those who may read, how it is. docs/health.md
/// describes the members.
final class ServerHealth: Sendable {
    private let report = Mutex<ReachReport?>(nil)
    private let state: ServiceState
    private let metrics: ServerMetrics
    private let listeners: [BoundListener]
    private let store: any MemoryStore
    private let storePath: String
    private let capture: CaptureStatus
    private let captureHealth: CaptureHealth

    init(
        state: ServiceState, metrics: ServerMetrics, listeners: [BoundListener], store: any MemoryStore, storePath: String, capture: CaptureStatus,
        captureHealth: CaptureHealth
    ) {
        self.state = state
        self.metrics = metrics
        self.listeners = listeners
        self.store = store
        self.storePath = storePath
        self.capture = capture
        self.captureHealth = captureHealth
    }

    /// - Returns: whether it differs from the one before.
    func set(_ new: ReachReport) -> Bool {
        report.withLock { report in
            defer { report = new }
            return report != new
        }
    }

    /// What one request is told. Both are of one moment: a server that is told to stop meanwhile must not be `ok` with 503.
    struct Answer {
        /// Whether whoever sends requests here should send them elsewhere.
        var isFailed: Bool
        var value: JSONObject
    }

    /// `{status, name, version, families}`: all that somebody without a token is told. The status is ok, warning, failed, starting
    /// before the first dial came back, or draining.
    var summary: Answer {
        let report = report.withLock { $0 }
        let isStopping = state.isStopping
        let status = isStopping ? "draining" : report?.status.rawValue ?? "starting"
        return Answer(
            isFailed: isStopping || report?.status == .failed,
            value: [
                "status": .string(status), "name": .string(MemoryServer.name), "version": .string(Magenta.version),
                "families": report?.value ?? [:],
            ])
    }

    /// The summary, and what only those learn who may read the memory.
    func details() async -> Answer {
        var answer = summary
        await addDetails(to: &answer.value)
        return answer
    }

    private func addDetails(to value: inout JSONObject) async {
        value["listeners"] = .array(listeners.map(\.value))
        let statistics: StoreStatistics?
        do throws(StoreError) {
            let found = try await store.statistics()
            statistics = found
            value["store"] = storeValue(found)
        } catch {
            statistics = nil
            value["store"] = ["kind": "sqlite", "file": .string(fileName), "error": .string("\(error)"), "capturing": .bool(capture.holdsLock)]
        }
        value["import"] = importValue(statistics)
        do throws(StoreError) {
            value["capture"] = try await captureHealth.report().value
        } catch {
            value["capture"] = ["current": false, "error": .string("\(error)")]
        }
        value["uptime"] = Self.seconds(metrics.uptime / .seconds(1))
        value["requests"] = ["inFlight": .integer(Int64(state.requestsInFlight)), "streams": .integer(Int64(state.openStreams))]
        value["connections"] = .integer(Int64(state.openConnections))
    }

    /// `nil` where the store cannot be read.
    func captureReport() async -> CaptureReport? { try? await captureHealth.report() }

    private var fileName: String { storePath.split(separator: "/").last.map(String.init) ?? storePath }

    private func storeValue(_ statistics: StoreStatistics) -> JSONValue {
        [
            "kind": "sqlite", "file": .string(fileName), "schema": .integer(Int64(statistics.schema)),
            "messages": .integer(Int64(statistics.messages)), "conversations": .integer(Int64(statistics.conversations)),
            "capturing": .bool(capture.holdsLock),
        ]
    }

    private func importValue(_ statistics: StoreStatistics?) -> JSONValue {
        guard let captured = capture.capture else { return .null }
        let now = SystemClock.now.milliseconds
        let lag = statistics?.newestMessage.map { Self.seconds(Double(max(0, now - $0.milliseconds)) / 1000) }
        return [
            "running": .bool(captured.isRunning), "time": .string(captured.time.description), "lines": .integer(Int64(captured.counts.lines)),
            "stored": .integer(Int64(captured.counts.stored)), "refused": .integer(Int64(captured.counts.refused)), "lag": lag ?? .null,
            "sources": .integer(Int64(captured.sources)), "mode": captured.mode.map { .string($0.name) } ?? .null,
            "failure": captured.failure.map(JSONValue.string) ?? .null,
            "missing": .array(captured.missing.keys.sorted().map(JSONValue.string)),
        ]
    }

    private static func seconds(_ seconds: Double) -> JSONValue { .double((seconds * 1000).rounded() / 1000) }
}

extension BoundListener {
    /// `{family, address, port, v6only}`; a unix socket has its path for an address and no port.
    fileprivate var value: JSONValue {
        switch endpoint {
        case .internet(let address, let port):
            [
                "family": .string(family.rawValue), "address": .string(address.description), "port": .integer(Int64(port)),
                "v6only": .bool(isIPv6Only),
            ]
        case .unix(let path): ["family": .string(family.rawValue), "address": .string(path), "port": .null, "v6only": false]
        }
    }
}

extension ReachReport {
    /// The families by name, each with what came of dialling it.
    var value: JSONValue {
        .object(JSONObject(families.map { JSONObject.Member(key: $0.family.rawValue, value: .string($0.reach.text)) }))
    }
}

extension FamilyReach {
    var text: String {
        switch self {
        case .reachable: "reachable"
        case .absent(let reason): "absent: \(reason)"
        case .unreachable(let reason): "unreachable: \(reason)"
        case .notListening: "not listening"
        }
    }
}

extension WatchMode {
    /// `events` or `polling`.
    fileprivate var name: String {
        switch self {
        case .events: "events"
        case .polling: "polling"
        }
    }
}
