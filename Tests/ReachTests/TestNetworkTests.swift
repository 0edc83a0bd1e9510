import BinaryTesting
import FoundationEssentials
import ReachTesting
import Testing

/// That the networks of the tests are what they are said to be.
@Suite("A network of two hosts", .enabled(if: TestNetwork.isAvailable, "\(TestNetwork.missing ?? "")"))
struct TestNetworkTests {
    @Test("Answers names by the families that it has", arguments: NetworkShape.possible)
    func names(shape: NetworkShape) async throws {
        try await TestNetwork.with(shape) { network in
            let ipv4 = shape.hasIPv4 ? [NetworkAddress.serverIPv4] : []
            let ipv6 = shape.hasIPv6 ? [NetworkAddress.serverIPv6] : []
            for (name, expected) in [("mcp-server", ipv6 + ipv4), ("v4-name", ipv4), ("v6-name", ipv6), ("no-such-name", [])] {
                let seen = try await network.client.run(["getent", "ahosts", name])
                let addresses = Set(seen.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
                #expect(addresses == Set(expected), "\(name): \(seen)")
                #expect((seen.status == .code(0)) == !expected.isEmpty, "\(name): \(seen)")
            }
        }
    }

    @Test("Is taken away when a test fails, with every process in it")
    func failure() async throws {
        struct Failure: Error {}
        var seen: (namespaces: [String], pid: Int32)?
        await #expect(throws: Failure.self) {
            try await TestNetwork.with(.dualStack) { network in
                let process = try network.server.start(["sleep", "60"])
                seen = ([network.server.namespace, network.client.namespace], process.pid)
                throw Failure()
            }
        }
        let (namespaces, pid) = try #require(seen)
        for namespace in namespaces { #expect(!FileManager.default.fileExists(atPath: "/run/netns/\(namespace)")) }
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"))
    }

    /// What connect(2) of the client gives for each thing that a firewall may do.
    @Test(
        "Has firewalls that drop, refuse and prohibit, by both families",
        .enabled(if: Components.python != nil, "no python3"),
        arguments: [
            (NetworkHost.FirewallTarget.drop, "TimeoutError", "TimeoutError"), (.reject, "ECONNREFUSED", "ECONNREFUSED"),
            (.prohibit, "EHOSTUNREACH", "EACCES"),
        ])
    func firewall(target: NetworkHost.FirewallTarget, ipv4: String, ipv6: String) async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve()
            for (address, expected) in [(NetworkAddress.serverIPv4, ipv4), (NetworkAddress.serverIPv6, ipv6)] {
                #expect(try await connect(to: address, on: network) == "connected")
                try await network.server.firewall(target, to: address, port: 8000)
                #expect(try await connect(to: address, on: network) == expected, "\(address)")
            }
            try await server.stop()
        }
    }

    private func connect(to address: String, on network: TestNetwork) async throws -> String {
        // A rejected IPv6 packet takes the kernel a second to be told of.
        let script = """
            import errno, socket, sys
            try:
                socket.create_connection((sys.argv[1], 8000), timeout=2)
                print("connected", end="")
            except OSError as error:
                print(errno.errorcode.get(error.errno, type(error).__name__), end="")
            """
        return try await network.client.output(of: ["python3", "-c", script, address])
    }
}
