import BinaryTesting
import ReachTesting
import Testing

/// The Docker part of the matrix of docs/network.md: every client by every address over both transports.
@Suite(
    "Reach in Docker", .enabled(if: Components.magenta != nil, "no magenta binary"), .enabled(Needs.docker) { await DockerEngine.isRunning })
struct DockerReachTests {
    static let clients = ContainerClient.allCases.filter { $0.missing == nil }

    /// A client that is missing leaves its cells out, and the matrix says so; ``DockerClientTests`` are skipped by name for it.
    private func recordMissing(in network: String) {
        for client in ContainerClient.allCases {
            guard let reason = client.missing else { continue }
            ReachCell(network: network, address: "*", transport: "*", client: client.rawValue).record(.skipped(reason: reason))
        }
    }

    static let loopbacks = ["127.0.0.1", "::1", "localhost"].map { (name: $0, host: $0) }

    @Test(
        "A client in another container reaches it by its service name and by every address", arguments: DockerNetwork.allCases)
    func serviceName(kind: DockerNetwork) async throws {
        recordMissing(in: kind.rawValue)
        try await Scratch.with { scratch in
            let engine = try await DockerEngine.shared()
            try await engine.withNetwork(kind) { network in
                // Docker's second name for a container has a dot, so it could be anybody's, and has to be allowed.
                let dotted = "mcp-server.\(network)"
                try await engine.withMagenta(network: network, in: scratch, ["-e", "MAGENTA_ALLOW_HOST=\(dotted)"]) { server in
                    var addresses = [("service name", "mcp-server"), ("name.network, allowed", dotted)]
                    addresses.append(("container's IPv4 address", try #require(try await server.address(isIPv6: false))))
                    let ipv6 = try await server.address(isIPv6: true)
                    #expect((ipv6 != nil) == (kind == .dualStack))
                    if let ipv6 { addresses.append(("container's IPv6 address", ipv6)) }
                    try await engine.withClient(network: network, in: scratch) { container in
                        for client in Self.clients {
                            try await client.reach(in: kind.rawValue, addresses, from: { try container.start($0, $1, in: scratch) }, scratch)
                        }
                    }
                }
            }
        }
    }

    @Test("A client on Docker's host reaches it by a port that is published on both loopback addresses", arguments: DockerNetwork.allCases)
    func publishedPort(kind: DockerNetwork) async throws {
        let place = "\(kind.rawValue), published port"
        recordMissing(in: place)
        try await Scratch.with { scratch in
            let engine = try await DockerEngine.shared()
            try await engine.withNetwork(kind) { network in
                let ports = ["-p", "127.0.0.1:8000:8000", "-p", "[::1]:8000:8000"]
                try await engine.withMagenta(network: network, in: scratch, ports) { _ in
                    for host in ["127.0.0.1", "[::1]"] { try await settled("http://\(host):8000/health", engine, scratch) }
                    for client in Self.clients {
                        try await client.reach(
                            in: place, Self.loopbacks,
                            from: { try engine.startOnHost($0, $1, in: scratch) }, scratch)
                    }
                }
            }
        }
    }

    /// Waits until Docker's proxy has got through once. It takes connections before the bridge knows the container's new IPv6 address, and
    /// then one may wait for longer than a client does; that is Docker's, and passes.
    private func settled(_ url: String, _ engine: DockerEngine, _ scratch: Scratch) async throws {
        guard ContainerClient.curl.missing == nil else { return }
        _ = try await eventually(within: .seconds(90), "an answer of \(url)") {
            let curl = try engine.startOnHost(["curl", "--silent", "--fail", "--max-time", "5", url], [:], in: scratch)
            return try await curl.exit() == .code(0) ? true : nil
        }
    }

    @Test("A client in another container reaches it where both use the host's network")
    func hostNetwork() async throws {
        let place = "Docker, host network"
        recordMissing(in: place)
        try await Scratch.with { scratch in
            let engine = try await DockerEngine.shared()
            try await engine.withMagenta(network: "host", in: scratch, ["-e", "MAGENTA_LISTEN=localhost:8000"]) { _ in
                try await engine.withClient(network: "host", in: scratch) { container in
                    for client in Self.clients {
                        try await client.reach(
                            in: place, Self.loopbacks, from: { try container.start($0, $1, in: scratch) }, scratch)
                    }
                }
            }
        }
    }
}

/// Skipped by name where a client is missing; its cells of the matrix are then missing too.
@Suite("Clients in a container", .enabled(Needs.docker) { await DockerEngine.isRunning })
struct DockerClientTests {
    @Test("curl runs in one", .enabled(if: ContainerClient.curl.missing == nil, Needs.client(.curl)))
    func curl() async throws {
        try await expect(["curl", "--version"], gives: "curl ")
    }

    @Test("Node runs in one", .enabled(if: ContainerClient.node.missing == nil, Needs.client(.node)))
    func node() async throws {
        try await expect([Components.node ?? "", "--version"], gives: "v")
    }

    @Test("The Python SDK runs in one", .enabled(if: ContainerClient.python.missing == nil, Needs.client(.python)))
    func python() async throws {
        try await expect([Components.pythonSDK(2) ?? "", "-c", "import mcp; print('mcp')"], gives: "mcp")
    }

    @Test("Claude Code runs in one", .enabled(if: ContainerClient.session.missing == nil, Needs.client(.session)))
    func claudeCode() async throws {
        try await expect([ClaudeCode.binary ?? "", "--version"], gives: "2.")
    }

    private func expect(_ command: [String], gives start: String) async throws {
        try await Scratch.with { scratch in
            let engine = try await DockerEngine.shared()
            try await engine.withClient(network: "none", in: scratch) { client in
                let version = try await client.output(of: command)
                #expect(version.hasPrefix(start), "\(version)")
            }
        }
    }
}
