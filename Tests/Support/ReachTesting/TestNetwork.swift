package import BinaryTesting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Two hosts on one link, a server and a client, and a name server between them: what a Compose network gives two containers.
///
/// It needs root, iproute2 and dnsmasq. Nothing of it is seen by the machine's own network, and nothing of it is left behind.
package struct TestNetwork: Sendable {
    package let shape: NetworkShape
    package let server: NetworkHost
    package let client: NetworkHost
    package let scratch: Scratch

    /// What this machine lacks for it; `nil` where nothing is missing.
    package static let missing: String? = {
        if getuid() != 0 { return "network namespaces need root" }
        let programs = ["ip", "nsenter", "unshare", "iptables", "dnsmasq", "curl"].filter { Components.program($0) == nil }
        if !programs.isEmpty { return "no \(programs.joined(separator: ", ")): scripts/bootstrap --tests installs what is missing" }
        return access("/run/netns", W_OK) == 0 || mkdir("/run/netns", 0o755) == 0 ? nil : "/run/netns cannot be written"
    }()

    package static let isAvailable = missing == nil

    /// Makes the network, runs `body` and takes the network away again, whatever `body` did.
    package static func with<Value>(_ shape: NetworkShape, _ body: (TestNetwork) async throws -> Value) async throws -> Value {
        try await Scratch.with { scratch in
            let name = "reach-\(getpid())-\(UInt32.random(in: 0...0xFF_FFFF))"
            let wrapper = shape == .kernelWithoutIPv6 ? [try await KernelWithoutIPv6.build(in: scratch)] : []
            func host(_ role: String) throws -> NetworkHost {
                NetworkHost(namespace: "\(name)-\(role)", etc: try writeFiles(role, shape, in: scratch), wrapper: wrapper, scratch: scratch)
            }
            let network = TestNetwork(shape: shape, server: try host("server"), client: try host("client"), scratch: scratch)
            do {
                try await run(network.setUp, in: scratch)
                let nameServer = try await network.startNameServer()
                let value = try await body(network)
                nameServer.send(SIGTERM)
                try await nameServer.exit()
                try await run(network.tearDown, in: scratch)
                return value
            } catch {
                // A task of its own, since a test that ran into its time limit is cancelled, and would cancel this too. What failed is
                // the news, and not what the clearing up says.
                await Task { try? await run(network.tearDown, in: scratch) }.value
                throw error
            }
        }
    }

    private static func writeFiles(_ role: String, _ shape: NetworkShape, in scratch: Scratch) throws -> String {
        // As in a container: the name of ::1 stays, also where the address does not.
        try scratch.write("127.0.0.1 localhost\n::1 localhost ip6-localhost\n", to: "\(role)/hosts")
        let nameServer = shape.hasIPv4 ? NetworkAddress.serverIPv4 : NetworkAddress.serverIPv6
        try scratch.write("nameserver \(nameServer)\noptions timeout:2 attempts:1\n", to: "\(role)/resolv.conf")
        try scratch.write("passwd: files\ngroup: files\nhosts: files dns\n", to: "\(role)/nsswitch.conf")
        return scratch.path(role)
    }

    private static func run(_ script: String, in scratch: Scratch) async throws {
        let process = try ChildProcess(["/bin/sh", "-ec", script], environment: ["PATH": NetworkHost.path], in: scratch)
        let status = try await process.exit()
        guard status == .code(0) else { throw TestFailure("\(status): \(process.errorText)\n\(script)") }
    }

    private var setUp: String {
        var lines: [String] = [Self.sweep]
        let hosts = [
            (server, NetworkAddress.serverIPv4, NetworkAddress.serverIPv6), (client, NetworkAddress.clientIPv4, NetworkAddress.clientIPv6),
        ]
        func write(_ sysctls: [String: String], on host: NetworkHost) {
            for (key, value) in sysctls {
                lines.append("nsenter --net=/run/netns/\(host.namespace) sh -c 'echo \(value) >/proc/sys/\(key)'")
            }
        }
        for (host, _, _) in hosts {
            lines.append("ip netns add \(host.namespace)")
            lines.append("ip -n \(host.namespace) link set lo up")
            write(shape.sysctls, on: host)
            if !shape.hasIPv4 { lines.append("ip -n \(host.namespace) address del 127.0.0.1/8 dev lo") }
        }
        lines.append("ip link add eth0 netns \(server.namespace) type veth peer name eth0 netns \(client.namespace)")
        for (host, ipv4, ipv6) in hosts {
            write(shape.linkSysctls, on: host)
            // Programs of a kernel without IPv6 see none, whatever the real kernel has.
            if shape.hasIPv4 { lines.append("ip -n \(host.namespace) address add \(ipv4)/24 dev eth0") }
            if shape.hasIPv6 { lines.append("ip -n \(host.namespace) address add \(ipv6)/64 dev eth0 nodad") }
            lines.append("ip -n \(host.namespace) link set eth0 up")
        }
        return lines.joined(separator: "\n")
    }

    /// Namespaces of a test run that was killed: their process is gone.
    private static let sweep = """
        for path in /run/netns/reach-*; do
            name=${path##*/}; rest=${name#reach-}; pid=${rest%%-*}
            if [ -e "$path" ] && [ ! -e "/proc/$pid" ]; then ip netns del "$name" || true; fi
        done
        """

    private var tearDown: String {
        [server, client].map { "if [ -e /run/netns/\($0.namespace) ]; then ip netns del \($0.namespace); fi" }.joined(separator: "\n")
    }

    private func startNameServer() async throws -> ChildProcess {
        let records = NetworkAddress.records(shape).map { "\($0.address) \($0.name)\n" }.joined()
        let addresses = (shape.hasIPv4 ? [NetworkAddress.serverIPv4] : []) + (shape.hasIPv6 ? [NetworkAddress.serverIPv6] : [])
        let real = NetworkHost(namespace: server.namespace, etc: server.etc, wrapper: [], scratch: scratch)
        let process = try real.start(
            ["dnsmasq", "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root"]
                // Unknown names do not exist, and a known one without an address of the family has none: what Docker's server says.
                + ["--local=/#/", "--pid-file", "--bind-interfaces", "--listen-address=\(addresses.joined(separator: ","))"]
                + ["--addn-hosts=\(try scratch.write(records, to: "records"))"])
        _ = try await eventually(within: .seconds(10), "dnsmasq to have read its names") {
            if let status = process.exitStatus { throw TestFailure("dnsmasq ended with \(status): \(process.errorText)") }
            return process.errorText.contains("read \(scratch.path("records"))") ? true : nil
        }
        return process
    }

    /// Gives the server the addresses behind `dead-v6` and `dead-v4`, and a firewall that drops what comes for them.
    package func dropSilentAddresses() async throws {
        if shape.hasIPv4 {
            try await server.output(of: ["ip", "address", "add", "\(NetworkAddress.silentIPv4)/24", "dev", "eth0"])
            try await server.firewall(.drop, to: NetworkAddress.silentIPv4)
        }
        if shape.hasIPv6 {
            try await server.output(of: ["ip", "address", "add", "\(NetworkAddress.silentIPv6)/64", "dev", "eth0", "nodad"])
            try await server.firewall(.drop, to: NetworkAddress.silentIPv6)
        }
    }
}
