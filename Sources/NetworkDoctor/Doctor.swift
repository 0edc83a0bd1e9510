import Listeners
import NIOCore
import NIOHTTP1
import NIOPosix
package import Transcripts

/// Looks into one URL: environment and name first, then everything over the network at once; what was found becomes one report.
package struct Doctor: Sendable {
    private let environment: [String: String]
    /// Sent with every request to the target, in place of the entry's own.
    private let headers: [String: String]?
    private let timeout: Duration
    private let version: String
    private let capture: CaptureProbe?
    /// Whose logs are looked at, and in which directory Claude Code was started.
    private let logs: (home: String, directory: String)?
    private let view: HostView
    /// Seconds since 1970.
    private let now: @Sendable () -> Int64

    package init(
        environment: [String: String], headers: [String: String]? = nil, timeout: Duration = RemotePlan.defaultTimeout, version: String,
        capture: CaptureProbe? = nil, logs: (home: String, directory: String)? = nil, view: HostView = .system, now: @escaping @Sendable () -> Int64
    ) {
        self.environment = environment
        self.headers = headers
        self.timeout = timeout
        self.version = version
        self.capture = capture
        self.logs = logs
        self.view = view
        self.now = now
    }

    /// Takes as long as the target does, at most about three times the timeout.
    package func examine(_ target: Target, entry: ConfiguredServer? = nil) async -> Report {
        var report = Report(time: now(), target: target, entry: entry)
        async let captured = capture?.look()
        async let log = clientLog(of: entry)
        let environment = await environmentFacts()
        let names = await names(of: target, environment)
        let addresses = Self.addresses(of: target, names)
        async let throughProxy = proxied(target, environment)
        let connect = ConnectionProbe(timeout: timeout)
        async let server = ServerProbe { await connect.connect(address: $0, port: $1) }
            .look(port: target.port, addresses: addresses, own: environment.addresses)
        let plan = RemotePlan(
            target: target, addresses: addresses, headers: Self.sendable(headers ?? entry?.headers ?? [:]), timeout: timeout, entryType: entry?.type,
            authorities: self.environment["NODE_EXTRA_CA_CERTS"], version: version)
        let remote = await RemoteProbes(now: now(), plan: plan).run()
        report.environment = environment
        report.names = names
        report.connections = remote.connections
        report.handshakes = remote.handshakes
        report.http = remote.http
        report.stream = remote.stream
        report.mcp = remote.mcp
        report.server = await server
        report.http.throughProxy = await throughProxy
        report.log = await log
        report.capture = await captured ?? CaptureFacts()
        return report
    }

    /// In the order in which most clients get them; what only a lookup without AI_ADDRCONFIG gives comes last.
    static func addresses(of target: Target, _ names: NameFacts) -> [InternetAddress] {
        if let literal = target.literal { return [literal] }
        var addresses: [InternetAddress] = []
        for address in (names.configured.value?.addresses ?? []) + (names.plain.value?.addresses ?? []) where !addresses.contains(address) {
            addresses.append(address)
        }
        return addresses
    }

    /// What cannot be sent is told by the rules, and must not look like the server's fault.
    private static func sendable(_ headers: [String: String]) -> [String: String] {
        headers.filter { HeaderField.isValid($0.key, $0.value) }
    }

    private func environmentFacts() async -> EnvironmentFacts {
        let probe = EnvironmentProbe(environment: environment, view: view)
        do {
            // It reads some twenty small files, which blocks.
            return try await NIOThreadPool.singleton.runIfActive { probe.look() }
        } catch {
            return EnvironmentFacts()
        }
    }

    private func clientLog(of entry: ConfiguredServer?) async -> ClaudeCodeLog? {
        guard let entry, let place = logs else { return nil }
        return try? await NIOThreadPool.singleton.runIfActive {
            ClaudeCodeLog.newest(of: entry.name, home: place.home, directory: place.directory, environment: environment)
        }
    }

    private func names(of target: Target, _ environment: EnvironmentFacts) async -> NameFacts {
        await NameProbe(lookupTimeout: timeout).ask(
            host: target.host, nameServers: environment.nameServers.value ?? [], searchList: environment.searchList,
            dotsBeforeSearch: environment.dotsBeforeSearch)
    }

    /// The request as a client sends it that follows the proxy variables (RFC 9112 section 3.2.2). Over TLS it would be a tunnel, which is not tried.
    private func proxied(_ destination: Target, _ environment: EnvironmentFacts) async -> Exchange? {
        guard !destination.isSecure, let proxy = ProxyRules.taken(destination, environment), let target = try? Target(proxy.address), !target.isSecure
        else {
            return nil
        }
        let names = await names(of: target, environment)
        guard let address = Self.addresses(of: target, names).first else {
            return Exchange(
                request: "GET /health", address: .any4, host: destination.authority, outcome: .failed("the proxy's name has no address"))
        }
        return await Peer(target: target, address: address).ask(
            .GET, "http://\(destination.authority)/health", host: destination.authority, ["Accept": "application/json"],
            until: .now() + TimeAmount(timeout))
    }
}
