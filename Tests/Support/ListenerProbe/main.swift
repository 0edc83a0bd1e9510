import Diagnosis
import HTTPService
import HTTPTypes
import HummingbirdCore
import Listeners
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// ListenerProbe [--listen SPECIFICATION]... [--dial ENDPOINT]...
// Binds, serves GET / and GET /health, dials itself and every --dial from where it runs, prints one line of JSON and ends at the end of
// its input. The tests start it in network namespaces, where a process must be started to be inside.

func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
}

func word(_ reach: FamilyReach) -> String {
    switch reach {
    case .reachable: "reachable"
    case .absent: "absent"
    case .unreachable(let reason): "unreachable: \(reason)"
    case .notListening: "not listening"
    }
}

func word(_ outcome: HealthProbe.Outcome) -> String {
    switch outcome {
    case .answered(_, let body): String(decoding: body, as: UTF8.self)
    case .refused(let code): SystemCallError(call: "connect", code: code).name
    case .timedOut: "timed out"
    case .unintelligible(let reason): reason
    }
}

func arguments(after option: String) -> [String] {
    zip(CommandLine.arguments, CommandLine.arguments.dropFirst()).filter { $0.0 == option }.map(\.1)
}

func put(_ line: String) {
    print(line)
    fflush(nil)
}

do {
    let specifications = try arguments(after: "--listen").map { try ListenSpecification.parse($0) }
    let outcome = try ListenerBinding.bind(BindPlan(specifications))
    let router = Router([
        Route(.get, path: "/") { request in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "\(request.family.rawValue) \(request.peer)")))
        },
        Route(.get, path: "/health", isAnonymous: true) { _ in Response(status: .ok) },
    ])
    let listeners = outcome.listeners.map { listener in
        var place = "\(listener.endpoint)"
        if case .internet(let address, _) = listener.endpoint { place = "\(address)" }
        return "{\"family\":\(quoted(listener.family.rawValue)),\"address\":\(quoted(place)),\"port\":\(listener.port ?? 0),"
            + "\"v6only\":\(listener.isIPv6Only)}"
    }
    let port = outcome.listeners.compactMap(\.port).first ?? 0
    let reported = Signal()
    let service = HTTPService(
        listeners: outcome.listeners, router: router,
        configuration: ServiceConfiguration(
            product: "probe", accessLog: nil, logger: Logger(label: "probe") { _ in SwiftLogNoOpLogHandler() })
    ) {
        defer { reported.raise() }
        let report = await ReachReport.dial(outcome.listeners)
        var dialled: [String] = []
        for text in arguments(after: "--dial") {
            guard let address = InternetAddress(text) else { continue }
            let answer = await HealthProbe(path: "/").ask(.internet(address, port: port))
            dialled.append("\(quoted(text)):\(quoted(word(answer)))")
        }
        let families = report.families.map { "\(quoted($0.family.rawValue)):\(quoted(word($0.reach)))" }
        put(
            "{\"listeners\":[\(listeners.joined(separator: ","))],"
                + "\"warnings\":[\(outcome.warnings.map(quoted).joined(separator: ","))],"
                + "\"status\":\(quoted(report.status.rawValue)),\"families\":{\(families.joined(separator: ","))},"
                + "\"dialled\":{\(dialled.joined(separator: ","))}}")
    }
    let services = ServiceGroup(services: [service], logger: Logger(label: "services") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup { tasks in
        tasks.addTask { try await services.run() }
        tasks.addTask {
            await reported.wait()
            try await NIOThreadPool.singleton.runIfActive {
                var byte: UInt8 = 0
                while read(0, &byte, 1) > 0 {}
            }
            await services.triggerGracefulShutdown()
        }
        try await tasks.waitForAll()
    }
} catch {
    put("{\"error\":\(quoted("\(error)"))}")
    exit(1)
}
